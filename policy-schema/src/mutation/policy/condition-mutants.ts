import { compiledCondition } from '../../conditions/condition-cache.ts';
import { type BinaryOperator, type ConditionNode, nodesOf } from '../../conditions/tree.ts';
import type { PolicyMutation } from './policy-mutant.ts';

export interface ConditionMutant {
  readonly mutation: PolicyMutation;
  readonly when: string;
}

/** The neighbour of each comparison, with which it differs least. */
const shifted: Readonly<Partial<Record<BinaryOperator, BinaryOperator>>> = {
  '>': '>=',
  '>=': '>',
  '<': '<=',
  '<=': '<',
  '==': '!=',
  '!=': '==',
};

/**
 * Conditions that differ from one in one place, each once, and only such as compile: negated, an operand of `&&` or `||` left
 * out or made to decide alone, a comparison moved by one step. Empty for a condition that does not compile.
 */
export function conditionMutants(when: string): readonly ConditionMutant[] {
  const compiled = compiledCondition(when);
  if (!compiled.ok) return [];
  const { tree } = compiled.condition;
  const made: ConditionMutant[] = [{ mutation: 'condition negated', when: negated(when) }];
  for (const node of nodesOf(tree)) {
    if (node.kind !== 'binary') continue;
    if (node.operator === '&&' || node.operator === '||') made.push(...operands(when, node, tree));
    const operator = shifted[node.operator];
    if (operator === undefined) continue;
    // Between the operands stand only the operator, white space, comments and parentheses.
    const at = when.indexOf(node.operator, node.left.end);
    if (at === -1 || at >= node.right.start) continue;
    const text = when.slice(0, at) + operator + when.slice(at + node.operator.length);
    made.push({ mutation: 'comparison shifted', when: text });
  }
  const seen = new Set([when]);
  return made.filter(({ when: text }) => {
    if (seen.has(text) || !compiledCondition(text).ok) return false;
    seen.add(text);
    return true;
  });
}

function negated(when: string): string {
  const whole = when.trim();
  return /^![\w.]+$/.test(whole) ? whole.slice(1) : /^[\w.]+$/.test(whole) ? `!${whole}` : `!(${whole})`;
}

function* operands(
  when: string,
  node: ConditionNode & { readonly kind: 'binary' },
  root: ConditionNode,
): Generator<ConditionMutant> {
  const own = whole(when, node);
  const put = (text: string) => when.slice(0, own.start) + text + when.slice(own.end);
  const isWrapped = /\($/.test(when.slice(0, own.start)) && when[own.end] === ')';
  for (const kept of [node.right, node.left]) {
    const part = whole(when, kept);
    const text = when.slice(part.start, part.end);
    const made = node === root ? text : put(isWrapped ? text : `(${text})`);
    yield { mutation: 'operand dropped', when: made };
  }
  // At the top this would be the rule removed, or the condition: those are mutants of the rule.
  if (node === root) return;
  yield { mutation: 'operand fixed', when: put(node.operator === '&&' ? 'false' : 'true') };
}

/** The range of a node with the parentheses that belong to it: the parser's ranges may leave one side of a pair out. */
function whole(
  when: string,
  { start, end }: Pick<ConditionNode, 'start' | 'end'>,
): Pick<ConditionNode, 'start' | 'end'> {
  const code = when.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g, (text) => ' '.repeat(text.length));
  let depth = 0;
  let lowest = 0;
  for (const character of code.slice(start, end)) {
    if (character === '(') depth++;
    else if (character === ')') depth--;
    lowest = Math.min(lowest, depth);
  }
  let [from, to] = [start, end];
  for (let missing = -lowest; missing > 0; missing--) from = Math.max(0, code.lastIndexOf('(', from - 1));
  for (let missing = depth - lowest; missing > 0; missing--) {
    const at = code.indexOf(')', to);
    to = at === -1 ? when.length : at + 1;
  }
  return { start: from, end: to };
}
