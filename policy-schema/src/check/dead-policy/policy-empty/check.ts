import { entryOf } from '../../../syntax/tree.ts';
import type { Check } from '../../check.ts';

export const policyEmpty: Check<'policy'> = {
  code: 'policy-empty',
  family: 'dead-policy',
  severity: 'information',
  title: 'A policy without rules, masks, limits and budgets.',
  unit: 'policy',
  reads: 'file',
  check({ policy, root }, report) {
    const { rules, masks, limits, budgets, mode } = policy;
    if (rules.length + masks.length > 0) return;
    if (Object.keys(limits).length + Object.keys(budgets).length > 0) return;
    // Lists are made for other files.
    if (entryOf(root, 'lists') !== undefined) return;
    const name = entryOf(root, 'name')?.value.range ?? root.range;
    if (mode === 'observe') {
      const message =
        'This policy has no rules and only observes: where no other policy enforces, everything passes. Write rules to observe, or remove the file.';
      report(name, message, { severity: 'warning' });
      return;
    }
    const message =
      'This policy has no rules, masks, limits or budgets. All it does is to deny, where it applies, what no other policy allows. Write rules, or remove the file.';
    report(name, message);
  },
};
