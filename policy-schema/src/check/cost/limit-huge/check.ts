import type { Limits } from '../../../model/policy.ts';
import { replace } from '../../../syntax/edits.ts';
import { entryOf } from '../../../syntax/tree.ts';
import type { Check } from '../../check.ts';

const lower = 'Write a limit that holds something back';

/** Durations have a check of their own. */
type Bound = Exclude<keyof Limits, 'duration'>;

/** From what on a limit holds nothing back, in its own unit, and what to write in its place. */
const bounds: Readonly<
  Record<Bound, { readonly most: number; readonly usual: string; readonly why: string }>
> = {
  rows: {
    most: 1_000_000,
    usual: '10000',
    why: 'nobody reads so many rows, and every table but the largest passes whole',
  },
  bytes: { most: 1_000_000_000, usual: '10MB', why: 'one answer may be larger than what fits into memory' },
  statementsPerMinute: { most: 6000, usual: '600', why: 'that is over a hundred requests in each second' },
  cost: {
    most: 1_000_000_000,
    usual: '1000000',
    why: 'the planner says such numbers of joins without a condition',
  },
  estimatedRows: {
    most: 1_000_000_000,
    usual: '1000000',
    why: 'the planner says such numbers of joins without a condition',
  },
};

export const limitHuge: Check<'policy'> = {
  code: 'limit-huge',
  family: 'cost',
  severity: 'information',
  title: 'A limit so large that it holds nothing back.',
  unit: 'policy',
  reads: 'file',
  fixes: { [lower]: 'unsafe' },
  check({ policy, root, source }, report) {
    const limits = entryOf(root, 'limits')?.value;
    for (const [key, { most, usual, why }] of Object.entries(bounds)) {
      const value = entryOf(limits, key)?.value;
      if (value === undefined || (policy.limits[key as Bound] ?? 0) <= most) continue;
      const message = `This limit holds nothing back: ${why}. Write what an agent needs, such as \`${key}: ${usual}\`.`;
      const edits = [replace(source, value.range, usual)];
      report(value.range, message, { fixes: [{ title: lower, safety: 'unsafe', edits }] });
    }
  },
};
