import { compilePattern } from '../model/pattern.ts';
import type { NameKind } from '../model/names.ts';
import type { FileKind } from '../model/validate.ts';
import type { SyntaxNode } from '../syntax/tree.ts';
import { fileNames, type FileNames, type ListPurpose, listedNames, type NamePlace } from './names-of.ts';

/** What the index needs of a file. */
export interface NamedFile {
  readonly file: string;
  readonly kind: FileKind;
  readonly tree: SyntaxNode | undefined;
}

interface Shelves {
  readonly byName: ReadonlyMap<string, readonly NamePlace[]>;
  readonly byKind: ReadonlyMap<NameKind, readonly NamePlace[]>;
}

const shelved = new WeakMap<readonly NamePlace[], Shelves>();

/** The places of one file in order. Those of files that stay are the same ones after an edit. */
function shelvesOf(places: readonly NamePlace[]): Shelves {
  let shelves = shelved.get(places);
  if (shelves === undefined) {
    const byName = new Map<string, NamePlace[]>();
    const byKind = new Map<NameKind, NamePlace[]>();
    for (const place of places) {
      add(byName, keyOf(place.kind, place.name), place);
      add(byKind, place.kind, place);
    }
    shelves = { byName, byKind };
    shelved.set(places, shelves);
  }
  return shelves;
}

/** All names of a workspace. A value, made from what is kept of each file. */
export class NameIndex {
  readonly #byFile = new Map<string, readonly NamePlace[]>();
  readonly #byKind = new Map<NameKind, readonly NamePlace[]>();

  constructor(files: Iterable<NamedFile>) {
    const named = [...files].map((each) => ({ ...each, names: fileNames(each.file, each.kind, each.tree) }));
    const purposes = purposesOf(named.map(({ names }) => names));
    for (const { file, names } of named) {
      const listed = names.listed.flatMap((item) =>
        [...(purposes.get(item.list) ?? [])].flatMap((purpose) => listedNames(file, item, purpose)),
      );
      const places = listed.length === 0 ? names.places : [...names.places, ...listed];
      this.#byFile.set(file, places);
    }
  }

  /** All names in a file. */
  inFile(file: string): readonly NamePlace[] {
    return this.#byFile.get(file) ?? [];
  }

  /** Every place with exactly this name, patterns of the same text included. */
  named(kind: NameKind, name: string): readonly NamePlace[] {
    const key = keyOf(kind, name);
    return [...this.#byFile.values()].flatMap((places) => shelvesOf(places).byName.get(key) ?? []);
  }

  definitions(kind: NameKind, name: string): readonly NamePlace[] {
    return this.named(kind, name).filter(({ role }) => role === 'definition');
  }

  /** All places that make or use a kind of name. */
  ofKind(kind: NameKind): readonly NamePlace[] {
    let places = this.#byKind.get(kind);
    if (places === undefined) {
      places = [...this.#byFile.values()].flatMap((each) => shelvesOf(each).byKind.get(kind) ?? []);
      this.#byKind.set(kind, places);
    }
    return places;
  }

  /** Patterns that a name matches. */
  patternsFor(kind: NameKind, name: string): readonly NamePlace[] {
    return this.ofKind(kind).filter((place) => place.role === 'pattern' && matches(place, name));
  }

  /** What a pattern is for, among the names that are made in the files. */
  matchedBy(pattern: NamePlace): readonly NamePlace[] {
    return this.ofKind(pattern.kind).filter(
      (place) => place.role === 'definition' && matches(pattern, place.name),
    );
  }

  /** The name at an offset, the shortest of several; `$` and `group:` in front of one, and its quotes, belong to it. */
  at(file: string, offset: number): NamePlace | undefined {
    const inside = ({ start, end }: { start: number; end: number }) => start <= offset && offset <= end;
    const places = this.inFile(file);
    const exact = shortest(places.filter(inside));
    if (exact !== undefined) return exact;
    return shortest(
      places.filter(({ spelling }) => {
        if (spelling.kind === 'key') return inside(spelling.keyRange);
        if (spelling.kind === 'value') return inside(spelling.scalar.range);
        return false;
      }),
    );
  }
}

const kept = new WeakMap<object, NameIndex>();

/** The index of a workspace's files, made once for each map of them. */
export function nameIndexOf(files: ReadonlyMap<string, NamedFile>): NameIndex {
  let index = kept.get(files);
  if (index === undefined) {
    index = new NameIndex(files.values());
    kept.set(files, index);
  }
  return index;
}

function matches(pattern: NamePlace, name: string): boolean {
  if (pattern.kind !== 'label') return compilePattern(pattern.name)(name);
  // A label's key stands for itself.
  const equals = pattern.name.indexOf('=');
  const key = pattern.name.slice(0, equals + 1);
  return (
    equals !== -1 &&
    name.startsWith(key) &&
    compilePattern(pattern.name.slice(equals + 1))(name.slice(key.length))
  );
}

/** What each list is used for, by its own name or by those that hold it. */
function purposesOf(files: readonly FileNames[]): ReadonlyMap<string, ReadonlySet<ListPurpose['purpose']>> {
  const open = files.flatMap(({ purposes }) => purposes);
  const found = new Map<string, Set<ListPurpose['purpose']>>();
  if (open.length === 0) return found;
  const inner = new Map<string, Set<string>>();
  for (const { places } of files) {
    for (const { kind, name, holder, role } of places) {
      if (kind !== 'list' || role === 'definition' || holder.kind !== 'list') continue;
      const lists = inner.get(holder.name) ?? new Set();
      inner.set(holder.name, lists.add(name));
    }
  }
  for (let each = open.pop(); each !== undefined; each = open.pop()) {
    const { list, purpose } = each;
    const own = found.get(list) ?? new Set();
    if (own.has(purpose)) continue;
    found.set(list, own.add(purpose));
    for (const next of inner.get(list) ?? []) open.push({ list: next, purpose });
  }
  return found;
}

function keyOf(kind: NameKind, name: string): string {
  return `${kind} ${name}`;
}

function add<Key>(map: Map<Key, NamePlace[]>, key: Key, place: NamePlace): void {
  const places = map.get(key);
  if (places === undefined) map.set(key, [place]);
  else places.push(place);
}

function shortest(places: readonly NamePlace[]): NamePlace | undefined {
  return places.reduce<NamePlace | undefined>(
    (best, place) => (best === undefined || place.end - place.start < best.end - best.start ? place : best),
    undefined,
  );
}
