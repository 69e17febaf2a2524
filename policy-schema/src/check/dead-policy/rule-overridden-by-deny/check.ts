import type { Check } from '../../check.ts';
import { nameRange, needlessRules, ruleAsPlace, ruleWords, withoutRule } from '../needless-rules.ts';

const remove = 'Remove the rule';

export const ruleOverriddenByDeny: Check<'policy'> = {
  code: 'rule-overridden-by-deny',
  family: 'dead-policy',
  severity: 'warning',
  title: 'A rule for what another rule denies altogether.',
  unit: 'policy',
  reads: 'world',
  fixes: { [remove]: 'unsafe' },
  check(unit, report, world) {
    for (const { held, by, why } of needlessRules(unit, world)) {
      if (why !== 'denied') continue;
      const lets = held.rule.effect === 'allow' ? 'allows' : 'holds for approval';
      const message = `All that this rule ${lets}, ${ruleWords(by, held)} denies, and deny beats approve beats allow. Narrow the deny rule down, or remove this one.`;
      report(nameRange(held), message, {
        related: [ruleAsPlace(by, 'This rule denies it.')],
        fixes: withoutRule(held, remove, 'unsafe'),
        unnecessary: true,
      });
    }
  },
};
