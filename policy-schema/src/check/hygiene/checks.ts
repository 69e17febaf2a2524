import type { AnyCheck } from '../check.ts';
import { approveWithoutMessage } from './approve-without-message/check.ts';
import { denyWithoutMessage } from './deny-without-message/check.ts';
import { descriptionContradictsEffect } from './description-contradicts-effect/check.ts';
import { existsForIn } from './exists-for-in/check.ts';
import { ignoreExpired } from './ignore-expired/check.ts';
import { ignoreUnknownCode } from './ignore-unknown-code/check.ts';
import { ignoreUnused } from './ignore-unused/check.ts';
import { ignoreWithoutReason } from './ignore-without-reason/check.ts';
import { longPolicy } from './long-policy/check.ts';
import { messageNamesOtherAction } from './message-names-other-action/check.ts';
import { messageNeverShown } from './message-never-shown/check.ts';
import { messageVague } from './message-vague/check.ts';
import { nameStyle } from './name-style/check.ts';
import { nameWithoutMeaning } from './name-without-meaning/check.ts';
import { needlessComparison } from './needless-comparison/check.ts';
import { negatedComparison } from './negated-comparison/check.ts';
import { orOfEquals } from './or-of-equals/check.ts';
import { ownerMissing } from './owner-missing/check.ts';
import { policyNameDiffersFromFile } from './policy-name-differs-from-file/check.ts';
import { todoComment } from './todo-comment/check.ts';

/** The checks of this family, in the order of their codes. */
export const hygieneChecks: readonly AnyCheck[] = [
  approveWithoutMessage,
  denyWithoutMessage,
  descriptionContradictsEffect,
  existsForIn,
  ignoreExpired,
  ignoreUnknownCode,
  ignoreUnused,
  ignoreWithoutReason,
  longPolicy,
  messageNamesOtherAction,
  messageNeverShown,
  messageVague,
  nameStyle,
  nameWithoutMeaning,
  needlessComparison,
  negatedComparison,
  orOfEquals,
  ownerMissing,
  policyNameDiffersFromFile,
  todoComment,
];
