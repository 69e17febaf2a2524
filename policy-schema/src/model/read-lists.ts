import type { RelatedPlace } from '../syntax/diagnostic.ts';
import type { ParsedYaml } from '../syntax/parse-yaml.ts';
import { suggest } from '../syntax/suggest.ts';
import type { Path } from '../syntax/tree.ts';
import type { FileReader } from './file-reader.ts';
import { declaredLists, listNamed, type Lists, maxListedItems, patternOf } from './lists.ts';
import { patternFault } from './pattern-faults.ts';

/** Opens up the named lists of one file, and complains where one cannot stand. */
export class ListReader {
  readonly #reader: FileReader;
  readonly #lists: Lists;
  #left = maxListedItems;

  constructor(reader: FileReader, lists: Lists) {
    this.#reader = reader;
    this.#lists = lists;
  }

  /**
   * The patterns that the items of a list in the file stand for.
   * @param path Where the list stands
   * @param segments How many dotted segments each name has that the patterns are held against; absent: any text.
   */
  patterns(path: Path, items: readonly string[], segments?: number): readonly string[] {
    if (!items.some((item) => item.startsWith('$'))) {
      items.forEach((item, index) => {
        this.#check([...path, index], item, segments);
      });
      return items;
    }
    const found = items.flatMap((item, index) => {
      const at = [...path, index];
      const name = listNamed(item);
      if (name !== undefined) return this.#open(at, name, segments);
      const pattern = patternOf(item);
      this.#check(at, pattern, segments);
      return [pattern];
    });
    return [...new Set(found)];
  }

  /** Complain about items of lists that the file itself makes. */
  declarations(parsed: ParsedYaml): void {
    for (const list of declaredLists(parsed)) {
      list.items.forEach((item, index) => {
        const at = ['lists', list.name, index];
        const inner = listNamed(item.text);
        if (inner === undefined) this.#check(at, patternOf(item.text));
        else if (this.#lists.get(inner) === undefined) this.#unknown(at, inner);
        else if (this.#lists.isCircular(list, item)) {
          const message = `\`$${inner}\` leads back to \`${list.name}\`, so what they hold has no end. Remove one of the two.`;
          this.#reader.fault(at, 'circular-list', message);
        }
      });
    }
  }

  /** Lists stand for names; elsewhere `$name` would match nothing. */
  refuse(path: Path, items: readonly string[] | undefined): void {
    items?.forEach((item, index) => {
      const name = listNamed(item);
      if (name === undefined || this.#lists.get(name) === undefined) return;
      const message = `\`$${name}\` is a list, and lists stand only below \`applies.to\`, \`applies.agents\`, the patterns of a rule and the columns of a mask. Write the names.`;
      this.#reader.fault([...path, index], 'bad-pattern', message);
    });
  }

  #check(at: Path, pattern: string, segments?: number): void {
    const fault = patternFault(pattern, segments);
    if (fault !== undefined) this.#reader.fault(at, 'bad-pattern', fault);
  }

  #unknown(at: Path, name: string): void {
    const meant = suggest(name, this.#lists.names);
    const hint =
      meant === undefined
        ? ` Make it below \`lists\`, or write \`$$${name}\` for a name that begins with \`$\`.`
        : ` Did you mean \`$${meant}\`?`;
    this.#reader.fault(at, 'unknown-list', `There is no list \`${name}\`.${hint}`);
  }

  #open(at: Path, name: string, segments: number | undefined): readonly string[] {
    if (this.#lists.get(name) === undefined) {
      this.#unknown(at, name);
      return [];
    }
    const listed = this.#lists.patterns(name, () => --this.#left >= 0);
    if (this.#left < 0) {
      const message = `The lists of this file stand for more than ${maxListedItems} patterns. Use patterns with \`*\`, or split the file.`;
      this.#reader.fault(at, 'out-of-range', message);
      return [];
    }
    const related: RelatedPlace[] = [];
    let first: string | undefined;
    for (const { pattern, list, item } of listed) {
      const fault = patternFault(pattern, segments);
      if (fault === undefined) continue;
      first ??= `\`${pattern}\`: ${fault}`;
      related.push({ file: list.file, ...item.range, message: `\`${pattern}\` cannot stand there.` });
    }
    if (first !== undefined) {
      const message = `The list \`${name}\` holds a pattern that cannot stand here, ${first}`;
      this.#reader.fault(at, 'bad-pattern', message, { related: related.slice(0, maxRelated) });
    }
    return listed.map(({ pattern }) => pattern);
  }
}

/** More of them help no one. */
const maxRelated = 10;
