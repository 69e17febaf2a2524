/** Text of agents and servers on a person's terminal. */
import { visible } from '@gatehouse/policy-schema/text/visible.ts';

/** As one line: each run of white space is one space, and nothing can act on the terminal. */
export function oneLine(text: string): string {
  return visible(text.replace(/[ \t\r\n\f\v]+/g, ' ').trim());
}

/** As the lines that it has, tabs as spaces. */
export function lines(text: string): readonly string[] {
  return text.split(/\r?\n/).map((line) => visible(line.replaceAll('\t', '    ')));
}

const segmenter = new Intl.Segmenter();
const wide =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
const plain = /^[\u0020-\u02ff]*$/;

/** The columns that a text takes on a terminal. It holds no styles. */
export function widthOf(text: string): number {
  if (plain.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += wide.test(segment) ? 2 : 1;
  return width;
}

/** Cut to so many columns, the last one an ellipsis where something is missing. */
export function cut(text: string, columns: number): string {
  if (columns <= 0) return '';
  // A text that is far too long is not measured to its end.
  const near = text.length > columns * 4 + 16 ? `${text.slice(0, columns * 4 + 16)}` : text;
  if (near === text && widthOf(text) <= columns) return text;
  let kept = '';
  let width = 0;
  for (const { segment } of segmenter.segment(near)) {
    width += wide.test(segment) ? 2 : 1;
    if (width > columns - 1) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text)));
}

export function padStart(text: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - widthOf(text))) + text;
}

/** Break a text into lines of at most so many columns, at spaces where there are some. */
export function wrap(text: string, columns: number): readonly string[] {
  const wrapped: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > columns) {
      wrapped.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  wrapped.push(line);
  return wrapped;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
