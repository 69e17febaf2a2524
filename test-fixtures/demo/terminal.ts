import { styleText } from 'node:util';
import { Terminal } from '@gatehouse/daemon/cli/terminal.ts';
import type { Seen } from './story.ts';

/** How the demo looks. Colours follow the terminal and NO_COLOR. */
type Style = Parameters<typeof styleText>[0];

function paint(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

const margin = 10;

/** A word in the left margin, and lines beside it. */
export function entry(word: string, lines: readonly string[], style: Style = 'dim'): void {
  for (const [index, line] of lines.entries()) {
    const label = index === 0 ? paint(style, word.padEnd(margin)) : ' '.repeat(margin);
    console.log(`   ${label}${line}`);
  }
}

export function title(text: string): void {
  console.log(`\n${paint('bold', text)}\n`);
}

export function chapter(number: number, text: string): void {
  console.log(`\n${paint(['bold', 'cyan'], `${number}`)}  ${paint('bold', text)}`);
}

export function asks(sql: string): void {
  entry('asks', sql.split('\n'), 'cyan');
}

export function sees(seen: Seen): void {
  switch (seen.kind) {
    case 'rows':
      entry('sees', table(seen.columns, seen.rows), 'cyan');
      break;
    case 'done':
      entry('sees', [seen.tag], 'cyan');
      break;
    case 'error': {
      const lines = [`ERROR ${seen.code}: ${seen.message}`];
      if (seen.detail !== undefined) lines.push(paint('dim', `DETAIL: ${seen.detail}`));
      if (seen.hint !== undefined) lines.push(paint('dim', `HINT: ${shorten(seen.hint)}`));
      entry(
        'sees',
        lines.flatMap((line) => wrap(line)),
        'cyan',
      );
      break;
    }
  }
}

/** What an agent may do instead is a long list; a person needs no more than its beginning. */
function shorten(text: string): string {
  return text.length <= 150 ? text : `${text.slice(0, text.lastIndexOf(' ', 150))} …`;
}

function table(columns: readonly string[], rows: readonly (readonly (string | null)[])[]): string[] {
  const cells = rows.map((row) => row.map((cell) => cell ?? 'NULL'));
  const widths = columns.map((name, at) =>
    Math.max(name.length, ...cells.map((row) => row[at]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  return [paint('dim', line(columns)), ...cells.map(line)];
}

/** Where the live log goes: set in, and cut to a width also where the output is no terminal. */
class LogTerminal extends Terminal {
  override get columns(): number {
    return (process.stdout.columns ?? 140) - 3;
  }

  override line(text = ''): void {
    super.line(`   ${text}`);
  }
}

export const log: Terminal = new LogTerminal(process.stdout);

/** Break at spaces to the terminal's width. */
export function wrap(
  text: string,
  width = Math.max(50, (process.stdout.columns ?? 110) - margin - 4),
): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line.length + word.length + 1 > width && line !== '') {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
