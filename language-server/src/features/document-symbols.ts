import type { FileKind } from '@gatehouse/policy-schema/model/validate.ts';
import type { TextRange } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import {
  entryOf,
  type MappingEntry,
  type MappingNode,
  type SyntaxNode,
} from '@gatehouse/policy-schema/syntax/tree.ts';
import type { Desk, DeskFile } from '../desk.ts';

export type SymbolKind =
  | 'workspace'
  | 'policy'
  | 'rule'
  | 'mask'
  | 'list'
  | 'limits'
  | 'budget'
  | 'bound'
  | 'resource'
  | 'group'
  | 'test';

export interface FileSymbol {
  readonly kind: SymbolKind;
  readonly name: string;
  /** A rule's effect, what a mask makes of a column, how many patterns a list has, a bound's value, where a resource is. */
  readonly detail?: string;
  /** All of it. */
  readonly range: TextRange;
  /** Its name, inside of the range. */
  readonly head: TextRange;
  readonly children: readonly FileSymbol[];
}

/** What a file makes, as a tree: one policy with its rules, masks, lists and bounds, or the resources and groups. */
export function documentSymbols(desk: Desk, name: string): readonly FileSymbol[] {
  const file = desk.files.get(name);
  return file?.tree?.kind === 'mapping' ? [fileSymbol(file, file.tree)] : [];
}

const kept = new WeakMap<MappingNode, FileSymbol>();

function fileSymbol(file: DeskFile, root: MappingNode): FileSymbol {
  let symbol = kept.get(root);
  if (symbol === undefined) {
    symbol = symbolMakers[file.kind](file, root);
    kept.set(root, symbol);
  }
  return symbol;
}

const symbolMakers: Readonly<Record<FileKind, (file: DeskFile, root: MappingNode) => FileSymbol>> = {
  Policy: policySymbol,
  Workspace: workspaceSymbol,
  Test: testsSymbol,
};

function testsSymbol(file: DeskFile, root: MappingNode): FileSymbol {
  return symbolOf({
    kind: 'workspace',
    name: 'Tests',
    range: { start: 0, end: file.text.length },
    head: root.entries[0]?.keyRange ?? root.range,
    children: [...itemsOf(root, 'cases'), ...itemsOf(root, 'matrices')].flatMap((node) =>
      node.kind === 'mapping'
        ? [named(node, 'test', { name: textOf(node, 'name') ?? 'test', detail: expectedOf(node) })]
        : [],
    ),
  });
}

function expectedOf(test: MappingNode): string {
  const expected = entryOf(test, 'expect')?.value;
  return (expected && textOf(expected, 'decision')) ?? '';
}

function policySymbol(file: DeskFile, root: MappingNode): FileSymbol {
  const name = entryOf(root, 'name');
  const mode = textOf(root, 'mode');
  return symbolOf({
    kind: 'policy',
    name: textOf(root, 'name') ?? file.file,
    ...(mode !== undefined && { detail: mode }),
    range: { start: 0, end: file.text.length },
    head: name ? valueRange(name) : root.range,
    children: [
      ...entriesOf(root, 'lists').map(listSymbol),
      ...itemsOf(root, 'rules').flatMap((node) => ruleSymbol(node)),
      ...itemsOf(root, 'masks').flatMap((node) => maskSymbol(node)),
      ...boundSymbols(entryOf(root, 'limits'), 'limits'),
      ...entriesOf(root, 'budgets').flatMap((entry) => boundSymbols(entry, 'budget')),
    ],
  });
}

function workspaceSymbol(file: DeskFile, root: MappingNode): FileSymbol {
  return symbolOf({
    kind: 'workspace',
    name: 'Workspace',
    range: { start: 0, end: file.text.length },
    head: root.entries[0]?.keyRange ?? root.range,
    children: [
      ...itemsOf(root, 'resources').flatMap((node) => resourceSymbol(node)),
      ...entriesOf(root, 'groups').map((entry) =>
        entrySymbol(entry, 'group', { detail: shown(entry.value) }),
      ),
    ],
  });
}

