import { entryOf } from '../../../syntax/tree.ts';
import type { Check } from '../../check.ts';
import { messageFromName, messageOf } from '../message-parts.ts';

const add = 'Add a message made of the name';

export const denyWithoutMessage: Check<'rule'> = {
  code: 'deny-without-message',
  family: 'hygiene',
  severity: 'information',
  title: 'A deny rule that does not say what to do instead.',
  unit: 'rule',
  reads: 'unit',
  fixes: { [add]: 'unsafe' },
  check(unit, report) {
    const effect = entryOf(unit.node, 'effect')?.value;
    if (unit.rule.effect !== 'deny' || effect === undefined || messageOf(unit) !== undefined) return;
    const message =
      'Whoever is refused by this rule learns its name only, and an agent then tries the next way round it. Say in `message` what to do instead.';
    report(effect.range, message, messageFromName(unit, add));
  },
};
