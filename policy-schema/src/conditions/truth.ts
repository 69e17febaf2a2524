/**
 * What is surely known of a condition before any request comes. Every answer is proven, but for parts that cannot be
 * evaluated: `true` means that it is true whenever it has a value.
 */
import { type Atom, atomOf, constantOf, contradict, isTwoSided, negated } from './atoms.ts';
import { type ConditionNode, nodesOf } from './tree.ts';

export type Truth = boolean | undefined;

/** The parts of a chain of `&&` or `||`, those of chains of the same operator inside it too. */
export function chainOf(node: ConditionNode, operator: '&&' | '||'): readonly ConditionNode[] {
  return node.kind === 'binary' && node.operator === operator
    ? [...chainOf(node.left, operator), ...chainOf(node.right, operator)]
    : [node];
}

/** What holds where `node` is true, as far as a list of atoms can say it. */
function saidBy(node: ConditionNode): readonly Atom[] {
  if (node.kind === 'binary' && node.operator === '&&') return chainOf(node, '&&').flatMap(saidBy);
  if (node.kind === 'unary' && node.operator === '!') return deniedBy(node.operand);
  return [atomOf(node)];
}

/** What holds where `node` is false. */
function deniedBy(node: ConditionNode): readonly Atom[] {
  if (node.kind === 'binary' && node.operator === '||') return chainOf(node, '||').flatMap(deniedBy);
  if (node.kind === 'unary' && node.operator === '!') return saidBy(node.operand);
  const atom = atomOf(node);
  return isTwoSided(atom) ? [negated(atom)] : [];
}

/** What may be assumed beside a part of a chain: of `&&` that it holds, of `||` that it does not. */
export function assumedIn(part: ConditionNode, and: boolean): readonly Atom[] {
  return and ? saidBy(part) : deniedBy(part);
}

/** Parts and assumptions beyond this are too many to hold against each other. */
const MAX_ASSUMED = 200;

/**
 * Whether a condition is surely true, or surely not, where `assumed` holds.
 */
export function truth(node: ConditionNode, assumed: readonly Atom[] = []): Truth {
  const constant = constantOf(node);
  if (constant?.of === 'bool') return constant.value;
  if (assumed.length > MAX_ASSUMED) return undefined;
  if (node.kind === 'unary' && node.operator === '!') {
    const inner = truth(node.operand, assumed);
    return inner === undefined ? undefined : !inner;
  }
  if (node.kind === 'binary' && (node.operator === '&&' || node.operator === '||'))
    return chainTruth(chainOf(node, node.operator), node.operator === '&&', assumed);
  if (node.kind === 'conditional') {
    const test = truth(node.test, assumed);
    if (test !== undefined) return truth(test ? node.yes : node.no, assumed);
    const [yes, no] = [truth(node.yes, assumed), truth(node.no, assumed)];
    return yes === no ? yes : undefined;
  }
  return atomTruth(node, assumed);
}

function atomTruth(node: ConditionNode, assumed: readonly Atom[]): Truth {
  if (node.kind === 'binary') {
    const [left, right] = [constantOf(node.left), constantOf(node.right)];
    if (left !== undefined && right !== undefined && left.of === right.of) {
      if (node.operator === '==') return left.value === right.value;
      if (node.operator === '!=') return left.value !== right.value;
    }
    if (node.operator === 'in' && node.right.kind === 'list' && node.right.items.length === 0) return false;
  }
  const atom = atomOf(node);
  if (contradict([...assumed, atom])) return false;
  return isTwoSided(atom) && contradict([...assumed, negated(atom)]) ? true : undefined;
}

/** @param and the chain is of `&&`, which one false part makes false; else of `||` and one true part */
function chainTruth(parts: readonly ConditionNode[], and: boolean, assumed: readonly Atom[]): Truth {
  if (parts.length > MAX_ASSUMED) return undefined;
  const said = parts.map((part) => assumedIn(part, and));
  // The chain is undecided only where all others are: what they say may be assumed.
  const isSettled = parts.some((part, index) => {
    const others = said.flatMap((atoms, other) => (other === index ? [] : atoms));
    return truth(part, [...assumed, ...others]) === !and;
  });
  if (isSettled) return !and;
  const before: Atom[] = [...assumed];
  const isWhole = parts.every((part, index) => {
    const known = truth(part, before) === and;
    before.push(...(said[index] ?? []));
    return known;
  });
  return isWhole ? and : undefined;
}

/** Whether a part can surely be evaluated, whatever the request: it is made of constants alone. */
export function neverFails(node: ConditionNode): boolean {
  for (const part of nodesOf(node)) {
    if (part.kind === 'literal' || part.kind === 'list') continue;
    if (part.kind === 'unary' && part.operator === '!') continue;
    if (part.kind === 'binary' && ['&&', '||', '==', '!='].includes(part.operator)) continue;
    return false;
  }
  return true;
}
