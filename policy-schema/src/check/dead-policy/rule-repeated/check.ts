import type { Check } from '../../check.ts';
import { nameRange, needlessRules, ruleAsPlace, ruleWords, withoutRule } from '../needless-rules.ts';

const remove = 'Remove the second rule';
const merge = 'Remove the second rule with its message';

export const ruleRepeated: Check<'policy'> = {
  code: 'rule-repeated',
  family: 'dead-policy',
  severity: 'warning',
  title: 'A rule that stands there twice under two names.',
  unit: 'policy',
  reads: 'world',
  fixes: { [remove]: 'safe', [merge]: 'unsafe' },
  check(unit, report, world) {
    for (const { held, by, why } of needlessRules(unit, world)) {
      if (why !== 'repeated') continue;
      const sameWords = held.rule.message === undefined || held.rule.message === by.rule.message;
      const also = sameWords ? '' : ' Only one of the two messages is ever shown.';
      const message = `This is ${ruleWords(by, held)} once more.${also} Keep one of them, or change what was meant to differ.`;
      report(nameRange(held), message, {
        related: [ruleAsPlace(by, 'The same rule.')],
        fixes: withoutRule(held, sameWords ? remove : merge, sameWords ? 'safe' : 'unsafe'),
        unnecessary: true,
      });
    }
  },
};
