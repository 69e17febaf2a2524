import { type ConditionNode, nodesOf } from '../../../conditions/tree.ts';
import type { Check } from '../../check.ts';
import { operandText, placedIn, placesOf, rewritten, wholeRange } from '../../condition-edits.ts';
import { pathOf, placeOf, treeOf } from '../../risk/condition-parts.ts';

const ask = 'Ask with `in`';

/** What each item is compared with, where that is all that the comprehension asks. Facts may be missing, so none of those. */
function sought(node: ConditionNode): ConditionNode | undefined {
  if (node.kind !== 'comprehension' || node.body.length !== 1 || pathOf(node.over) === undefined)
    return undefined;
  const operator = { exists: '==', all: '!=' }[node.name.text];
  const [body] = node.body;
  if (operator === undefined || body?.kind !== 'binary' || body.operator !== operator) return undefined;
  for (const [item, other] of [
    [body.left, body.right],
    [body.right, body.left],
  ] as const) {
    if (item.kind !== 'name' || item.name !== node.variable.text || other.type !== item.type) continue;
    if ([...nodesOf(other)].some((part) => part.kind === 'name' && part.name === node.variable.text))
      continue;
    if (other.kind === 'literal' || other.kind === 'name') return other;
  }
  return undefined;
}

export const existsForIn: Check<'rule'> = {
  code: 'exists-for-in',
  family: 'hygiene',
  severity: 'information',
  title: 'A comprehension that asks what `in` asks.',
  unit: 'rule',
  reads: 'unit',
  fixes: { [ask]: 'safe' },
  check(unit, report) {
    const { condition } = unit;
    const tree = treeOf(unit);
    if (tree === undefined || condition === undefined || !/exists|all/.test(condition.source)) return;
    for (const { node, parent } of placesOf(tree)) {
      const found = sought(node);
      if (found === undefined || node.kind !== 'comprehension') continue;
      const holds = `${operandText(condition.source, found)} in ${pathOf(node.over)}`;
      const words = node.name.text === 'all' ? `!(${holds})` : placedIn(parent, holds);
      const range = wholeRange(condition.source, node);
      const message = `This asks whether a list holds one item. Write \`${node.name.text === 'all' ? words : holds}\`.`;
      report(placeOf(condition, node.name), message, rewritten(unit, ask, 'safe', range, words));
    }
  },
};
