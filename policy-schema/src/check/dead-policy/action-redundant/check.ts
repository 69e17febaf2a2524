import { patternCovers } from '../../../evaluate/cover.ts';
import type { Check } from '../../check.ts';
import { patternsOf } from '../../rule-parts.ts';
import { repetitions, withoutItem } from '../repetitions.ts';

const remove = 'Remove the action';

export const actionRedundant: Check<'rule'> = {
  code: 'action-redundant',
  family: 'dead-policy',
  severity: 'warning',
  title: 'A kind of action that stands twice, or beside `*`.',
  unit: 'rule',
  reads: 'unit',
  fixes: { [remove]: 'safe' },
  check(unit, report) {
    for (const { item, by } of repetitions(patternsOf(unit, 'actions'), patternCovers)) {
      const message =
        item.text === by.text
          ? `\`${item.text}\` stands in this list already. Remove it, or write what was meant.`
          : `\`*\` stands for every action, \`${item.text}\` among them. Remove the one or the other.`;
      report(item.range, message, {
        fixes: withoutItem(unit.policy.source, item, remove),
        unnecessary: true,
      });
    }
  },
};
