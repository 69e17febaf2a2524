import type { Check } from '../../check.ts';
import { nameRange, needlessRules, ruleAsPlace, ruleWords, withoutRule } from '../needless-rules.ts';

const remove = 'Remove the rule';

export const ruleOverriddenByApprove: Check<'policy'> = {
  code: 'rule-overridden-by-approve',
  family: 'dead-policy',
  severity: 'warning',
  title: 'An allow rule for what another rule always holds for approval.',
  unit: 'policy',
  reads: 'world',
  fixes: { [remove]: 'unsafe' },
  check(unit, report, world) {
    for (const { held, by, why } of needlessRules(unit, world)) {
      if (why !== 'asked') continue;
      const message = `For all that this rule allows, ${ruleWords(by, held)} asks a person, and approve beats allow. Narrow the approve rule down, or remove this one.`;
      report(nameRange(held), message, {
        related: [ruleAsPlace(by, 'This rule asks for approval.')],
        fixes: withoutRule(held, remove, 'unsafe'),
        unnecessary: true,
      });
    }
  },
};
