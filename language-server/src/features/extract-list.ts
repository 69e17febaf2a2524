import { nameIndexOf } from '@gatehouse/policy-schema/names/name-index.ts';
import type { TextEdit, TextRange } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import { addEntry, replace } from '@gatehouse/policy-schema/syntax/edits.ts';
import { entryOf, type SequenceNode, type SyntaxNode } from '@gatehouse/policy-schema/syntax/tree.ts';
import type { Desk } from '../desk.ts';
import type { OwnAction } from './code-actions.ts';

/** Keys whose items are patterns, which a list may stand for. */
const listed: ReadonlySet<string> = new Set([
  'tables',
  'columns',
  'functions',
  'parameters',
  'names',
  'to',
  'agents',
]);

/** A change that gives the patterns around the cursor a name of their own. No request gets another answer. */
export function extractList(desk: Desk, name: string, { start }: TextRange): readonly OwnAction[] {
  const file = desk.files.get(name);
  if (file?.kind !== 'Policy' || file.parsed.root?.kind !== 'mapping') return [];
  const { root, source } = file.parsed;
  const found = patternsAt(root, start);
  if (found === undefined) return [];
  const { key, list } = found;
  const items = list.items.map((item) => source.text.slice(item.range.start, item.range.end));
  const taken = new Set(
    nameIndexOf(desk.files)
      .ofKind('list')
      .map((place) => place.name),
  );
  const own = freeName(key, taken);
  const patterns = `[${items.join(', ')}]`;
  const lists = entryOf(root, 'lists')?.value;
  const declared: TextEdit =
    lists?.kind === 'mapping'
      ? addEntry(source, lists, own, patterns)
      : addEntry(source, root, 'lists', `{ ${own}: ${patterns} }`);
  return [
    {
      title: `Name these ${items.length} patterns as a list`,
      kind: 'refactor',
      edits: [replace(source, rangeOf(source.text, list), `[$${own}]`), declared],
    },
  ];
}

/** The list of several plain patterns at an offset, with the key that holds it. */
function patternsAt(
  node: SyntaxNode,
  offset: number,
): { readonly key: string; readonly list: SequenceNode } | undefined {
  if (node.kind === 'sequence') {
    for (const item of node.items) if (covers(item.range, offset)) return patternsAt(item, offset);
    return undefined;
  }
  if (node.kind !== 'mapping') return undefined;
  for (const { key, keyRange, value } of node.entries) {
    if (key === 'lists' || !covers({ start: keyRange.start, end: value.range.end }, offset)) continue;
    const isPatterns =
      listed.has(key) &&
      value.kind === 'sequence' &&
      value.items.length > 1 &&
      value.items.every(
        (item) => item.kind === 'scalar' && typeof item.value === 'string' && !item.value.startsWith('$'),
      );
    return isPatterns ? { key, list: value } : patternsAt(value, offset);
  }
  return undefined;
}

/** Of lines the first dash to the last item, so that what stands below keeps its line. */
function rangeOf(text: string, { range }: SequenceNode): TextRange {
  return { start: range.start, end: range.start + text.slice(range.start, range.end).trimEnd().length };
}

function covers({ start, end }: TextRange, offset: number): boolean {
  return start <= offset && offset <= end;
}

function freeName(key: string, taken: ReadonlySet<string>): string {
  const base = key === 'to' ? 'resources' : key;
  let name = base;
  for (let count = 2; taken.has(name); count++) name = `${base}-${count}`;
  return name;
}