function ruleSymbol(node: SyntaxNode): readonly FileSymbol[] {
  if (node.kind !== 'mapping') return [];
  return [
    named(node, 'rule', { name: textOf(node, 'name') ?? 'rule', detail: textOf(node, 'effect') ?? '' }),
  ];
}

function maskSymbol(node: SyntaxNode): readonly FileSymbol[] {
  if (node.kind !== 'mapping') return [];
  const columns = itemsOf(node, 'columns').map(shown).join(', ');
  const kind = entryOf(node, 'with')?.value;
  const symbol = {
    name: columns === '' ? 'mask' : columns,
    detail: kind?.kind === 'scalar' ? String(kind.value) : '',
  };
  return [named(node, 'mask', symbol, 'columns')];
}

function resourceSymbol(node: SyntaxNode): readonly FileSymbol[] {
  if (node.kind !== 'mapping') return [];
  const detail = [textOf(node, 'protocol'), textOf(node, 'host')]
    .filter((part) => part !== undefined)
    .join(' ');
  return [named(node, 'resource', { name: textOf(node, 'name') ?? 'resource', detail })];
}

function listSymbol(entry: MappingEntry): FileSymbol {
  const items = entry.value.kind === 'sequence' ? entry.value.items.length : 0;
  return entrySymbol(entry, 'list', { detail: items === 1 ? '1 pattern' : `${items} patterns` });
}

function boundSymbols(entry: MappingEntry | undefined, kind: 'limits' | 'budget'): readonly FileSymbol[] {
  if (entry?.value.kind !== 'mapping') return [];
  const children = entry.value.entries.map((bound) =>
    entrySymbol(bound, 'bound', { detail: shown(bound.value) }),
  );
  return [entrySymbol(entry, kind, { children })];
}

function named(
  node: MappingNode,
  kind: SymbolKind,
  more: Pick<FileSymbol, 'name'> & { readonly detail: string },
  key = 'name',
): FileSymbol {
  const entry = entryOf(node, key);
  const head = entry ? valueRange(entry) : (node.entries[0]?.keyRange ?? node.range);
  return symbolOf({ kind, ...more, range: node.range, head, children: [] });
}

function entrySymbol(
  entry: MappingEntry,
  kind: SymbolKind,
  { detail, children = [] }: { readonly detail?: string; readonly children?: readonly FileSymbol[] },
): FileSymbol {
  const { key, keyRange, value } = entry;
  const range = { start: keyRange.start, end: Math.max(keyRange.end, value.range.end) };
  return symbolOf({
    kind,
    name: key,
    ...(detail !== undefined && { detail }),
    range,
    head: keyRange,
    children,
  });
}

/** Editors show no symbol without a name, and refuse one whose name stands outside of it. */
function symbolOf({ detail, ...symbol }: FileSymbol): FileSymbol {
  const range = {
    start: Math.min(symbol.range.start, symbol.head.start),
    end: Math.max(symbol.range.end, symbol.head.end),
  };
  const name = symbol.name.trim() === '' ? symbol.kind : symbol.name;
  return { ...symbol, ...(detail !== undefined && detail !== '' && { detail }), name, range };
}

/** The value, or its key where the value is left empty. */
function valueRange({ keyRange, value }: MappingEntry): TextRange {
  return value.range.end > value.range.start ? value.range : keyRange;
}

function textOf(node: SyntaxNode, key: string): string | undefined {
  const value = entryOf(node, key)?.value;
  return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined;
}

function itemsOf(node: SyntaxNode | undefined, key: string): readonly SyntaxNode[] {
  const value = entryOf(node, key)?.value;
  return value?.kind === 'sequence' ? value.items : [];
}

function entriesOf(node: SyntaxNode, key: string): readonly MappingEntry[] {
  const value = entryOf(node, key)?.value;
  return value?.kind === 'mapping' ? value.entries : [];
}

function shown(node: SyntaxNode): string {
  return node.kind === 'scalar' && node.value !== null ? String(node.value) : '';
}
