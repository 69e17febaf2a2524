import type { BudgetStatus } from '../control/messages.ts';
import { count, duration, size } from './format.ts';
import { out } from './terminal.ts';
import { cut, oneLine, padEnd, padStart, widthOf } from './text.ts';

const barCells = 16;
const whoseCells = 32;
/** Less than this share left is worth a second look. */
const scarce = 0.2;

/** What is used as a bar: one cell at least for anything at all, and every cell only where nothing is left. */
export function bar(used: number, bound: number): string {
  const cells = Math.round((used / bound) * barCells);
  const filled = used >= bound ? barCells : used <= 0 ? 0 : Math.min(barCells - 1, Math.max(1, cells));
  return '█'.repeat(filled) + '░'.repeat(barCells - filled);
}

const amounts: Readonly<Record<BudgetStatus['of'], (value: number) => string>> = {
  rows: count,
  bytes: size,
  cost: (value) => count(Math.floor(value)),
};

function whose({ resource, per, agent = '', session = '' }: BudgetStatus): string {
  const names: Readonly<Record<BudgetStatus['per'], string>> = {
    session: `session ${session.slice(0, 8)} of ${oneLine(agent)}`,
    agent: `${resource} · ${oneLine(agent)}`,
    day: `${resource} · everybody`,
  };
  return cut(names[per], whoseCells);
}

/**
 * What is left of each budget, as bars. None for no budgets.
 * @param now for how long it is until they are refilled
 */
export function budgetLines(budgets: readonly BudgetStatus[], now: Date): readonly string[] {
  const rows = budgets.map((budget) => ({
    budget,
    whose: whose(budget),
    left: amounts[budget.of](Math.max(0, budget.bound - budget.used)),
    bound: amounts[budget.of](budget.bound),
  }));
  const widest = (cells: readonly string[]) => Math.max(0, ...cells.map(widthOf));
  const whoseColumns = widest(rows.map((row) => row.whose));
  const leftColumns = widest(rows.map((row) => row.left));
  const lines = rows.map(({ budget: { used, bound, of }, ...row }, index) => {
    const isUp = used >= bound;
    const colour = isUp ? 'red' : used >= bound * (1 - scarce) ? 'yellow' : 'green';
    return [
      padEnd(rows[index - 1]?.whose === row.whose ? '' : row.whose, whoseColumns),
      out.paint('dim', padEnd(of, 5)),
      out.paint(colour, bar(used, bound)),
      `${out.paint(isUp ? ['red', 'bold'] : 'bold', padStart(row.left, leftColumns))} left ${out.paint('dim', `of ${row.bound}`)}`,
    ].join('  ');
  });
  const refills = budgets.find((budget) => budget.refills !== undefined)?.refills;
  if (refills === undefined) return lines;
  const left = duration(Math.max(0, new Date(refills).getTime() - now.getTime()));
  return [...lines, out.paint('dim', `refilled at 00:00 UTC, in ${left}; sessions are not`)];
}
