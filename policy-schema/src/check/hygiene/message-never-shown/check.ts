import { removeEntry } from '../../../syntax/edits.ts';
import { entryOf } from '../../../syntax/tree.ts';
import type { Check } from '../../check.ts';

const remove = 'Remove the message';

export const messageNeverShown: Check<'rule'> = {
  code: 'message-never-shown',
  family: 'hygiene',
  severity: 'information',
  title: 'A message on an allow rule, which nobody is ever shown.',
  unit: 'rule',
  reads: 'unit',
  fixes: { [remove]: 'safe' },
  check({ node, rule, policy }, report) {
    const entry = entryOf(node, 'message');
    if (rule.effect !== 'allow' || entry === undefined || rule.message === undefined) return;
    const message =
      'Messages are shown to whoever is refused or held, and this rule does neither. Write a `description`, or remove it.';
    const edits = [removeEntry(policy.source, node, entry)];
    const range = { start: entry.keyRange.start, end: entry.value.range.end };
    report(range, message, { fixes: [{ title: remove, safety: 'safe', edits }], unnecessary: true });
  },
};
