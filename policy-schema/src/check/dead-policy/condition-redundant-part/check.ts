import { constantOf } from '../../../conditions/atoms.ts';
import { type Redundancy, redundancies } from '../../../conditions/redundancy.ts';
import type { Severity } from '../../../syntax/diagnostic.ts';
import type { Check } from '../../check.ts';
import { rangeIn, withoutPart } from '../condition-edits.ts';

const remove = 'Remove the part';
const shorten = 'Write it shorter';

function wordsFor({ of, part, within }: Redundancy): readonly [message: string, severity: Severity] {
  if (of === 'double') return ['Two negations are none. Remove both.', 'information'];
  if (of === 'compared')
    return [
      'This compares what is true or false already. Leave the comparison out, or write `!`.',
      'information',
    ];
  const and = within.kind === 'binary' && within.operator === '&&';
  const why =
    constantOf(part) === undefined
      ? `Where the other parts are ${and ? 'true' : 'false'}, this one is ${and ? 'true' : 'false'} too`
      : `This part is always ${and ? 'true' : 'false'}`;
  return [`${why}, so it changes nothing. Remove it, or write what was meant.`, 'warning'];
}

export const conditionRedundantPart: Check<'rule'> = {
  code: 'condition-redundant-part',
  family: 'dead-policy',
  severity: 'warning',
  title: 'A part of a condition that changes nothing.',
  unit: 'rule',
  reads: 'unit',
  fixes: { [remove]: 'safe', [shorten]: 'safe' },
  check({ policy, condition }, report) {
    if (!condition?.compiled.ok) return;
    const { tree } = condition.compiled.condition;
    for (const redundancy of redundancies(tree)) {
      const { of, part, within, exact } = redundancy;
      const [message, severity] = wordsFor(redundancy);
      const edits = withoutPart(policy.source, condition, tree, redundancy);
      report(
        rangeIn(condition, of === 'double' ? { start: within.start, end: part.start + 1 } : part),
        message,
        {
          severity,
          fixes: edits
            ? [{ title: of === 'part' ? remove : shorten, safety: exact ? 'safe' : 'unsafe', edits }]
            : [],
          ...(of === 'part' ? { unnecessary: true } : {}),
        },
      );
    }
  },
};
