import type { TextEdit } from '../syntax/diagnostic.ts';
import { replace, yamlScalar } from '../syntax/edits.ts';
import { parseYaml } from '../syntax/parse-yaml.ts';
import type { SourceFile } from '../syntax/source.ts';
import type { ScalarNode } from '../syntax/tree.ts';
import type { NamePlace, Spelling } from './names-of.ts';

/** A part of a scalar's value with what takes its place; places are UTF-16 units of the value. */
interface Piece {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Edits that write a name in other words at all of these places of one file. What else stands there stays; quotes come where
 * the new name needs them.
 * @param name Without control characters. For a label's value: the value alone.
 */
export function respell(source: SourceFile, places: readonly NamePlace[], name: string): readonly TextEdit[] {
  const edits: TextEdit[] = [];
  const scalars = new Map<number, { readonly scalar: ScalarNode; readonly pieces: Map<number, Piece> }>();
  for (const { spelling } of places) {
    if (spelling.kind === 'key') {
      edits.push(replace(source, spelling.keyRange, respelledKey(source, spelling.keyRange, name)));
      continue;
    }
    const { scalar } = spelling;
    // An alias gives the same scalar twice.
    const known = scalars.get(scalar.range.start) ?? { scalar, pieces: new Map<number, Piece>() };
    scalars.set(scalar.range.start, known);
    known.pieces.set(spelling.start, pieceOf(spelling, name));
  }
  for (const { scalar, pieces } of scalars.values())
    edits.push(...respelledScalar(source, scalar, [...pieces.values()]));
  return edits;
}

function pieceOf(spelling: Exclude<Spelling, { readonly kind: 'key' }>, name: string): Piece {
  const { start, end, scalar } = spelling;
  switch (spelling.kind) {
    case 'value':
      return { start, end, text: name };
    case 'text':
      return pieceOfText(spelling, name);
    case 'field': {
      const before = String(scalar.value)[start - 1];
      if (/^[A-Za-z_]\w*$/.test(name) || before !== '.') return { start, end, text: name };
      const quote = scalar.style === 'double-quoted' ? "'" : '"';
      return { start: start - 1, end, text: `[${quote}${escaped(name, quote)}${quote}]` };
    }
  }
}

/** Inside a text of a condition the quotes stay, unless the name does not fit between them. */
function pieceOfText({ start, end, word }: Extract<Spelling, { kind: 'text' }>, name: string): Piece {
  if (!word.raw) return { start, end, text: escaped(name, word.quote) };
  if (!/['"\\\r\n]/.test(name)) return { start, end, text: name };
  return { start: word.start, end: word.end, text: `${word.quote}${escaped(name, word.quote)}${word.quote}` };
}

function escaped(name: string, quote: string): string {
  return name.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`);
}

function respelledKey(
  source: SourceFile,
  { start, end }: { start: number; end: number },
  name: string,
): string {
  const first = source.text[start];
  const last = end - start > 1 ? source.text[end - 1] : '';
  if (first === "'" && last === "'") return `'${name.replaceAll("'", "''")}'`;
  if (first === '"' && last === '"') return JSON.stringify(name);
  return yamlScalar(name);
}

function respelledScalar(
  source: SourceFile,
  scalar: ScalarNode,
  pieces: readonly Piece[],
): readonly TextEdit[] {
  const value = String(scalar.value);
  const table = scalar.offsets();
  const each = (quoted: (text: string) => string): readonly TextEdit[] =>
    pieces.map(({ start, end, text }) => replace(source, table.range(start, end), quoted(text)));
  switch (scalar.style) {
    case 'single-quoted':
      return each((text) => text.replaceAll("'", "''"));
    case 'double-quoted':
      return each((text) => JSON.stringify(text).slice(1, -1));
    case 'literal':
    case 'folded':
      return each((text) => text);
    case 'plain': {
      const after = withPieces(value, pieces);
      if (yamlScalar(after) === after || staysPlain(value, after)) return each((text) => text);
      return [replace(source, scalar.range, JSON.stringify(after))];
    }
  }
}

function withPieces(value: string, pieces: readonly Piece[]): string {
  return [...pieces]
    .sort((a, b) => b.start - a.start)
    .reduce((text, { start, end, text: put }) => text.slice(0, start) + put + text.slice(end), value);
}

/** Whether a value can stand without quotes where another one does. Only in blocks a comma or bracket may. */
export function staysPlain(before: string, after: string): boolean {
  return readsAs(`[${after}]`, after) || (!readsAs(`[${before}]`, before) && readsAs(`- ${after}`, after));
}

function readsAs(sequence: string, value: string): boolean {
  const { root } = parseYaml('', sequence);
  const items = root?.kind === 'sequence' ? root.items : [];
  const [item] = items;
  return items.length === 1 && item?.kind === 'scalar' && item.value === value;
}
