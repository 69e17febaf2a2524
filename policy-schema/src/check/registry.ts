import type { AnyCheck } from './check.ts';
import { confusablesChecks } from './confusables/checks.ts';
import { correctnessChecks } from './correctness/checks.ts';
import { costChecks } from './cost/checks.ts';
import { deadPolicyChecks } from './dead-policy/checks.ts';
import { hygieneChecks } from './hygiene/checks.ts';
import { riskChecks } from './risk/checks.ts';

/** Every check that looks at more than the language itself, family by family. */
export const checks: readonly AnyCheck[] = [
  ...correctnessChecks,
  ...deadPolicyChecks,
  ...riskChecks,
  ...costChecks,
  ...hygieneChecks,
  ...confusablesChecks,
];
