import type { Check } from '../../check.ts';
import { placeOf, treeOf } from '../condition-parts.ts';
import { narrowingKeys } from '../../rule-parts.ts';
import { textMatches } from '../text-matches.ts';

export const textMatchAllow: Check<'rule'> = {
  code: 'text-match-allow',
  family: 'risk',
  severity: 'warning',
  title: 'An allow rule that rests on words in the text, which anything can stand behind.',
  unit: 'rule',
  reads: 'unit',
  check(unit, report) {
    const tree = treeOf(unit);
    const { rule, condition } = unit;
    // Where tables or functions are named, the words only narrow down what is named anyway.
    if (rule.effect !== 'allow' || tree === undefined || !condition || narrowingKeys(rule).length > 0) return;
    for (const match of textMatches(tree)) {
      const message =
        'What a text contains says little of what it does: more statements, functions and other tables can stand in the same text. Name `actions` and `tables`.';
      report(placeOf(condition, match.node), message);
    }
  },
};
