/**
 * Which parts of a file only people read: comments, messages and descriptions. Told line by line and without the YAML
 * reader, because a file that cannot be read must be looked at too; where this errs, a finding is there or not, no more.
 */
import type { TextRange } from '../../syntax/diagnostic.ts';
import type { SourceFile } from '../../syntax/source.ts';

const kept = new WeakMap<SourceFile, readonly TextRange[]>();

/** In the order of the text, never overlapping. */
export function proseOf(source: SourceFile): readonly TextRange[] {
  let ranges = kept.get(source);
  if (ranges === undefined) {
    ranges = readProse(source.text);
    kept.set(source, ranges);
  }
  return ranges;
}

/** Whether an offset stands in one of some ranges, as {@link proseOf} gives them. */
export function standsIn(ranges: readonly TextRange[], at: number): boolean {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.end ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  const range = ranges[low];
  return range !== undefined && range.start <= at;
}

/** What the lines below a key belong to, as long as they are indented further than it. */
type Block = { readonly kind: 'prose' | 'text'; readonly indent: number };

const proseKey = /(^|[\s{,])(message|description):(?=\s|$)/;
const blockHeader = /(^|\s)[^\s#].*?:[ \t]+[|>][-+0-9]*[ \t]*(#.*)?$/;

function readProse(text: string): TextRange[] {
  const ranges: TextRange[] = [];
  let block: Block | undefined;
  let start = 0;
  for (const line of text.split(/(?<=\n)/)) {
    const content = line.replace(/[\r\n]+$/, '');
    const indent = content.length - content.trimStart().length;
    if (block !== undefined && content.trim() !== '' && indent <= block.indent) block = undefined;
    if (block?.kind === 'prose') ranges.push({ start, end: start + content.length });
    if (block === undefined) {
      const comment = commentStart(content);
      const before = content.slice(0, comment);
      const prose = valueRange(before);
      if (prose) ranges.push({ start: start + prose.start, end: start + prose.end });
      if (comment < content.length) ranges.push({ start: start + comment, end: start + content.length });
      block = blockBelow(before, prose);
    }
    start += line.length;
  }
  return ranges;
}

/** Where a comment begins: `#` at the start or after white space, outside of quotes. */
function commentStart(line: string): number {
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const unit = line[at] ?? '';
    if (quote !== '') {
      if (unit === '\\' && quote === '"') at++;
      else if (unit === quote) quote = '';
    } else if ((unit === '"' || unit === "'") && /^$|[\s,[{:-]/.test(line[at - 1] ?? '')) {
      quote = unit;
    } else if (unit === '#' && /^$|\s/.test(line[at - 1] ?? '')) {
      return at;
    }
  }
  return line.length;
}

/** The value of a message or description that begins on a line. */
function valueRange(
  line: string,
): (TextRange & { readonly flow: boolean; readonly indent: number }) | undefined {
  const key = proseKey.exec(line);
  if (key === null) return undefined;
  const start = key.index + key[0].length;
  const before = line.slice(0, key.index + (key[1]?.length ?? 0)).trimEnd();
  const flow = /[{,]$/.test(before);
  const indent = key.index + (key[1]?.length ?? 0);
  if (!flow) return { start, end: line.length, flow, indent };
  const rest = line.slice(start);
  const value = /^\s*("(?:\\.|[^"\\])*"|'(?:''|[^'])*'|[^,}]*)/.exec(rest);
  return { start, end: start + (value?.[0].length ?? rest.length), flow, indent };
}

function blockBelow(line: string, prose: ReturnType<typeof valueRange>): Block | undefined {
  if (prose) return prose.flow ? undefined : { kind: 'prose', indent: prose.indent };
  if (!blockHeader.test(line)) return undefined;
  return { kind: 'text', indent: line.search(/[^\s-]/) };
}
