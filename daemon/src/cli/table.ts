import Table from 'cli-table3';
import type { Terminal } from './terminal.ts';
import { cut, oneLine, widthOf } from './text.ts';

const none = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Cut first when the table is wider than the terminal. */
  readonly shrinks?: boolean;
}

/** A table without lines, for lists: a dim heading, aligned columns, no wider than the terminal. Cells hold no styles. */
export function list(
  terminal: Terminal,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): void {
  const cells = rows.map((row) => row.map(oneLine));
  const widths = columns.map((column, index) =>
    Math.max(widthOf(column.title), ...cells.map((row) => widthOf(row[index] ?? ''))),
  );
  const room = terminal.columns;
  const total = widths.reduce((sum, width) => sum + width + 2, 0);
  if (room !== undefined && total > room) shrink(columns, widths, total - room);
  const table = new Table({
    chars: none,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colAligns: columns.map((column) => column.align ?? 'left'),
  });
  table.push(columns.map((column) => terminal.paint('dim', column.title)));
  for (const row of cells) table.push(row.map((cell, index) => cut(cell, widths[index] ?? 0)));
  for (const line of table.toString().split('\n')) terminal.line(line.trimEnd());
}

function shrink(columns: readonly Column[], widths: number[], excess: number): void {
  const shrinking = columns.flatMap((column, index) => (column.shrinks === true ? [index] : []));
  let left = excess;
  for (const index of shrinking.reverse()) {
    const width = widths[index] ?? 0;
    const taken = Math.min(left, Math.max(0, width - 12));
    widths[index] = width - taken;
    left -= taken;
  }
}

/** A result as a client saw it: ruled, NULL marked, cells cut so that the table fits. */
export function resultTable(
  terminal: Terminal,
  columns: readonly string[],
  rows: readonly (readonly (string | null)[])[],
): readonly string[] {
  const room = (terminal.columns ?? 160) - 4;
  const widest = Math.max(6, Math.floor(room / Math.max(1, columns.length)) - 3);
  const { paint } = { paint: terminal.paint.bind(terminal) };
  const table = new Table({
    head: columns.map((column) => paint('bold', cut(oneLine(column), widest))),
    style: { head: [], border: terminal.interactive ? ['grey'] : [], compact: true },
  });
  for (const row of rows) {
    table.push(row.map((cell) => (cell === null ? paint('dim', 'NULL') : cut(oneLine(cell), widest))));
  }
  return table.toString().split('\n');
}
