/**
 * A condition as logic over atoms: the smallest parts that are true or false. Of an atom that looks at one field by
 * itself it is known which values of the field make a difference; of any other, nothing is presumed.
 */
import { type CompiledCondition, compileCondition } from '../../conditions/condition.ts';
import type { ConditionNode } from '../../conditions/tree.ts';
import type { DecisionInput } from '../decision.ts';
import { type Reading, readingOf } from './lines.ts';

/** What an atom or a condition comes to. `fails`: it cannot be evaluated. */
export type Outcome = boolean | 'fails';

export interface Atom extends Reading {
  readonly source: string;
  test(input: DecisionInput): Outcome;
}

export type Logic =
  | { readonly kind: 'atom'; readonly atom: Atom }
  | { readonly kind: 'constant'; readonly outcome: Outcome }
  | { readonly kind: 'not'; readonly operand: Logic }
  | { readonly kind: 'and' | 'or'; readonly left: Logic; readonly right: Logic }
  | { readonly kind: 'choice'; readonly test: Logic; readonly yes: Logic; readonly no: Logic };

const compiled = new Map<string, CompiledCondition>();

function compiledOnce(source: string): CompiledCondition {
  let known = compiled.get(source);
  if (known === undefined) {
    if (compiled.size > MAX_KEPT) compiled.clear();
    known = compileCondition(source);
    compiled.set(source, known);
  }
  return known;
}

const kept = new Map<string, Logic>();
const atoms = new Map<string, Atom>();
const MAX_KEPT = 5000;

/** The logic of a condition; a condition that does not compile always fails. Equal texts share their atoms. */
export function logicOf(condition: string): Logic {
  let logic = kept.get(condition);
  if (logic === undefined) {
    if (kept.size + atoms.size > MAX_KEPT) {
      kept.clear();
      atoms.clear();
    }
    logic = madeLogic(condition);
    kept.set(condition, logic);
  }
  return logic;
}

function madeLogic(condition: string): Logic {
  const known = compiledOnce(condition);
  if (!known.ok) return { kind: 'constant', outcome: 'fails' };
  return part(known.condition.tree, condition) ?? opaque(condition);
}

const opaque = (condition: string): Logic => ({
  kind: 'atom',
  atom: atomOf(condition, { paths: [], lines: [], plain: false, mayFail: true }),
});

/** Undefined: some part does not stand for itself in the source, so that the whole is taken as one atom. */
function part(node: ConditionNode, source: string): Logic | undefined {
  switch (node.kind) {
    case 'literal':
      return typeof node.value === 'boolean' ? { kind: 'constant', outcome: node.value } : undefined;
    case 'unary': {
      const operand = part(node.operand, source);
      return operand && { kind: 'not', operand };
    }
    case 'conditional': {
      const [test, yes, no] = [part(node.test, source), part(node.yes, source), part(node.no, source)];
      return test && yes && no && { kind: 'choice', test, yes, no };
    }
    case 'binary': {
      if (node.operator !== '&&' && node.operator !== '||') break;
      const [left, right] = [part(node.left, source), part(node.right, source)];
      return left && right && { kind: node.operator === '&&' ? 'and' : 'or', left, right };
    }
  }
  const text = source.slice(node.start, node.end);
  const known = atoms.get(text);
  if (known !== undefined) return { kind: 'atom', atom: known };
  if (!compiledOnce(text).ok) return undefined;
  const made = atomOf(text, readingOf(node));
  atoms.set(text, made);
  return { kind: 'atom', atom: made };
}

function atomOf(source: string, reading: Reading): Atom {
  const known = compiledOnce(source);
  return {
    source,
    ...reading,
    test: (input) => {
      const result = known.ok ? known.condition.evaluate(input) : 'fails';
      return typeof result === 'boolean' ? result : 'fails';
    },
  };
}

/** As CEL has it: what fails does not count where the other side decides. */
export function outcomeOf(logic: Logic, of: (atom: Atom) => Outcome): Outcome {
  switch (logic.kind) {
    case 'constant':
      return logic.outcome;
    case 'atom':
      return of(logic.atom);
    case 'not': {
      const inner = outcomeOf(logic.operand, of);
      return inner === 'fails' ? 'fails' : !inner;
    }
    case 'choice': {
      const test = outcomeOf(logic.test, of);
      return test === 'fails' ? 'fails' : outcomeOf(test ? logic.yes : logic.no, of);
    }
    default: {
      const deciding = logic.kind === 'or';
      const left = outcomeOf(logic.left, of);
      if (left === deciding) return deciding;
      const right = outcomeOf(logic.right, of);
      if (right === deciding) return deciding;
      return left === 'fails' || right === 'fails' ? 'fails' : !deciding;
    }
  }
}

export function* atomsOf(logic: Logic): Generator<Atom> {
  switch (logic.kind) {
    case 'constant':
      return;
    case 'atom':
      yield logic.atom;
      return;
    case 'not':
      yield* atomsOf(logic.operand);
      return;
    case 'choice':
      yield* atomsOf(logic.test);
      yield* atomsOf(logic.yes);
      yield* atomsOf(logic.no);
      return;
    default:
      yield* atomsOf(logic.left);
      yield* atomsOf(logic.right);
  }
}
