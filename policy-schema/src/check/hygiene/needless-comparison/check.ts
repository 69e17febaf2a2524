import { type ConditionNode, nodesOf } from '../../../conditions/tree.ts';
import type { Check } from '../../check.ts';
import { operandText, rewritten, wholeRange } from '../../condition-edits.ts';
import { placeOf, treeOf } from '../../risk/condition-parts.ts';

const plain = 'Leave the comparison out';

/** The side that is compared with `true` or `false`, and whether it must hold. */
function compared(
  node: ConditionNode,
): { readonly side: ConditionNode; readonly holds: boolean } | undefined {
  if (node.kind !== 'binary' || (node.operator !== '==' && node.operator !== '!=')) return undefined;
  for (const [literal, side] of [
    [node.right, node.left],
    [node.left, node.right],
  ] as const) {
    if (literal.kind !== 'literal' || typeof literal.value !== 'boolean' || side.type !== 'bool') continue;
    if (side.kind !== 'literal') return { side, holds: literal.value === (node.operator === '==') };
  }
  return undefined;
}

export const needlessComparison: Check<'rule'> = {
  code: 'needless-comparison',
  family: 'hygiene',
  severity: 'information',
  title: 'A condition that compares what is true or false with `true` or `false`.',
  unit: 'rule',
  reads: 'unit',
  fixes: { [plain]: 'safe' },
  check(unit, report) {
    const { condition } = unit;
    const tree = treeOf(unit);
    if (tree === undefined || condition === undefined || !/true|false/.test(condition.source)) return;
    for (const node of nodesOf(tree)) {
      const found = compared(node);
      if (found === undefined) continue;
      const text = operandText(condition.source, found.side);
      const range = wholeRange(condition.source, node);
      const bare = !['binary', 'conditional'].includes(found.side.kind) || text?.startsWith('(') === true;
      const words = found.holds ? text : bare ? `!${text}` : `!(${text})`;
      const message = `This is true or false by itself${found.holds ? '' : ', and `!` turns it round'}. Write \`${words ?? '!…'}\`.`;
      const made = text === undefined ? {} : rewritten(unit, plain, 'safe', range, words ?? '');
      report(placeOf(condition, range ?? node), message, made);
    }
  },
};
