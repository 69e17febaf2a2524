import { sqlVocabulary } from '../../../vocabulary/sql/vocabulary.ts';
import type { Check } from '../../check.ts';
import { isAny } from '../../rule-parts.ts';
import { messageOf } from '../message-parts.ts';

const kinds = Object.keys(sqlVocabulary.actions).filter((kind) => /^[a-z]+$/.test(kind));
/** SQL's own words, as people write them in capitals. */
const word = new RegExp(`\\b(${kinds.join('|').toUpperCase()})\\b`, 'g');
const refusal = /\b(not|never|no|forbidden|denied|refused|blocked|cannot)\b/i;
/** What to do in place of it names other kinds with reason. */
const advice =
  /\b(instead|use|with|by|through|first|rather|try|run|write|before|after|unless|without|except|only)\b/i;

export const messageNamesOtherAction: Check<'rule'> = {
  code: 'message-names-other-action',
  family: 'hygiene',
  severity: 'warning',
  title: 'A message that refuses a kind of statement which its rule does not speak of.',
  unit: 'rule',
  reads: 'unit',
  check(unit, report) {
    const { actions } = unit.rule.selector;
    const message = messageOf(unit);
    if (message === undefined || actions === undefined || actions.some(isAny) || unit.rule.effect !== 'deny')
      return;
    const named = [...message.value.matchAll(word)];
    const [first] = named;
    if (first === undefined || named.some(([text]) => actions.includes(text.toLowerCase()))) return;
    if (!refusal.test(message.value) || advice.test(message.value)) return;
    const range = message.offsets().range(first.index, first.index + first[0].length);
    report(
      range,
      `This message speaks of \`${first[0]}\`, but the rule is for ${actions.map((kind) => `\`${kind}\``).join(', ')}. An agent believes what it reads: name what the rule refuses.`,
    );
  },
};
