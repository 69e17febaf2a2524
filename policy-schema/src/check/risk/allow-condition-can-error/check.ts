import type { Check } from '../../check.ts';
import { placeOf } from '../condition-parts.ts';
import { askFirst, askingFirst, failingParts } from '../failing-conditions.ts';

export const allowConditionCanError: Check<'rule'> = {
  code: 'allow-condition-can-error',
  family: 'risk',
  severity: 'information',
  title: 'An allow rule whose condition can fail, and then allows nothing without a word.',
  unit: 'rule',
  reads: 'world',
  fixes: { [askFirst]: 'safe' },
  check(unit, report, world) {
    const { condition, rule } = unit;
    if (rule.effect !== 'allow' || condition === undefined) return;
    for (const { failure, when } of failingParts(unit, world)) {
      const message = `${when} has no value, and the rule allows nothing there. If that is meant, ask for it first, so that it can be read.`;
      report(placeOf(condition, failure.node), message, askingFirst(unit, failure));
    }
  },
};
