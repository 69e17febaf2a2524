import type { Check } from '../../check.ts';
import { messageOf } from '../message-parts.ts';

const empty =
  /^(access |permission |request |action |operation |this |that |it |is |was |has been |by |gatehouse |the |policy |you |may |can |cannot |are |do |dont |must |error |sorry |please )*(denied|deny|no|nope|never|not allowed|disallowed|not permitted|forbidden|blocked|prohibited|refused|rejected|not this|not do this|not do that|policy violation|violation|stop|approval|approve|approval needed|approval required|needs approval|requires approval|ask|check|review)( by (the )?policy| by gatehouse| here| please)*$/;

export const messageVague: Check<'rule'> = {
  code: 'message-vague',
  family: 'hygiene',
  severity: 'information',
  title: 'A message that says no more than that the request was refused or held.',
  unit: 'rule',
  reads: 'unit',
  check(unit, report) {
    const message = messageOf(unit);
    if (message === undefined || unit.rule.effect === 'allow') return;
    const words = message.value
      .toLowerCase()
      .replace(/'/g, '')
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim();
    if (words.length >= 10 && !empty.test(words)) return;
    const instead =
      'This says no more than the answer itself. Say what to do instead, or whom to ask: agents read it, and follow it.';
    report(message.range, instead);
  },
};
