import { neverFails, truth } from '../../../conditions/truth.ts';
import { removeEntry } from '../../../syntax/edits.ts';
import { entryOf } from '../../../syntax/tree.ts';
import type { Check } from '../../check.ts';
import { wholeRange } from '../condition-edits.ts';

const remove = 'Remove the condition';

export const conditionAlwaysTrue: Check<'rule'> = {
  code: 'condition-always-true',
  family: 'dead-policy',
  severity: 'warning',
  title: 'A condition that every request fulfils.',
  unit: 'rule',
  reads: 'unit',
  fixes: { [remove]: 'safe' },
  check({ node, policy, condition }, report) {
    if (!condition?.compiled.ok) return;
    const { tree } = condition.compiled.condition;
    const when = entryOf(node, 'when');
    if (when === undefined || truth(tree) !== true) return;
    const isWritten = tree.kind === 'literal';
    const message = isWritten
      ? 'This condition is `true`, as if there were none. Remove it.'
      : 'This condition is always true, so the rule speaks of every request that its block fits. Remove it, or write `&&` where all parts must hold.';
    report(wholeRange(condition), message, {
      ...(isWritten ? { severity: 'information' } : {}),
      fixes: [
        {
          title: remove,
          safety: neverFails(tree) ? 'safe' : 'unsafe',
          edits: [removeEntry(policy.source, node, when)],
        },
      ],
      unnecessary: true,
    });
  },
};
