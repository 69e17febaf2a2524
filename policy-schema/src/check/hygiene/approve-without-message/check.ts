import { entryOf } from '../../../syntax/tree.ts';
import type { Check } from '../../check.ts';
import { messageFromName, messageOf } from '../message-parts.ts';

const add = 'Add a message made of the name';

export const approveWithoutMessage: Check<'rule'> = {
  code: 'approve-without-message',
  family: 'hygiene',
  severity: 'information',
  title: 'A rule that asks for approval and does not say why.',
  unit: 'rule',
  reads: 'unit',
  fixes: { [add]: 'unsafe' },
  check(unit, report) {
    const effect = entryOf(unit.node, 'effect')?.value;
    if (unit.rule.effect !== 'approve' || effect === undefined || messageOf(unit) !== undefined) return;
    const message =
      'The agent and the person who is asked see no reason for this. Say in `message` what to look at before answering.';
    report(effect.range, message, messageFromName(unit, add));
  },
};
