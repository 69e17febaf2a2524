import type { Decision, DecisionInput } from '../decision.ts';
import type { Laxity } from './laxer.ts';
import type { Side } from './pieces.ts';

export type Direction = 'loosens' | 'tightens';

export interface Found {
  readonly direction: Direction;
  readonly input: DecisionInput;
  readonly before: Decision;
  readonly after: Decision;
  readonly laxity: Laxity;
  readonly declared: boolean;
  readonly cost: number;
}

export interface SearchResult {
  readonly found: Readonly<Partial<Record<Direction, Found>>>;
  /** What could not be decided, by the direction that it leaves open. */
  readonly open: Readonly<Record<Direction, readonly string[]>>;
}

/** The set that is the laxer one. */
export const laxerSide: Readonly<Record<Direction, Side>> = { loosens: 'after', tightens: 'before' };

export const tooLarge = 'too large: not every request that the change touches was compared';

/** Conditions that left something open, in words. */
export const notDecided = (conditions: readonly string[]): string =>
  `not decided: ${conditions.map((when) => `\`${brief(when)}\``).join(', ')}`;

const brief = (when: string): string => {
  const line = when.replace(/\s+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
};
