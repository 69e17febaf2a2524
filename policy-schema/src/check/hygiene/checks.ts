import type { AnyCheck } from '../check.ts';
import { ignoreExpired } from './ignore-expired/check.ts';
import { ignoreUnknownCode } from './ignore-unknown-code/check.ts';
import { ignoreUnused } from './ignore-unused/check.ts';
import { ignoreWithoutReason } from './ignore-without-reason/check.ts';

/** The checks of this family, in the order of their codes. */
export const hygieneChecks: readonly AnyCheck[] = [
  ignoreExpired,
  ignoreUnknownCode,
  ignoreUnused,
  ignoreWithoutReason,
];
