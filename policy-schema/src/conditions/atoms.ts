/** Comparisons with constants, and whether several of them can hold at once. */
import { parseTimestamp } from './functions.ts';
import type { ConditionNode } from './tree.ts';

export type OrderOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** What a part of a condition says of one value. `subject` is its spelling. */
export type Atom =
  | { readonly of: 'bool'; readonly subject: string; readonly value: boolean }
  /** `whole`: between two neighbours lies nothing. Times in milliseconds. */
  | {
      readonly of: 'order';
      readonly subject: string;
      readonly operator: OrderOperator;
      readonly value: number;
      readonly whole: boolean;
    }
  | {
      readonly of: 'text';
      readonly subject: string;
      readonly isIn: boolean;
      readonly values: readonly string[];
    };

const flipped: Readonly<Record<OrderOperator, OrderOperator>> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};
const negatedOperator: Readonly<Record<OrderOperator, OrderOperator>> = {
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
};

function isOrder(operator: string): operator is OrderOperator {
  return Object.hasOwn(flipped, operator);
}

/** A condition's part as a text that is the same for parts that mean the same to the letter. */
export function spelling(node: ConditionNode): string {
  switch (node.kind) {
    case 'literal':
      return typeof node.value === 'bigint' ? `${node.value}` : JSON.stringify([node.value]);
    case 'name':
      return node.name;
    case 'field':
      return `${spelling(node.object)}.${node.field.text}`;
    case 'call': {
      const given = node.arguments.map(spelling).join(', ');
      return `${node.receiver ? `${spelling(node.receiver)}.` : ''}${node.name.text}(${given})`;
    }
    case 'comprehension':
      return `${spelling(node.over)}.${node.name.text}(${node.variable.text}, ${node.body.map(spelling).join(', ')})`;
    case 'list':
      return `[${node.items.map(spelling).join(', ')}]`;
    case 'unary':
      return `${node.operator}(${spelling(node.operand)})`;
    case 'binary':
      return `(${spelling(node.left)} ${node.operator} ${spelling(node.right)})`;
    case 'conditional':
      return `(${spelling(node.test)} ? ${spelling(node.yes)} : ${spelling(node.no)})`;
  }
}

/** The constant that a node is, where it is one that can be compared. */
export type Constant =
  | { readonly of: 'number'; readonly value: number; readonly whole: boolean }
  | { readonly of: 'text'; readonly value: string }
  | { readonly of: 'bool'; readonly value: boolean };

export function constantOf(node: ConditionNode): Constant | undefined {
  if (node.kind === 'unary' && node.operator === '-') {
    const inner = constantOf(node.operand);
    return inner?.of === 'number' ? { ...inner, value: -inner.value } : undefined;
  }
  if (node.kind === 'call' && node.name.text === 'timestamp' && node.receiver === undefined) {
    const [given] = node.arguments;
    if (given?.kind !== 'literal' || typeof given.value !== 'string') return undefined;
    return { of: 'number', value: parseTimestamp(given.value).getTime(), whole: false };
  }
  if (node.kind !== 'literal') return undefined;
  switch (typeof node.value) {
    case 'bigint': {
      const value = Number(node.value);
      return Number.isSafeInteger(value) ? { of: 'number', value, whole: true } : undefined;
    }
    case 'number':
      return Number.isFinite(node.value) ? { of: 'number', value: node.value, whole: false } : undefined;
    case 'string':
      return { of: 'text', value: node.value };
    case 'boolean':
      return { of: 'bool', value: node.value };
    default:
      return undefined;
  }
}

export interface Comparison {
  readonly subject: ConditionNode;
  readonly operator: OrderOperator;
  readonly constant: Constant;
}

/** A comparison of something with a constant, the constant on the right. */
export function comparisonOf(node: ConditionNode): Comparison | undefined {
  if (node.kind !== 'binary' || !isOrder(node.operator)) return undefined;
  const [left, right] = [constantOf(node.left), constantOf(node.right)];
  if (left === undefined && right !== undefined)
    return { subject: node.left, operator: node.operator, constant: right };
  if (left !== undefined && right === undefined)
    return { subject: node.right, operator: flipped[node.operator], constant: left };
  return undefined;
}

