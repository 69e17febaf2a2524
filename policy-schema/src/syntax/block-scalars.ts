import type { CST } from 'yaml';
import { type Break, type Decoded, DecodedBuilder } from './decoded.ts';

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
export function decodeBlock(token: CST.BlockScalar): Decoded {
  let base = token.offset;
  for (const prop of token.props) base += 'source' in prop ? prop.source.length : 0;
  const source = token.source;
  const header = token.props[0] && 'source' in token.props[0] ? token.props[0].source : '|';
  const folded = header.startsWith('>');
  const explicit = Number(/[1-9]/.exec(header)?.[0] ?? 0);
  const chomp = header.includes('-') ? 'strip' : header.includes('+') ? 'keep' : 'clip';
  const out = new DecodedBuilder(source, base);
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
function foldBlock(out: DecodedBuilder, source: string, lines: readonly BlockLine[], trim: number): void {
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
