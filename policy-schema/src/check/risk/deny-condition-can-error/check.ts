import type { Check } from '../../check.ts';
import { placeOf } from '../condition-parts.ts';
import { askFirst, askingFirst, failingParts } from '../failing-conditions.ts';

export const denyConditionCanError: Check<'rule'> = {
  code: 'deny-condition-can-error',
  family: 'risk',
  severity: 'warning',
  title: 'A deny or approve rule whose condition can fail, and then denies more than it says.',
  unit: 'rule',
  reads: 'world',
  fixes: { [askFirst]: 'unsafe' },
  check(unit, report, world) {
    const { condition, rule } = unit;
    if (rule.effect === 'allow' || condition === undefined) return;
    for (const { failure, when } of failingParts(unit, world)) {
      const message = `${when} has no value, and the rule denies all that it speaks of. ${advice(failure.kind)}`;
      report(placeOf(condition, failure.node), message, askingFirst(unit, failure));
    }
  },
};

function advice(kind: string): string {
  if (kind === 'label') return 'Ask with `has()` first, or say which resources are meant in `applies.to`.';
  return kind === 'index'
    ? 'Ask for its `size()` first, or use `exists()`.'
    : 'Ask first whether it is one, or compare texts.';
}
