/**
 * Markdown for GitHub and GitLab, of texts that anybody may have written: names, statements, messages. Nothing of them may
 * make a link, an image, a mention, HTML or the end of a block, and none may hide what stands beside it.
 */
import { lines, oneLine } from './text.ts';

/** What platforms take in a comment. Counted in bytes, which are never fewer than characters. */
const maxBytes = 65_536;
const maxInline = 300;
const maxStatement = 2_000;

/**
 * A text inside of a line or a cell, as code: platforms look for no mentions, references or addresses there. Each character
 * that could mean something is an entity, which never begins a structure.
 */
export function code(text: string): string {
  const line = oneLine(text);
  const short = line.length > maxInline ? `${line.slice(0, maxInline).replace(/\p{Cs}$/u, '')}…` : line;
  // `www.` begins an address wherever it stands, and so does what stands before a colon.
  const dot = /www/i.test(short) ? '' : '.';
  const meaningful = new RegExp(`:(?![ 0-9])|[^\\p{L}\\p{N} ,;:()/…→›${dot}-]`, 'gu');
  return `<code>${short.replace(meaningful, (character) => `&#${character.codePointAt(0)};`)}</code>`;
}

/** A text as a block, between fences that are longer than any in it. */
export function block(text: string, language: string): string {
  const short = text.length > maxStatement ? `${text.slice(0, maxStatement).replace(/\p{Cs}$/u, '')}…` : text;
  const body = lines(short).join('\n');
  const longest = Math.max(2, ...[...body.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${body}\n${fence}`;
}

/** A table of cells that are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/**
 * Blocks as one text that fits into a comment. Blocks are left out whole, the last ones first, and it says so: a block cut in
 * its middle could leave a fence open.
 */
export function bounded(blocks: readonly string[], limit = maxBytes): string {
  const whole = `${blocks.join('\n\n')}\n`;
  if (Buffer.byteLength(whole) <= limit) return whole;
  const rest = (left: number) =>
    `_Left out, as a comment has no more room: ${left} of ${blocks.length} parts. \`gatehouse summary\` and \`gatehouse diff\` tell all in a terminal._\n`;
  let room = limit - Buffer.byteLength(rest(blocks.length)) - 2;
  const kept: string[] = [];
  for (const each of blocks) {
    const size = Buffer.byteLength(each) + 2;
    if (size > room) break;
    room -= size;
    kept.push(each);
  }
  return `${[...kept, rest(blocks.length - kept.length)].join('\n\n')}`;
}
