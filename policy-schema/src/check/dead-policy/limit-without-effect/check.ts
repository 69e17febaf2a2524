import type { Check } from '../../check.ts';
import { boundAsPlace, boundWords, needlessBounds, withoutBound } from '../bounds.ts';

const remove = 'Remove the limit';

export const limitWithoutEffect: Check<'policy'> = {
  code: 'limit-without-effect',
  family: 'dead-policy',
  severity: 'information',
  title: 'A limit that another one, at most as large, makes needless.',
  unit: 'policy',
  reads: 'world',
  fixes: { [remove]: 'safe' },
  check(unit, report, world) {
    for (const covering of needlessBounds(unit, world, 'limits')) {
      const { entry } = covering.held;
      const message = `This limit is never reached: ${boundWords(covering)} holds wherever this policy applies, and the smallest counts. Remove it, or make it smaller.`;
      report({ start: entry.keyRange.start, end: entry.value.range.end }, message, {
        related: [boundAsPlace(covering)],
        fixes: withoutBound(covering.held, remove),
        unnecessary: true,
      });
    }
  },
};
