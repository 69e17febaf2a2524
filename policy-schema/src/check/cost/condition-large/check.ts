import { nodesOf } from '../../../conditions/tree.ts';
import type { Check } from '../../check.ts';
import { treeOf } from '../../risk/condition-parts.ts';

const most = 150;

export const conditionLarge: Check<'rule'> = {
  code: 'condition-large',
  family: 'cost',
  severity: 'information',
  title: 'A condition of so many parts that nobody can read it.',
  unit: 'rule',
  reads: 'unit',
  check(unit, report) {
    const tree = treeOf(unit);
    if (tree === undefined || unit.condition === undefined || unit.condition.source.length < most) return;
    let parts = 0;
    for (const node of nodesOf(tree)) {
      // The texts of a list cost little, and read well.
      if (node.kind === 'list') parts -= node.items.filter(({ kind }) => kind === 'literal').length;
      parts++;
    }
    if (parts <= most) return;
    const message = `This condition has ${parts} parts, and each request pays for them. Make rules of its alternatives, say with \`tables\` and \`columns\` what they can say, or ask with \`in [...]\`.`;
    report(unit.condition.node.range, message);
  },
};
