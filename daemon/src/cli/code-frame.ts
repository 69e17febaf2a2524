import type { Diagnostic } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import type { Format, Terminal } from './terminal.ts';
import { padStart, widthOf } from './text.ts';

/** The line of a finding with the line before it, and carets under the place. */
export function codeFrame(
  text: string,
  at: Diagnostic,
  format: Format,
  terminal: Terminal,
): readonly string[] {
  const all = text.split(/\r?\n/);
  const numberColumns = String(at.line).length;
  const frame: string[] = [];
  for (const number of [at.line - 1, at.line]) {
    const line = all[number - 1];
    if (line === undefined) continue;
    const gutter = terminal.paint('dim', `  ${padStart(String(number), numberColumns)} │ `);
    frame.push(gutter + shownLine(line));
  }
  const line = all[at.line - 1] ?? '';
  const end = at.endLine === at.line ? at.endColumn : line.length + 1;
  const before = widthOf(shownLine(line.slice(0, at.column - 1)));
  const under = Math.max(1, widthOf(shownLine(line.slice(at.column - 1, end - 1))));
  frame.push(
    terminal.paint('dim', `  ${' '.repeat(numberColumns)} │ `) +
      ' '.repeat(before) +
      terminal.paint(format, '^'.repeat(under)),
  );
  return frame;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const treacherous = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** A file's line as it is, without what would act on the terminal. */
export function shownLine(line: string): string {
  return line.replaceAll('\t', '  ').replace(treacherous, '\ufffd');
}
