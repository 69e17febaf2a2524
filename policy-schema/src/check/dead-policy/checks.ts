import type { AnyCheck } from '../check.ts';
import { actionRedundant } from './action-redundant/check.ts';
import { approverRedundant } from './approver-redundant/check.ts';
import { budgetWithoutEffect } from './budget-without-effect/check.ts';
import { conditionAlwaysTrue } from './condition-always-true/check.ts';
import { conditionNeverTrue } from './condition-never-true/check.ts';
import { conditionRedundantPart } from './condition-redundant-part/check.ts';
import { limitWithoutEffect } from './limit-without-effect/check.ts';
import { listUnused } from './list-unused/check.ts';
import { maskRedundant } from './mask-redundant/check.ts';
import { observedLimit } from './observed-limit/check.ts';
import { patternRedundant } from './pattern-redundant/check.ts';
import { policyEmpty } from './policy-empty/check.ts';
import { ruleOverriddenByApprove } from './rule-overridden-by-approve/check.ts';
import { ruleOverriddenByDeny } from './rule-overridden-by-deny/check.ts';
import { ruleRedundant } from './rule-redundant/check.ts';
import { ruleRepeated } from './rule-repeated/check.ts';

/** The checks of this family, in the order of their codes. */
export const deadPolicyChecks: readonly AnyCheck[] = [
  actionRedundant,
  approverRedundant,
  budgetWithoutEffect,
  conditionAlwaysTrue,
  conditionNeverTrue,
  conditionRedundantPart,
  limitWithoutEffect,
  listUnused,
  maskRedundant,
  observedLimit,
  patternRedundant,
  policyEmpty,
  ruleOverriddenByApprove,
  ruleOverriddenByDeny,
  ruleRedundant,
  ruleRepeated,
];
