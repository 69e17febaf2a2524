import { truth } from '../../../conditions/truth.ts';
import type { Check } from '../../check.ts';
import { wholeRange } from '../condition-edits.ts';
import { withoutRule } from '../needless-rules.ts';

const remove = 'Remove the rule';

const outcomes = {
  allow: 'so this rule allows nothing',
  approve: 'so this rule never asks anybody',
  deny: 'so this rule stops nothing',
} as const;

export const conditionNeverTrue: Check<'rule'> = {
  code: 'condition-never-true',
  family: 'dead-policy',
  severity: 'error',
  title: 'A condition that no request can fulfil.',
  unit: 'rule',
  reads: 'unit',
  fixes: { [remove]: 'unsafe' },
  check(unit, report) {
    if (!unit.condition?.compiled.ok) return;
    const { tree } = unit.condition.compiled.condition;
    if (truth(tree) !== false) return;
    const { effect } = unit.rule;
    const isWritten = tree.kind === 'literal';
    const message = isWritten
      ? `This condition is \`false\`, ${outcomes[effect]}. Remove the rule when it is not needed any more.`
      : `This condition is never true, because its parts exclude each other, ${outcomes[effect]}. Write \`||\` where one of them is enough, or remove the rule.`;
    report(wholeRange(unit.condition), message, {
      severity: isWritten ? 'information' : effect === 'allow' ? 'warning' : 'error',
      fixes: unit.policy.partial ? [] : withoutRule(unit, remove, 'unsafe'),
    });
  },
};
