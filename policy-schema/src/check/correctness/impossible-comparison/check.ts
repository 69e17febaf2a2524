import { settledComparison } from '../../../conditions/ranges.ts';
import { type ConditionNode, nodesOf } from '../../../conditions/tree.ts';
import type { Check } from '../../check.ts';

const hints: Readonly<Record<string, string>> = {
  getMonth: ' January is 0, December 11.',
  getDayOfMonth: ' The first day is 0; `getDate()` counts from 1.',
  getDayOfWeek: ' Sunday is 0, Saturday 6.',
  getHours: ' Midnight is 0.',
};

function nameOf(node: ConditionNode): string {
  if (node.kind === 'call') return node.name.text;
  return node.kind === 'field' ? node.field.text : '';
}

export const impossibleComparison: Check<'rule'> = {
  code: 'impossible-comparison',
  family: 'correctness',
  severity: 'warning',
  title: 'A comparison with a number that its other side never reaches.',
  unit: 'rule',
  reads: 'unit',
  check({ condition }, report) {
    if (!condition?.compiled.ok) return;
    for (const node of nodesOf(condition.compiled.condition.tree)) {
      const settled = settledComparison(node);
      if (settled === undefined) continue;
      const { subject, range, always } = settled;
      const name = nameOf(subject);
      const words =
        range.most === undefined ? `is never below ${range.least}` : `is ${range.least} to ${range.most}`;
      const hint = hints[name] ?? '';
      const spelled = subject.kind === 'call' ? `${name}()` : name;
      const message = `\`${spelled}\` ${words}, so this is ${always ? 'always' : 'never'} true.${hint} Write the number that is meant.`;
      report(condition.node.offsets().range(node.start, node.end), message);
    }
  },
};
