import type { Check } from '../../check.ts';
import { nameRange, needlessRules, ruleAsPlace, ruleWords, withoutRule } from '../needless-rules.ts';

const remove = 'Remove the rule';
const does = { allow: 'allows', approve: 'holds for approval', deny: 'denies' } as const;

export const ruleRedundant: Check<'policy'> = {
  code: 'rule-redundant',
  family: 'dead-policy',
  severity: 'information',
  title: 'A rule whose work another rule does as well.',
  unit: 'policy',
  reads: 'world',
  fixes: { [remove]: 'safe' },
  check(unit, report, world) {
    for (const { held, by, why } of needlessRules(unit, world)) {
      if (why !== 'said') continue;
      const message = `All that this rule ${does[held.rule.effect]}, ${ruleWords(by, held)} ${does[by.rule.effect]} as well. Remove it, or narrow the wider rule down.`;
      report(nameRange(held), message, {
        related: [ruleAsPlace(by, 'This rule covers it.')],
        fixes: withoutRule(held, remove, 'safe'),
        unnecessary: true,
      });
    }
  },
};
