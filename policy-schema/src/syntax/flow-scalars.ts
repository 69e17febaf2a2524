import { type Break, type Decoded, DecodedBuilder } from './decoded.ts';

const blank = (unit: string | undefined): boolean => unit === ' ' || unit === '\t';

/** Plain (7.3.3) and single-quoted (7.3.2) scalars of YAML 1.2.2: lines are trimmed and folded. */
export function decodeLines(
  source: string,
  base: number,
  from: number,
  to: number,
  quoted: boolean,
): Decoded {
  const out = new DecodedBuilder(source, base);
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

function copyQuoted(out: DecodedBuilder, source: string, start: number, end: number, quoted: boolean): void {
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
export function decodeDouble(source: string, base: number): Decoded {
  const out = new DecodedBuilder(source, base);
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

function decodeFold(out: DecodedBuilder, source: string, from: number, end: number): number {
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

function decodeEscape(out: DecodedBuilder, source: string, from: number): number {
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
