import type { AnyCheck } from '../check.ts';
import { allowByExclusion } from './allow-by-exclusion/check.ts';
import { allowConditionCanError } from './allow-condition-can-error/check.ts';
import { allowEverything } from './allow-everything/check.ts';
import { allowSchemaChanges } from './allow-schema-changes/check.ts';
import { allowWithoutActions } from './allow-without-actions/check.ts';
import { allowWithoutTables } from './allow-without-tables/check.ts';
import { applicationNameTrusted } from './application-name-trusted/check.ts';
import { approvalByAnyone } from './approval-by-anyone/check.ts';
import { approvalByRequester } from './approval-by-requester/check.ts';
import { approvalWindowTooLong } from './approval-window-too-long/check.ts';
import { broadFunctions } from './broad-functions/check.ts';
import { credentialCatalogs } from './credential-catalogs/check.ts';
import { dangerousAction } from './dangerous-action/check.ts';
import { dangerousFunction } from './dangerous-function/check.ts';
import { dangerousParameter } from './dangerous-parameter/check.ts';
import { denyConditionCanError } from './deny-condition-can-error/check.ts';
import { fineRangeMask } from './fine-range-mask/check.ts';
import { guessableMask } from './guessable-mask/check.ts';
import { harmlessShowsValues } from './harmless-shows-values/check.ts';
import { maskShowsMost } from './mask-shows-most/check.ts';
import { maskUnlessEveryone } from './mask-unless-everyone/check.ts';
import { observedMask } from './observed-mask/check.ts';
import { passwordInEnvironment } from './password-in-environment/check.ts';
import { personalColumnUnmasked } from './personal-column-unmasked/check.ts';
import { productionWithoutRecords } from './production-without-records/check.ts';
import { secretInText } from './secret-in-text/check.ts';
import { superuserLogin } from './superuser-login/check.ts';
import { textMatchAllow } from './text-match-allow/check.ts';
import { textMatchDeny } from './text-match-deny/check.ts';
import { timeWithoutZone } from './time-without-zone/check.ts';
import { wildcardWrite } from './wildcard-write/check.ts';
import { writablePersonalMask } from './writable-personal-mask/check.ts';

/** The checks of this family, in the order of their codes. */
export const riskChecks: readonly AnyCheck[] = [
  allowByExclusion,
  allowConditionCanError,
  allowEverything,
  allowSchemaChanges,
  allowWithoutActions,
  allowWithoutTables,
  applicationNameTrusted,
  approvalByAnyone,
  approvalByRequester,
  approvalWindowTooLong,
  broadFunctions,
  credentialCatalogs,
  dangerousAction,
  dangerousFunction,
  dangerousParameter,
  denyConditionCanError,
  fineRangeMask,
  guessableMask,
  harmlessShowsValues,
  maskShowsMost,
  maskUnlessEveryone,
  observedMask,
  passwordInEnvironment,
  personalColumnUnmasked,
  productionWithoutRecords,
  secretInText,
  superuserLogin,
  textMatchAllow,
  textMatchDeny,
  timeWithoutZone,
  wildcardWrite,
  writablePersonalMask,
];
