import type { ConditionNode } from '../../../conditions/tree.ts';
import type { Check } from '../../check.ts';
import { type Chain, chainsOf, operandRange, rewritten } from '../../condition-edits.ts';
import { pathOf, placeOf, treeOf } from '../../risk/condition-parts.ts';

const list = 'Ask with `in` and a list';
const least = 3;

interface Asked {
  readonly path: string;
  readonly literal: ConditionNode & { readonly kind: 'literal' };
}

/** A path that is compared with what is spelled out. */
function asked(node: ConditionNode, operator: '==' | '!='): Asked | undefined {
  if (node.kind !== 'binary' || node.operator !== operator) return undefined;
  for (const [literal, other] of [
    [node.right, node.left],
    [node.left, node.right],
  ] as const) {
    const path = pathOf(other);
    if (literal.kind !== 'literal' || path === undefined) continue;
    const known =
      typeof literal.value === 'string' ? 'string' : typeof literal.value === 'bigint' ? 'int' : '';
    if (other.type === known) return { path, literal };
  }
  return undefined;
}

/** `a == 1 || a == 2 || a == 3`, or the same of `&&` and `!=`. */
function alike({ operator, operands }: Chain): readonly Asked[] | undefined {
  if (operands.length < least) return undefined;
  const found = operands.map((each) => asked(each, operator === '||' ? '==' : '!='));
  const [first] = found;
  return first && found.every((each) => each?.path === first.path) ? (found as Asked[]) : undefined;
}

export const orOfEquals: Check<'rule'> = {
  code: 'or-of-equals',
  family: 'hygiene',
  severity: 'information',
  title: 'The same question three times or more, where a list would say it.',
  unit: 'rule',
  reads: 'unit',
  fixes: { [list]: 'safe' },
  check(unit, report) {
    const { condition } = unit;
    const tree = treeOf(unit);
    if (tree === undefined || condition === undefined) return;
    const { source } = condition;
    for (const chain of chainsOf(tree)) {
      const found = alike(chain);
      const [first, last] = [chain.operands[0], chain.operands.at(-1)];
      const [from, to] = [first && operandRange(source, first), last && operandRange(source, last)];
      if (found?.[0] === undefined || from === undefined || to === undefined) continue;
      const items = [...new Set(found.map(({ literal }) => source.slice(literal.start, literal.end)))];
      const holds = `${found[0].path} in [${items.join(', ')}]`;
      const words = chain.operator === '||' ? holds : `!(${holds})`;
      const range = { start: from.start, end: to.end };
      const message = `One list is easier to read and to add to than ${found.length} comparisons. Write \`${words}\`.`;
      report(placeOf(condition, range), message, rewritten(unit, list, 'safe', range, words));
    }
  },
};
