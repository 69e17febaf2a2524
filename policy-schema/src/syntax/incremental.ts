/**
 * Parsing again after an edit, at the cost of what was edited: the items of a list below a top key (`rules:`) are read
 * one by one, and those that the edit did not touch are taken over. Whatever could make one item speak of another, or
 * end elsewhere than before, is left to the full parse: the result is always that of {@link parseYaml}.
 */
import { maxDiagnostics, maxTextLength, type ParsedYaml, parsedYaml, parseYaml } from './parse-yaml.ts';
import { maxNodes, Reader } from './reader.ts';
import { movedNode, movedRange } from './scalar-node.ts';
import { SourceFile } from './source.ts';
import type { MappingNode, SequenceNode, SyntaxNode } from './tree.ts';

/** The texts of one file, one after another. */
export class IncrementalYaml {
  readonly #file: string;
  #last: ParsedYaml | undefined;
  /** The last one that others may be made from. */
  #sound: ParsedYaml | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** Of the last parse. */
  get text(): string | undefined {
    return this.#last?.source.text;
  }

  /** As {@link parseYaml}; the same value while the text stays. */
  parse(text: string): ParsedYaml {
    if (this.#last?.source.text === text) return this.#last;
    const parsed = (this.#sound && reparse(this.#sound, text)) ?? parseYaml(this.#file, text);
    if (parsed.root && parsed.local) this.#sound = parsed;
    this.#last = parsed;
    return parsed;
  }
}

/**
 * The parse of `text` from that of another text of the same file; undefined where only a full parse can tell.
 * @param before Without errors
 */
export function reparse(before: ParsedYaml, text: string): ParsedYaml | undefined {
  const { root, local, source: old } = before;
  if (root?.kind !== 'mapping' || !local || before.diagnostics.length > 0) return undefined;
  if (text === old.text) return before;
  if (text.length > maxTextLength || unsafe.test(text)) return undefined;
  const edit = editOf(old.text, text);
  const found = regionOf(root, old.text, edit);
  if (found === undefined) return undefined;
  const { region, edited } = found;
  const source = new SourceFile(old.file, text);
  for (const more of [0, 1, 3, 8]) {
    const wider = upTo(region, edited + more);
    const parsed = reparseRegion(root, source, wider, edit);
    if (parsed && (parsed.root || endsSound(parsed, wider, edit))) return parsed;
    if (wider.before !== 'item') return undefined;
  }
  return undefined;
}

function reparseRegion(
  root: MappingNode,
  source: SourceFile,
  region: Region,
  { grown }: Edit,
): ParsedYaml | undefined {
  const reader = new Reader(source, region.start - listKey.length);
  const items = readItems(reader, source.text, region, region.end + grown);
  if (items === undefined) return undefined;
  const list = replaceItems(region, items, grown);
  // Where a dash without a value ends the list, the place depends on the comments before it.
  const last = list.items.at(-1)?.range;
  if (last?.start === last?.end) return undefined;
  const tree = replaceList(root, region, list, items.rootEnd, grown);
  // A value takes at least one character.
  if (source.text.length > maxNodes && countNodes(tree) > maxNodes) return undefined;
  return parsedYaml(source, tree, reader);
}

/**
 * What is broken may leave a trace on what stands behind it: an item that is found as it was, without an error on it,
 * has to follow.
 */
function endsSound(
  { diagnostics, tree }: ParsedYaml,
  { list, entry, to, end, before }: Region,
  { grown }: Edit,
): boolean {
  if (before === 'end') return true;
  const last = list.items[to - 1];
  const read = tree?.kind === 'mapping' ? tree.entries[entry]?.value : undefined;
  if (last === undefined || read?.kind !== 'sequence' || last.range.start === last.range.end) return false;
  const found = read.items[read.items.length - (list.items.length - to) - 1];
  return (
    found?.range.start === last.range.start + grown &&
    found.range.end === last.range.end + grown &&
    found.range.end <= end + grown &&
    diagnostics.length < maxDiagnostics &&
    diagnostics.every(({ range }) => range.end < found.range.start)
  );
}

/** Control characters, byte order marks and lone CRs: the YAML library has meanings of its own for some of them. */
const unsafe = /[^\P{Cc}\t\n\r]|\ufeff|\r(?!\n)/u;

interface Edit {
  /** What was replaced, in the old text. */
  readonly start: number;
  readonly end: number;
  /** By how much the text is longer than before. */
  readonly grown: number;
}

function editOf(old: string, text: string): Edit {
  const most = Math.min(old.length, text.length);
  let start = 0;
  while (start < most && old.charCodeAt(start) === text.charCodeAt(start)) start++;
  let same = 0;
  while (
    same < most - start &&
    old.charCodeAt(old.length - 1 - same) === text.charCodeAt(text.length - 1 - same)
  )
    same++;
  return { start, end: old.length - same, grown: text.length - old.length };
}

/** Whole items of a list, from the line of the first one's dash up to the line of the next item or key. */
interface Region {
  /** The list's place among the root's entries. */
  readonly entry: number;
  readonly list: SequenceNode;
  /** The first item and the one behind the last. */
  readonly from: number;
  readonly to: number;
  /** In the old text. */
  readonly start: number;
  readonly end: number;
  /** Where the lines of all items begin. */
  readonly lines: readonly number[];
  /** How many spaces stand before the dashes. */
  readonly indent: number;
  readonly before: 'item' | 'key' | 'end';
}

/** From the first edited item to the end of its list, and the first item behind the edit. */
function regionOf(
  root: MappingNode,
  old: string,
  edit: Edit,
): { readonly region: Region; readonly edited: number } | undefined {
  const entry = root.entries.findLastIndex(({ keyRange }) => keyRange.start < edit.start);
  const list = root.entries[entry]?.value;
  if (list?.kind !== 'sequence' || old[list.range.start] !== '-') return undefined;
  const next = root.entries[entry + 1];
  const end = next?.keyRange.start ?? old.length;
  if (next !== undefined && old[end - 1] !== '\n') return undefined;
  if (edit.end > end) return undefined;
  const dashes = list.items.map((item) => old.lastIndexOf('-', item.range.start - 1));
  const lines = dashes.map((dash) => old.lastIndexOf('\n', dash) + 1);
  const indent = list.range.start - (lines[0] ?? 0);
  if (indent < 0) return undefined;
  // A dash in a comment between the real one and its value has no line to itself.
  if (dashes.some((dash, index) => old.slice(lines[index], dash) !== ' '.repeat(indent))) return undefined;
  const from = lines.findLastIndex((line) => line < edit.start);
  if (from === -1) return undefined;
  const edited = Math.max(lines.findLastIndex((line) => line < edit.end) + 1, from + 1);
  const before = next === undefined ? 'end' : 'key';
  const start = lines[from] ?? 0;
  const region: Region = { entry, list, from, to: lines.length, start, end, lines, indent, before };
  return { region, edited };
}

/** A region that ends before an item, or with its list. */
function upTo(region: Region, to: number): Region {
  const end = region.lines[to];
  return end === undefined ? region : { ...region, to, end, before: 'item' };
}

const listKey = 'r:\n';

interface Items {
  readonly items: readonly SyntaxNode[];
  /** Where the list ends when these are its last items, and where the root ends when nothing follows. */
  readonly end: number;
  readonly rootEnd: number;
}

/**
 * Read the items of a region by themselves, with something like what follows behind them: where that is found in its
 * place, the items have ended before it.
 * @param end Of the region, in the new text
 */
function readItems(
  reader: Reader,
  text: string,
  { start, indent, before }: Region,
  end: number,
): Items | undefined {
  const items = text.slice(start, end);
  const margin = ' '.repeat(indent);
  if (!items.startsWith(`${margin}-`) || !/[ \r\n]/.test(items[indent + 1] ?? '')) return undefined;
  if (items.includes('\t') || (before !== 'end' && !items.endsWith('\n'))) return undefined;
  if (leaves(indent).test(items)) return undefined;
  const guards = { item: `${margin}- s\n`, key: 's: s\n', end: '' };
  let root: SyntaxNode | undefined;
  try {
    root = reader.read(listKey + items + guards[before]);
  } catch {
    return undefined;
  }
  if (root?.kind !== 'mapping' || !reader.local) return undefined;
  if (before !== 'end' && reader.diagnostics.some(({ range }) => range.end > end || range.start >= end))
    return undefined;
  const [first, second, ...more] = root.entries;
  const list = first?.value;
  if (list?.kind !== 'sequence' || list.range.start !== start + indent || more.length > 0) return undefined;
  const rootEnd = root.range.end;
  const found = (items: readonly SyntaxNode[]): Items | undefined =>
    items.length > 0 ? { items, end: list.range.end, rootEnd } : undefined;
  if (before === 'key') {
    const guarded = second?.keyRange.start === end && isGuard(second.value, end + 3);
    return guarded ? found(list.items) : undefined;
  }
  if (second !== undefined) return undefined;
  if (before === 'end') return found(list.items);
  const guard = list.items.at(-1);
  if (guard === undefined || !isGuard(guard, end + indent + 2)) return undefined;
  return found(list.items.slice(0, -1));
}

/** A line that ends the list: left of the dashes, or below them without being one. Comments may stand anywhere. */
function leaves(indent: number): RegExp {
  const left = indent === 0 ? '' : `| {0,${indent - 1}}-`;
  return new RegExp(`^(?: {0,${indent}}[^ \\r\\n#-]${left})`, 'm');
}

function isGuard(node: SyntaxNode, at: number): boolean {
  return node.kind === 'scalar' && node.value === 's' && node.range.start === at;
}

function replaceItems({ list, from, to, before }: Region, read: Items, grown: number): SequenceNode {
  const items = [
    ...list.items.slice(0, from),
    ...read.items,
    ...list.items.slice(to).map((item) => movedNode(item, grown)),
  ];
  const end = before === 'item' ? list.range.end + grown : read.end;
  return { kind: 'sequence', items, range: { start: list.range.start, end } };
}

function replaceList(
  root: MappingNode,
  { entry: at, before }: Region,
  list: SequenceNode,
  readEnd: number,
  grown: number,
): MappingNode {
  const entries = root.entries.map((entry, index) => {
    if (index < at) return entry;
    if (index === at) return { ...entry, value: list };
    return {
      key: entry.key,
      keyRange: movedRange(entry.keyRange, grown),
      value: movedNode(entry.value, grown),
    };
  });
  const end = before === 'end' ? readEnd : root.range.end + grown;
  return { kind: 'mapping', entries, range: { start: root.range.start, end } };
}

function countNodes(node: SyntaxNode): number {
  let count = 1;
  if (node.kind === 'sequence') for (const item of node.items) count += countNodes(item);
  if (node.kind === 'mapping') for (const { value } of node.entries) count += countNodes(value);
  return count;
}
