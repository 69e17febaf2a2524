import type { AnyCheck } from '../check.ts';

/** The checks of this family, in the order of their codes. */
export const riskChecks: readonly AnyCheck[] = [];
