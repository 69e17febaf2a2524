import { comparisonOf } from '../../../conditions/atoms.ts';
import { nodesOf } from '../../../conditions/tree.ts';
import type { Check } from '../../check.ts';

export const timestampInThePast: Check<'rule'> = {
  code: 'timestamp-in-the-past',
  family: 'correctness',
  severity: 'information',
  title: 'A condition that compares now with a time that is over.',
  unit: 'rule',
  reads: 'world',
  check({ condition, rule }, report, { now }) {
    if (!condition?.source.includes('timestamp') || !condition.compiled.ok) return;
    for (const node of nodesOf(condition.compiled.condition.tree)) {
      const comparison = comparisonOf(node);
      if (comparison?.constant.of !== 'number' || comparison.subject.kind !== 'name') continue;
      const { subject, constant, operator } = comparison;
      if (subject.name !== 'now' || constant.value >= now.getTime()) continue;
      const never = operator === '<' || operator === '<=' || operator === '==';
      const day = new Date(constant.value).toISOString().slice(0, 10);
      const message = never
        ? `This is no longer true since ${day}. Remove the rule, or set a new time.`
        : `This is always true since ${day}. Remove the comparison, as it decides nothing any more.`;
      // What was to be stopped until then passes since then.
      const severity = never && rule.effect !== 'allow' ? 'warning' : 'information';
      report(condition.node.offsets().range(node.start, node.end), message, { severity });
    }
  },
};
