import type { Effect } from '@gatehouse/policy-schema/model/policy.ts';
import { type Format, type Terminal, out } from './terminal.ts';

/** How a request stands: `approve` is one that a person let pass, `waiting` one that waits for it. */
export type Standing = Effect | 'waiting';

interface Look {
  readonly symbol: string;
  readonly word: string;
  readonly format: Format;
}

/** Symbol and word and colour: none of them alone. */
const looks: Readonly<Record<Standing, Look>> = {
  allow: { symbol: '✓', word: 'allow', format: 'green' },
  approve: { symbol: '✓', word: 'approved', format: 'cyan' },
  deny: { symbol: '✗', word: 'deny', format: ['red', 'bold'] },
  waiting: { symbol: '‖', word: 'waiting', format: 'yellow' },
};

export const standingColumns = 10;

/** `✓ allow`, always {@link standingColumns} wide. */
export function standing(which: Standing, terminal: Terminal = out): string {
  const { symbol, word, format } = looks[which];
  return terminal.paint(format, `${symbol} ${word}`.padEnd(standingColumns));
}

export function formatOf(which: Standing): Format {
  return looks[which].format;
}

export function symbolOf(which: Standing): string {
  return looks[which].symbol;
}
