import { isDeepStrictEqual } from 'node:util';
import { findNodeAtLocation, getNodeValue, type Node } from 'jsonc-parser';
import { isEmptyAt, parsed, withElement, without, withMember } from './json-edits.ts';
import type { Splice, Spliced } from './splices.ts';

/** One thing of ours in a JSON file. `isOurs` knows it again also where an earlier version wrote it. */
export interface JsonEntry {
  readonly kind: 'member' | 'element';
  /** Of the member; of the array that holds the element. */
  readonly path: readonly string[];
  readonly value: unknown;
  readonly isOurs: (found: unknown) => boolean;
}

export type Outcome =
  | {
      readonly kind: 'done';
      readonly text: string;
      readonly splices: readonly Splice[];
      /** Objects and arrays that were not there before, by their paths. */
      readonly made: readonly (readonly string[])[];
    }
  /** Nothing can be done with this file; `problem` says what to do. */
  | { readonly kind: 'refused'; readonly problem: string };

/** Whether all entries stand in the text as they are meant. */
export function holdsEntries(text: string, entries: readonly JsonEntry[]): boolean {
  const tree = parsed(text.replace(/^\uFEFF/, ''));
  if (!('root' in tree)) return false;
  return entries.every(({ kind, path, value }) => {
    const found = valueAt(tree.root, path);
    return kind === 'member'
      ? isDeepStrictEqual(found, value)
      : Array.isArray(found) && found.some((element) => isDeepStrictEqual(element, value));
  });
}

/** Add the entries to a text that holds none of ours. An empty text counts as the object `start`. */
export function withEntries(
  text: string,
  entries: readonly JsonEntry[],
  start: Readonly<Record<string, unknown>> = {},
): Outcome {
  const bom = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const body = text.slice(bom.length);
  let spliced: Spliced = { text: body, splices: [] };
  if (body.trim() === '') {
    const fresh = `${JSON.stringify(start, undefined, 2)}\n`;
    spliced = { text: fresh, splices: [{ offset: 0, removed: body, inserted: fresh }] };
  }
  const problem = problemOf(spliced.text, entries);
  if (problem !== undefined) return { kind: 'refused', problem };
  const made: (readonly string[])[] = [];
  for (const { kind, path, value } of entries) {
    const containers = kind === 'member' ? path.slice(0, -1) : path;
    for (let depth = 1; depth <= containers.length; depth++) {
      const container = containers.slice(0, depth);
      if (isThere(spliced.text, container)) continue;
      const isArray = kind === 'element' && depth === containers.length;
      spliced = withMember(spliced, container.slice(0, -1), container.at(-1) ?? '', isArray ? [] : {});
      made.push(container);
    }
    spliced =
      kind === 'member'
        ? withMember(spliced, containers, path.at(-1) ?? '', value)
        : withElement(spliced, containers, value);
  }
  const shifted = spliced.splices.map((each) => ({ ...each, offset: each.offset + bom.length }));
  return { kind: 'done', text: bom + spliced.text, splices: shifted, made };
}

/** Take out what is ours, and the containers that were made for it where nothing else came into them. */
export function withoutEntries(
  text: string,
  entries: readonly JsonEntry[],
  made: readonly (readonly string[])[],
): Outcome {
  const bom = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  let spliced: Spliced = { text: text.slice(bom.length), splices: [] };
  if (spliced.text.trim() === '') return { kind: 'done', text, splices: [], made: [] };
  const tree = parsed(spliced.text);
  if ('mistake' in tree) return { kind: 'refused', problem: invalid(spliced.text, tree.mistake) };
  for (const entry of entries) {
    for (let path = ours(spliced.text, entry); path !== undefined; path = ours(spliced.text, entry))
      spliced = without(spliced, path);
  }
  for (const path of made.toSorted((one, other) => other.length - one.length))
    if (isEmptyAt(spliced.text, path)) spliced = without(spliced, path);
  return { kind: 'done', text: bom + spliced.text, splices: [], made: [] };
}

/** The path of something of ours in the text. */
function ours(text: string, { kind, path, isOurs }: JsonEntry): readonly (string | number)[] | undefined {
  const tree = parsed(text);
  if (!('root' in tree)) return undefined;
  const found = valueAt(tree.root, path);
  if (kind === 'member') return found !== undefined && isOurs(found) ? path : undefined;
  const index = Array.isArray(found) ? found.findIndex(isOurs) : -1;
  return index === -1 ? undefined : [...path, index];
}

function problemOf(text: string, entries: readonly JsonEntry[]): string | undefined {
  const tree = parsed(text);
  if ('mistake' in tree) return invalid(text, tree.mistake);
  for (const { kind, path } of entries) {
    for (let depth = 0; depth <= path.length; depth++) {
      const node = findNodeAtLocation(tree.root, path.slice(0, depth));
      if (node === undefined) break;
      const wanted = depth < path.length ? 'object' : kind === 'element' ? 'array' : undefined;
      const name = path.slice(0, depth).join('.') || 'the whole';
      if (depth === path.length && kind === 'member')
        return `it already has ${name}, which Gatehouse did not write. Rename or remove that first.`;
      if (wanted !== undefined && node.type !== wanted)
        return `${name} is no ${wanted} in it, so Gatehouse leaves it alone. Mend it by hand first.`;
    }
  }
  return undefined;
}

function invalid(text: string, offset: number): string {
  const line = text.slice(0, offset).split('\n').length;
  return `it is no valid JSON (line ${line}), so Gatehouse leaves it alone. Mend it by hand first.`;
}

function valueAt(root: Node, path: readonly string[]): unknown {
  const node = findNodeAtLocation(root, [...path]);
  // A copy, as the library's objects have no prototype, and would equal none of ours.
  return node === undefined ? undefined : (structuredClone(getNodeValue(node)) as unknown);
}

function isThere(text: string, path: readonly string[]): boolean {
  const tree = parsed(text);
  return 'root' in tree && findNodeAtLocation(tree.root, [...path]) !== undefined;
}
