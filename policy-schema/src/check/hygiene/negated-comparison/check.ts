import type { ConditionNode } from '../../../conditions/tree.ts';
import type { Check } from '../../check.ts';
import { operandText, placedIn, placesOf, rewritten, wholeRange } from '../../condition-edits.ts';
import { placeOf, treeOf } from '../../risk/condition-parts.ts';

const direct = 'Say it without the negation';

/** What stands behind `!`, said directly; undefined where it reads well as it is. */
function said(operand: ConditionNode, source: string): string | undefined {
  if (operand.kind === 'unary' && operand.operator === '!') return operandText(source, operand.operand);
  if (operand.kind !== 'binary' || (operand.operator !== '==' && operand.operator !== '!=')) return undefined;
  const [left, right] = [operandText(source, operand.left), operandText(source, operand.right)];
  if (left === undefined || right === undefined) return undefined;
  return `${left} ${operand.operator === '==' ? '!=' : '=='} ${right}`;
}

export const negatedComparison: Check<'rule'> = {
  code: 'negated-comparison',
  family: 'hygiene',
  severity: 'information',
  title: 'A negation of a comparison or of another negation.',
  unit: 'rule',
  reads: 'unit',
  fixes: { [direct]: 'safe' },
  check(unit, report) {
    const { condition } = unit;
    const tree = treeOf(unit);
    if (tree === undefined || condition === undefined || !condition.source.includes('!')) return;
    const within = new Set<ConditionNode>();
    for (const { node, parent } of placesOf(tree)) {
      if (node.kind !== 'unary' || node.operator !== '!' || within.has(node)) continue;
      const words = said(node.operand, condition.source);
      if (words === undefined) continue;
      within.add(node.operand);
      const range = wholeRange(condition.source, node);
      const simple = node.operand.kind === 'unary' ? words : placedIn(parent, words);
      report(
        placeOf(condition, range ?? node),
        `Negations are easy to overlook where they decide who gets in. Write \`${words}\`.`,
        rewritten(unit, direct, 'safe', range, simple),
      );
    }
  },
};
