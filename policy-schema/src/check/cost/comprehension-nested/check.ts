import { type ConditionNode, partsOf } from '../../../conditions/tree.ts';
import type { Check } from '../../check.ts';
import { pathOf, placeOf, treeOf } from '../../risk/condition-parts.ts';

type Comprehension = Extract<ConditionNode, { kind: 'comprehension' }>;

/** Comprehensions over a list of the request inside of another such one. The request says how long those lists are. */
function* nested(
  node: ConditionNode,
  outer?: Comprehension,
): Generator<readonly [Comprehension, Comprehension]> {
  let inside = outer;
  if (node.kind === 'comprehension' && pathOf(node.over)?.startsWith('request.') === true) {
    if (outer !== undefined) yield [outer, node];
    inside = node;
  }
  for (const part of partsOf(node)) yield* nested(part, inside);
}

export const comprehensionNested: Check<'rule'> = {
  code: 'comprehension-nested',
  family: 'cost',
  severity: 'information',
  title: 'A list of the request that is gone through for each item of another.',
  unit: 'rule',
  reads: 'unit',
  check(unit, report) {
    const tree = treeOf(unit);
    if (tree === undefined || unit.condition === undefined) return;
    for (const [outer, inner] of nested(tree)) {
      const list = pathOf(inner.over) ?? '';
      const message = `For each item of \`${pathOf(outer.over)}\` this goes through all of \`${list}\`, so the work grows with the product of both, and the request chooses both. Ask with \`in ${list}\`, or go through one list only.`;
      report(placeOf(unit.condition, inner.name), message);
    }
  },
};