/** What a bool part says, where that is about one value; every other part is a value of its own. */
export function atomOf(node: ConditionNode): Atom {
  if (node.kind === 'unary' && node.operator === '!') return negated(atomOf(node.operand));
  const opaque: Atom = { of: 'bool', subject: spelling(node), value: true };
  if (node.kind === 'binary' && node.operator === 'in') return membership(node.left, node.right) ?? opaque;
  const comparison = comparisonOf(node);
  if (comparison === undefined) return opaque;
  const { operator, constant } = comparison;
  const subject = spelling(comparison.subject);
  switch (constant.of) {
    case 'number': {
      const whole = constant.whole && comparison.subject.type === 'int';
      return { of: 'order', subject, operator, value: constant.value, whole };
    }
    case 'text':
      return operator === '==' || operator === '!='
        ? { of: 'text', subject, isIn: operator === '==', values: [constant.value] }
        : opaque;
    case 'bool': {
      if (operator !== '==' && operator !== '!=') return opaque;
      const inner = atomOf(comparison.subject);
      return (operator === '==') === constant.value ? inner : negated(inner);
    }
  }
}

function membership(item: ConditionNode, list: ConditionNode): Atom | undefined {
  if (list.kind !== 'list') return undefined;
  const values = list.items.map(constantOf);
  const texts = values.flatMap((value) => (value?.of === 'text' ? [value.value] : []));
  if (texts.length < values.length || constantOf(item) !== undefined) return undefined;
  return { of: 'text', subject: spelling(item), isIn: true, values: texts };
}

export function negated(atom: Atom): Atom {
  switch (atom.of) {
    case 'bool':
      return { ...atom, value: !atom.value };
    case 'order':
      return { ...atom, operator: negatedOperator[atom.operator] };
    case 'text':
      return { ...atom, isIn: !atom.isIn };
  }
}

/** Whether an atom and its negation between them leave nothing out. No number that is none is equal to itself. */
export function isTwoSided(atom: Atom): boolean {
  return atom.of !== 'order' || atom.whole;
}

/** Whether two atoms say the same. */
export function sameAtom(a: Atom, b: Atom): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Whether the atoms surely do not all hold at once. */
export function contradict(atoms: readonly Atom[]): boolean {
  const bySubject = Map.groupBy(atoms, ({ of, subject }) => `${of} ${subject}`);
  return [...bySubject.values()].some((own) => {
    if (
      own[0]?.of === 'text' &&
      own.some((atom) => atom.of === 'text' && atom.isIn && atom.values.length === 0)
    )
      return true;
    if (own.length < 2) return false;
    switch (own[0]?.of) {
      case 'bool':
        return (
          own.some((atom) => atom.of === 'bool' && atom.value) &&
          own.some((atom) => atom.of === 'bool' && !atom.value)
        );
      case 'order':
        return noNumber(own);
      case 'text':
        return noText(own);
      default:
        return false;
    }
  });
}

function noText(atoms: readonly Atom[]): boolean {
  let allowed: readonly string[] | undefined;
  const excluded = new Set<string>();
  for (const atom of atoms) {
    if (atom.of !== 'text') continue;
    if (atom.isIn) allowed = allowed?.filter((value) => atom.values.includes(value)) ?? atom.values;
    else for (const value of atom.values) excluded.add(value);
  }
  return allowed?.every((value) => excluded.has(value)) ?? false;
}

/** More whole numbers than this are not gone through one by one. */
const MAX_STEPS = 64;

function noNumber(atoms: readonly Atom[]): boolean {
  let [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  let [lowOpen, highOpen] = [false, false];
  const excluded = new Set<number>();
  let whole = true;
  const atLeast = (value: number, open: boolean) => {
    if (value > low || (value === low && open)) [low, lowOpen] = [value, open];
  };
  const atMost = (value: number, open: boolean) => {
    if (value < high || (value === high && open)) [high, highOpen] = [value, open];
  };
  for (const atom of atoms) {
    if (atom.of !== 'order') continue;
    whole &&= atom.whole;
    const { operator, value } = atom;
    if (operator === '!=') excluded.add(value);
    if (operator === '>' || operator === '>=' || operator === '==') atLeast(value, operator === '>');
    if (operator === '<' || operator === '<=' || operator === '==') atMost(value, operator === '<');
  }
  if (low > high || (low === high && (lowOpen || highOpen || excluded.has(low)))) return true;
  if (!whole || !Number.isFinite(low) || !Number.isFinite(high)) return false;
  const [first, last] = [lowOpen ? low + 1 : low, highOpen ? high - 1 : high];
  if (last - first > MAX_STEPS) return false;
  for (let value = first; value <= last; value++) if (!excluded.has(value)) return false;
  return true;
}
