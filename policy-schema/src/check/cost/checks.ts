import type { AnyCheck } from '../check.ts';

/** The checks of this family, in the order of their codes. */
export const costChecks: readonly AnyCheck[] = [];
