import type { AnyCheck } from '../check.ts';
import { ruleOverriddenByApprove } from './rule-overridden-by-approve/check.ts';
import { ruleOverriddenByDeny } from './rule-overridden-by-deny/check.ts';
import { ruleRedundant } from './rule-redundant/check.ts';
import { ruleRepeated } from './rule-repeated/check.ts';

/** The checks of this family, in the order of their codes. */
export const deadPolicyChecks: readonly AnyCheck[] = [
  ruleOverriddenByApprove,
  ruleOverriddenByDeny,
  ruleRedundant,
  ruleRepeated,
];
