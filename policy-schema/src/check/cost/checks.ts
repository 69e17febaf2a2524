import type { AnyCheck } from '../check.ts';
import { comprehensionNested } from './comprehension-nested/check.ts';
import { conditionLarge } from './condition-large/check.ts';
import { durationLimitLong } from './duration-limit-long/check.ts';
import { expensivePartFirst } from './expensive-part-first/check.ts';
import { limitHuge } from './limit-huge/check.ts';
import { noCostLimit } from './no-cost-limit/check.ts';
import { noRowLimit } from './no-row-limit/check.ts';
import { noStatementRate } from './no-statement-rate/check.ts';
import { regexComplexity } from './regex-complexity/check.ts';

/** The checks of this family, in the order of their codes. */
export const costChecks: readonly AnyCheck[] = [
  comprehensionNested,
  conditionLarge,
  durationLimitLong,
  expensivePartFirst,
  limitHuge,
  noCostLimit,
  noRowLimit,
  noStatementRate,
  regexComplexity,
];
