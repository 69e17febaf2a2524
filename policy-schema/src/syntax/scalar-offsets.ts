import type { CST } from 'yaml';
import type { TextRange } from './diagnostic.ts';

/**
 * Where each UTF-16 code unit of a scalar's value stands in the file. In YAML the two differ by quotes, escapes,
 * indentation and folding, so a place inside a condition is never the scalar's start plus an offset.
 * A folded line break stands where the break is; an escape covers all its characters.
 */
export class ScalarOffsets {
  readonly value: string;
  readonly #starts: readonly number[];
  readonly #ends: readonly number[];
  readonly #whole: TextRange;

  constructor(decoded: Decoded, whole: TextRange) {
    this.value = decoded.value;
    this.#starts = decoded.starts;
    this.#ends = decoded.ends;
    this.#whole = whole;
  }

  /** File offset of the unit at `index`; at or past the value's end, the place after its last unit. */
  at(index: number): number {
    if (index < 0) return this.#starts[0] ?? this.#whole.start;
    return this.#starts[index] ?? this.#ends.at(-1) ?? this.#whole.start;
  }

  /** The file range of the units from `start` up to `end`. An empty range stays empty. */
  range(start: number, end: number): TextRange {
    const from = this.at(start);
    if (end <= start) return { start: from, end: from };
    return { start: from, end: Math.max(from, this.#ends[end - 1] ?? this.#ends.at(-1) ?? from) };
  }
}

interface Decoded {
  readonly value: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

class Builder {
  value = '';
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  readonly #source: string;
  readonly #base: number;

  /** Positions given to the methods are relative to `source`, which stands at `base` in the file. */
  constructor(source: string, base: number) {
    this.#source = source;
    this.#base = base;
  }

  put(text: string, start: number, end: number): void {
    for (let i = 0; i < text.length; i++) {
      this.starts.push(this.#base + start);
      this.ends.push(this.#base + end);
    }
    this.value += text;
  }

  copy(from: number, to: number): void {
    for (let i = from; i < to; i++) {
      this.starts.push(this.#base + i);
      this.ends.push(this.#base + i + 1);
    }
    this.value += this.#source.slice(from, to);
  }

  /** `count` newlines for the last of `breaks`, or one space for a single break. */
  fold(breaks: readonly Break[], count: number): void {
    if (count === 0) {
      const only = breaks[0];
      if (only) this.put(' ', only.start, only.end);
      return;
    }
    for (const at of breaks.slice(-count)) this.put('\n', at.start, at.end);
  }
}

interface Break {
  readonly start: number;
  readonly end: number;
}

/**
 * The offset table of a scalar, from its token.
 * @param value The value as the YAML library decoded it. Should the decoders here ever differ, every unit maps to the
 *   whole scalar: imprecise, but never a wrong place.
 */
export function scalarOffsets(
  token: CST.FlowScalar | CST.BlockScalar,
  value: string,
  whole: TextRange,
): ScalarOffsets {
  const decoded = decode(token);
  if (decoded.value === value) return new ScalarOffsets(decoded, whole);
  return new ScalarOffsets(
    {
      value,
      starts: new Array<number>(value.length).fill(whole.start),
      ends: new Array<number>(value.length).fill(whole.end),
    },
    whole,
  );
}

function decode(token: CST.FlowScalar | CST.BlockScalar): Decoded {
  switch (token.type) {
    case 'block-scalar':
      return decodeBlock(token);
    case 'double-quoted-scalar':
      return decodeDouble(token.source, token.offset);
    case 'single-quoted-scalar':
      return decodeLines(token.source, token.offset, 1, token.source.length - 1, true);
    default:
      return decodeLines(token.source, token.offset, 0, token.source.length, false);
  }
}

const blank = (unit: string | undefined): boolean => unit === ' ' || unit === '\t';

/** Plain (7.3.3) and single-quoted (7.3.2) scalars of YAML 1.2.2: lines are trimmed and folded. */
function decodeLines(source: string, base: number, from: number, to: number, quoted: boolean): Decoded {
  const out = new Builder(source, base);
  let breaks: Break[] = [];
  let lineStart = from;
  for (let first = true; ; first = false) {
    const newline = source.indexOf('\n', lineStart);
    const last = newline === -1 || newline >= to;
    const crlf = !last && newline > lineStart && source[newline - 1] === '\r';
    let end = last ? to : crlf ? newline - 1 : newline;
    const lineBreak = { start: end, end: newline + 1 };
    let start = lineStart;
    if (!first) while (start < end && blank(source[start])) start++;
    if (!last) while (end > start && blank(source[end - 1])) end--;
    if (first || last || end > start) {
      if (!first) out.fold(breaks, breaks.length - 1);
      breaks = [];
      copyQuoted(out, source, start, end, quoted);
    }
    if (last) return out;
    breaks.push(lineBreak);
    lineStart = newline + 1;
  }
}

function copyQuoted(out: Builder, source: string, start: number, end: number, quoted: boolean): void {
  if (!quoted) {
    out.copy(start, end);
    return;
  }
  for (let i = start; i < end; i++) {
    if (source[i] === "'" && source[i + 1] === "'" && i + 1 < end) {
      out.put("'", i, i + 2);
      i++;
    } else {
      out.copy(i, i + 1);
    }
  }
}

/** YAML 1.2.2, 5.7. */
const escapes: ReadonlyMap<string, string> = new Map([
  ['0', '\0'],
  ['a', '\x07'],
  ['b', '\b'],
  ['e', '\x1b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['N', '\u0085'],
  ['_', '\u00a0'],
  ['L', '\u2028'],
  ['P', '\u2029'],
  [' ', ' '],
  ['"', '"'],
  ['/', '/'],
  ['\\', '\\'],
  ['\t', '\t'],
]);
const codeLengths: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

/** Double-quoted scalars (7.3.1). */
function decodeDouble(source: string, base: number): Decoded {
  const out = new Builder(source, base);
  const end = source.length - 1;
  let i = 1;
  while (i < end) {
    const unit = source[i];
    if (unit === '\\') {
      i = decodeEscape(out, source, i);
    } else if (unit === '\n' || (unit === '\r' && source[i + 1] === '\n')) {
      i = decodeFold(out, source, i, end);
    } else if (blank(unit)) {
      let to = i;
      while (to < end && blank(source[to])) to++;
      const trimmed = source[to] === '\n' || (source[to] === '\r' && source[to + 1] === '\n');
      if (!trimmed) out.copy(i, to);
      i = to;
    } else {
      out.copy(i, i + 1);
      i++;
    }
  }
  return out;
}

function decodeFold(out: Builder, source: string, from: number, end: number): number {
  const breaks: Break[] = [];
  let i = from;
  while (i < end) {
    const crlf = source[i] === '\r' && source[i + 1] === '\n';
    if (crlf || source[i] === '\n') {
      const next = i + (crlf ? 2 : 1);
      breaks.push({ start: i, end: next });
      i = next;
    } else if (blank(source[i])) {
      i++;
    } else {
      break;
    }
  }
  out.fold(breaks, breaks.length - 1);
  return i;
}

function decodeEscape(out: Builder, source: string, from: number): number {
  const letter = source[from + 1] ?? '';
  const simple = escapes.get(letter);
  if (simple !== undefined) {
    out.put(simple, from, from + 2);
    return from + 2;
  }
  const length = codeLengths.get(letter);
  if (length !== undefined) {
    const code = Number.parseInt(source.slice(from + 2, from + 2 + length), 16);
    if (code >= 0 && code <= 0x10ffff) out.put(String.fromCodePoint(code), from, from + 2 + length);
    return from + 2 + length;
  }
  // An escaped line break vanishes, with the indentation of the next line.
  let i = from + (letter === '\r' ? 3 : 2);
  while (blank(source[i])) i++;
  return i;
}

interface BlockLine {
  readonly start: number;
  /** Spaces in front. */
  readonly indent: number;
  /** Where the content ends: before the break, and before its CR. */
  readonly end: number;
  readonly lineBreak: Break;
}

function blockLines(source: string): BlockLine[] {
  const lines: BlockLine[] = [];
  let start = 0;
  for (;;) {
    const newline = source.indexOf('\n', start);
    const stop = newline === -1 ? source.length : newline;
    const end = stop > start && source[stop - 1] === '\r' ? stop - 1 : stop;
    let indent = 0;
    while (start + indent < stop && source[start + indent] === ' ') indent++;
    lines.push({ start, indent, end, lineBreak: { start: end, end: newline === -1 ? stop : newline + 1 } });
    if (newline === -1) return lines;
    start = newline + 1;
  }
}

/** Block scalars, literal and folded (8.1). */
function decodeBlock(token: CST.BlockScalar): Decoded {
  let base = token.offset;
  for (const prop of token.props) base += 'source' in prop ? prop.source.length : 0;
  const source = token.source;
  const header = token.props[0] && 'source' in token.props[0] ? token.props[0].source : '|';
  const folded = header.startsWith('>');
  const explicit = Number(/[1-9]/.exec(header)?.[0] ?? 0);
  const chomp = header.includes('-') ? 'strip' : header.includes('+') ? 'keep' : 'clip';
  const out = new Builder(source, base);
  const lines = source === '' ? [] : blockLines(source);
  const empty = (line: BlockLine): boolean => line.start + line.indent >= line.end;

  let contentEnd = lines.length;
  while (contentEnd > 0 && empty(lines[contentEnd - 1] as BlockLine)) contentEnd--;
  if (contentEnd === 0) {
    if (chomp === 'keep') {
      const breaks = lines.length > 1 ? lines.slice(0, -1) : lines;
      for (const { lineBreak } of breaks) out.put('\n', lineBreak.start, lineBreak.end);
    }
    return out;
  }

  let trim = token.indent + explicit;
  let contentStart = 0;
  for (; contentStart < contentEnd; contentStart++) {
    const line = lines[contentStart] as BlockLine;
    if (!empty(line)) {
      if (explicit === 0) trim = line.indent;
      break;
    }
    if (explicit === 0 && line.indent > trim) trim = line.indent;
  }
  const textStart = (line: BlockLine): number => line.start + Math.min(trim, line.indent);
  for (let i = lines.length - 1; i >= contentEnd; i--) {
    if ((lines[i] as BlockLine).indent > trim) contentEnd = i + 1;
  }

  for (const line of lines.slice(0, contentStart)) {
    out.copy(textStart(line), line.start + line.indent);
    out.put('\n', line.lineBreak.start, line.lineBreak.end);
  }
  const content = lines.slice(contentStart, contentEnd);
  if (folded) foldBlock(out, source, content, trim);
  else {
    content.forEach((line, index) => {
      const before = content[index - 1];
      if (before) out.put('\n', before.lineBreak.start, before.lineBreak.end);
      out.copy(textStart(line), line.end);
    });
  }

  const lastBreak = (lines[contentEnd - 1] as BlockLine).lineBreak;
  if (chomp === 'clip') out.put('\n', lastBreak.start, lastBreak.end);
  if (chomp === 'keep') {
    let before = lastBreak;
    for (const line of lines.slice(contentEnd)) {
      out.put('\n', before.start, before.end);
      out.copy(textStart(line), line.start + line.indent);
      before = line.lineBreak;
    }
    if (!out.value.endsWith('\n')) out.put('\n', before.start, before.end);
  }
  return out;
}

/** 8.1.3: single breaks between lines become spaces, unless a line beside them is indented more. */
function foldBlock(out: Builder, source: string, lines: readonly BlockLine[], trim: number): void {
  let breaks: Break[] = [];
  let state: 'start' | 'text' | 'indented' = 'start';
  for (const line of lines) {
    const from = line.start + Math.min(trim, line.indent);
    const indented = line.indent > trim || source[from] === '\t';
    if (!indented && from >= line.end) {
      breaks.push(line.lineBreak);
      continue;
    }
    if (state !== 'start') {
      const kept = indented || state === 'indented';
      out.fold(breaks, kept ? breaks.length : breaks.length - 1);
    }
    out.copy(from, line.end);
    breaks = [line.lineBreak];
    state = indented ? 'indented' : 'text';
  }
}
