import type { AnyCheck } from '../check.ts';
import { unknownGroup } from './unknown-group/check.ts';

/** The checks of this family, in the order of their codes. */
export const correctnessChecks: readonly AnyCheck[] = [unknownGroup];
