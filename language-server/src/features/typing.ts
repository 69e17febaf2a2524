import type { TextEdit } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import type { Desk } from '../desk.ts';

/** What on-type formatting looks at: a new line, and a dash at its start. */
export const typingTriggers = ['\n', '-'] as const;

const step = 2;
/** Keys whose value is a list of mappings or of texts, each behind a dash of its own. */
const lists = /^\s*(?:- )?(rules|masks|resources):\s*(?:#.*)?$/;

/**
 * The edits after a character was typed. A new line is indented as its neighbours ask; a dash that begins an item stands
 * where the other items stand.
 * @param offset Right behind what was typed
 */
export function typing(desk: Desk, name: string, offset: number, typed: string): readonly TextEdit[] {
  const file = desk.files.get(name);
  if (file === undefined) return [];
  const { text } = file;
  const start = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
  const line = text.slice(start, endOfLine(text, start));
  const before = text
    .slice(0, start)
    .split(/\r\n|\r|\n/)
    .slice(0, -1);
  const indent =
    typed === '\n'
      ? line.trim() === ''
        ? indentBelow(before)
        : undefined
      : /^\s*-$/.test(line)
        ? dashIndent(before)
        : undefined;
  const own = line.length - line.trimStart().length;
  if (indent === undefined || indent === own) return [];
  return [{ file: name, start, end: start + own, text: ' '.repeat(indent) }];
}

/** How far a line in its place is indented, by the lines above; undefined inside block scalars, whose text is free. */
function indentBelow(before: readonly string[]): number | undefined {
  const last = before.findLast((line) => line.trim() !== '' && !/^\s*#/.test(line));
  if (last === undefined) return 0;
  const indent = last.length - last.trimStart().length;
  const content = last.trimStart();
  if (/:\s*[|>][-+0-9]*\s*(#.*)?$/.test(last)) return indent + (content.startsWith('- ') ? step * 2 : step);
  if (inBlockScalar(before)) return undefined;
  const inItem = content.startsWith('- ') ? indent + step : indent;
  if (/:\s*(#.*)?$/.test(last)) return inItem + step;
  return inItem;
}

function inBlockScalar(before: readonly string[]): boolean {
  let head: number | undefined;
  for (const line of before) {
    if (line.trim() === '') continue;
    const indent = line.length - line.trimStart().length;
    if (head !== undefined && indent <= head) head = undefined;
    if (head === undefined && /:\s*[|>][-+0-9]*\s*(#.*)?$/.test(line)) head = indent;
  }
  return head !== undefined;
}

function dashIndent(before: readonly string[]): number | undefined {
  if (inBlockScalar(before)) return undefined;
  for (const line of before.toReversed()) {
    const item = /^(\s*)- /.exec(line);
    if (item) return item[1]?.length;
    if (lists.test(line)) return line.length - line.trimStart().length + step;
    if (/^\S/.test(line)) return undefined;
  }
  return undefined;
}

function endOfLine(text: string, from: number): number {
  const found = text.slice(from).search(/[\r\n]/);
  return found === -1 ? text.length : from + found;
}
