import { entryOf } from '../../../syntax/tree.ts';
import type { Check } from '../../check.ts';
import { itemsOf } from '../../rule-parts.ts';
import { repetitions, withoutItem } from '../repetitions.ts';

const remove = 'Remove the approver';

export const approverRedundant: Check<'rule'> = {
  code: 'approver-redundant',
  family: 'dead-policy',
  severity: 'warning',
  title: 'An approver who stands twice, or beside `*`.',
  unit: 'rule',
  reads: 'unit',
  fixes: { [remove]: 'safe' },
  check(unit, report) {
    const by = itemsOf(entryOf(entryOf(unit.node, 'approval')?.value, 'by')?.value);
    // Only `*` itself is a pattern here.
    for (const { item, by: other } of repetitions(by, (outer, inner) => outer === '*' || outer === inner)) {
      const message =
        item.text === other.text
          ? `\`${item.text}\` stands in this list already. Remove it, or write who was meant.`
          : `\`*\` lets any person answer, so \`${item.text}\` adds nobody. Remove \`*\` if only those named may answer, or else the names.`;
      report(item.range, message, {
        fixes: withoutItem(unit.policy.source, item, remove),
        unnecessary: true,
      });
    }
  },
};
