import type { AnyCheck } from '../check.ts';
import { allowEverything } from './allow-everything/check.ts';
import { allowWithoutActions } from './allow-without-actions/check.ts';
import { allowWithoutTables } from './allow-without-tables/check.ts';
import { wildcardWrite } from './wildcard-write/check.ts';

/** The checks of this family, in the order of their codes. */
export const riskChecks: readonly AnyCheck[] = [
  allowEverything,
  allowWithoutActions,
  allowWithoutTables,
  wildcardWrite,
];
