import { entryOf } from '../../../syntax/tree.ts';
import type { Check } from '../../check.ts';

export const observedLimit: Check<'policy'> = {
  code: 'observed-limit',
  family: 'dead-policy',
  severity: 'information',
  title: 'Limits or budgets of a policy that only observes.',
  unit: 'policy',
  reads: 'file',
  check({ policy, root }, report) {
    if (policy.mode !== 'observe') return;
    for (const key of ['limits', 'budgets'] as const) {
      const entry = entryOf(root, key);
      if (entry === undefined || Object.keys(policy[key]).length === 0) continue;
      const message = `A policy with \`mode: observe\` bounds nothing, so these ${key} hold for nobody. Put what must hold into a policy that enforces.`;
      report(entry.keyRange, message);
    }
  },
};
