/**
 * Named lists of patterns. A policy file makes them below `lists:`, and every policy file of the workspace may use one as
 * `$name` wherever it may write a pattern of names. They are opened up while files are loaded: nothing that decides ever
 * sees one.
 */
import type { TextRange } from '../syntax/diagnostic.ts';
import type { ParsedYaml } from '../syntax/parse-yaml.ts';
import type { SourceFile } from '../syntax/source.ts';
import { entryOf, type SyntaxNode } from '../syntax/tree.ts';

/** An item of a list: a pattern, or `$name` for another list. */
export interface ListItem {
  readonly text: string;
  readonly range: TextRange;
}

/** A list as a file makes it. */
export interface DeclaredList {
  readonly name: string;
  readonly file: string;
  readonly keyRange: TextRange;
  readonly items: readonly ListItem[];
}

/** A pattern that a list stands for, with where it is written. */
export interface ListedPattern {
  readonly pattern: string;
  readonly list: DeclaredList;
  readonly item: ListItem;
}

/** How many items of lists one file may open up, all uses together; bounds what lists of lists can grow to. */
export const maxListedItems = 50_000;

/** The name of the list that an item stands for; undefined for a pattern. */
export function listNamed(item: string): string | undefined {
  return item.startsWith('$') && !item.startsWith('$$') ? item.slice(1) : undefined;
}

/** The pattern that an item stands for which names no list: `$$` at its start is for a `$` of the name itself. */
export function patternOf(item: string): string {
  return item.startsWith('$$') ? item.slice(1) : item;
}

const kept = new WeakMap<SyntaxNode, readonly DeclaredList[]>();

/** The lists that a file makes, as far as it can be read. */
export function declaredLists({ tree, source }: ParsedYaml): readonly DeclaredList[] {
  if (tree === undefined) return [];
  let lists = kept.get(tree);
  if (lists === undefined) {
    lists = readLists(tree, source);
    kept.set(tree, lists);
  }
  return lists;
}

function readLists(tree: SyntaxNode, { file }: SourceFile): readonly DeclaredList[] {
  const lists = entryOf(tree, 'lists')?.value;
  if (lists?.kind !== 'mapping') return [];
  return lists.entries.map(({ key, keyRange, value }) => ({
    name: key,
    file,
    keyRange,
    items:
      value.kind === 'sequence'
        ? value.items.flatMap((item) =>
            item.kind === 'scalar' && typeof item.value === 'string'
              ? [{ text: item.value, range: item.range }]
              : [],
          )
        : [],
  }));
}

/** The lists of all policy files of a workspace. A value: a change of any list makes a new one. */
export class Lists {
  /** In the order of the files and places. Of several with one name the first counts, and the others are errors. */
  readonly declared: readonly DeclaredList[];
  readonly #byName = new Map<string, DeclaredList>();
  #circular: ReadonlySet<DeclaredList> | undefined;

  constructor(declared: readonly DeclaredList[]) {
    this.declared = declared;
    for (const list of declared) if (!this.#byName.has(list.name)) this.#byName.set(list.name, list);
  }

  /** @param files In the order of their names */
  static of(files: readonly ParsedYaml[]): Lists {
    return new Lists(files.flatMap(declaredLists));
  }

  get(name: string): DeclaredList | undefined {
    return this.#byName.get(name);
  }

  get names(): readonly string[] {
    return [...this.#byName.keys()];
  }

  /**
   * All patterns that a list stands for, those of its lists included, each list's once. Lists that do not exist or lead in a
   * circle add nothing: they are errors where they are made.
   * @param count is called for each item that is looked at, and ends the search with `false`
   */
  patterns(name: string, count: () => boolean = () => true): readonly ListedPattern[] {
    const found: ListedPattern[] = [];
    const seen = new Set<DeclaredList>();
    const start = this.#byName.get(name);
    const open = start ? [start] : [];
    for (let list = open.pop(); list !== undefined; list = open.pop()) {
      if (seen.has(list)) continue;
      seen.add(list);
      for (const item of list.items) {
        if (!count()) return found;
        const inner = listNamed(item.text);
        if (inner === undefined) found.push({ pattern: patternOf(item.text), list, item });
        else {
          const next = this.#byName.get(inner);
          if (next) open.push(next);
        }
      }
    }
    return found;
  }

  /** Whether an item of a list leads back to the list. */
  isCircular(list: DeclaredList, item: ListItem): boolean {
    const inner = this.#byName.get(listNamed(item.text) ?? '');
    this.#circular ??= circularLists(this.#byName);
    return inner !== undefined && this.#circular.has(list) && this.#circular.has(inner);
  }

  /** Whether the same names stand for the same texts; where they stand may differ. */
  sameAs(other: Lists): boolean {
    return (
      this === other ||
      (this.declared.length === other.declared.length &&
        this.declared.every((list, index) => sameList(list, other.declared[index])))
    );
  }
}

export const noLists = new Lists([]);

function sameList(one: DeclaredList, other: DeclaredList | undefined): boolean {
  return (
    one === other ||
    (one.name === other?.name &&
      one.file === other.file &&
      one.items.length === other.items.length &&
      one.items.every(({ text }, index) => text === other.items[index]?.text))
  );
}

/** What is left when lists are taken away that lead nowhere, or that nothing leads to, as long as there are any. */
function circularLists(byName: ReadonlyMap<string, DeclaredList>): ReadonlySet<DeclaredList> {
  const to = new Map<DeclaredList, Set<DeclaredList>>();
  const from = new Map<DeclaredList, Set<DeclaredList>>();
  for (const list of byName.values()) {
    to.set(list, new Set());
    from.set(list, new Set());
  }
  for (const list of byName.values()) {
    for (const { text } of list.items) {
      const inner = byName.get(listNamed(text) ?? '');
      if (inner === undefined) continue;
      to.get(list)?.add(inner);
      from.get(inner)?.add(list);
    }
  }
  const left = new Set(byName.values());
  const trim = (ahead: typeof to, back: typeof to): void => {
    const done = [...left].filter((list) => ahead.get(list)?.size === 0);
    for (let list = done.pop(); list !== undefined; list = done.pop()) {
      left.delete(list);
      for (const before of back.get(list) ?? []) {
        const rest = ahead.get(before);
        if (rest?.delete(list) === true && rest.size === 0 && left.has(before)) done.push(before);
      }
    }
  };
  trim(to, from);
  for (const [list, before] of from) from.set(list, new Set([...before].filter((each) => left.has(each))));
  trim(from, to);
  return left;
}
