import { addEntry } from '../../../syntax/edits.ts';
import { entryOf } from '../../../syntax/tree.ts';
import type { Check } from '../../check.ts';
import { onlyForTrials } from '../places.ts';
import { grantsFreely, isAny, patternsOf, speaksOfEveryKind } from '../../rule-parts.ts';

const readOnly = 'Allow select alone';

export const allowWithoutActions: Check<'rule'> = {
  code: 'allow-without-actions',
  family: 'risk',
  severity: 'warning',
  title: 'An allow rule that names tables, and lets anything be done to them.',
  unit: 'rule',
  reads: 'world',
  fixes: { [readOnly]: 'unsafe' },
  check(unit, report, world) {
    const { node, rule, policy } = unit;
    const block = entryOf(node, 'sql');
    const tables = entryOf(block?.value, 'tables');
    if (!grantsFreely(unit) || !speaksOfEveryKind(rule) || !tables || onlyForTrials(policy, world)) return;
    // What has columns is read or written; neither DROP nor TRUNCATE names any.
    if (rule.selector.columns !== undefined) return;
    const any = patternsOf(unit, 'actions').find(({ text }) => isAny(text));
    const message =
      'This allows every action on these tables: drop, truncate and grant as well as select. Say which `actions` are meant.';
    const fixes =
      any === undefined && block?.value.kind === 'mapping'
        ? [
            {
              title: readOnly,
              safety: 'unsafe' as const,
              edits: [addEntry(policy.source, block.value, 'actions', '[select]')],
            },
          ]
        : [];
    report(any?.range ?? tables.keyRange, message, { fixes });
  },
};
