import { type ASTNode, ParseError, type ParseResult, TypeError as CelTypeError } from '@marcbachmann/cel-js';
import type { DecisionInput } from '../evaluate/decision.ts';
import {
  type ConditionEnvironment,
  type ConditionFacts,
  conditionEnvironment,
  conditionLimits,
} from './environment.ts';
import { withPublicNames } from './functions.ts';
import { ConditionMistake, type MistakeKind, restrict } from './restrict.ts';
import { readTree } from './read-tree.ts';
import { didYouMean, nearest } from './suggest.ts';
import type { ConditionNode } from './tree.ts';

/** `error`: the condition could not be evaluated, which is no answer at all. */
export type ConditionResult = boolean | { readonly error: string };

/** A compiled CEL condition. */
export interface Condition {
  readonly source: string;
  /** Whether the condition holds. Never throws; only `true` is a match. */
  evaluate(input: DecisionInput): ConditionResult;
  /** As {@link evaluate}, over facts made once for several conditions by {@link conditionFacts}. */
  test(facts: ConditionFacts): ConditionResult;
  /** Its parts, with their types. Made on first use. */
  readonly tree: ConditionNode;
}

/** `start` and `end` are UTF-16 offsets in the source. */
export interface ConditionError {
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly kind: 'syntax' | MistakeKind;
  /** The word that most likely should stand at the place. */
  readonly meant?: string;
}

export type CompiledCondition =
  | { readonly ok: true; readonly condition: Condition }
  | { readonly ok: false; readonly error: ConditionError };

const standard = conditionEnvironment();

/** The values that conditions see of a decision's input. */
export function conditionFacts(input: DecisionInput): ConditionFacts {
  return standard.facts(input);
}

/** The type that cel-js found for a node. Not in its declarations, so it is read with care. */
function checkedType(node: ASTNode): { name: string; dynamic: boolean } | undefined {
  const type: unknown = Reflect.get(node, 'checkedType');
  if (typeof type !== 'object' || type === null) return undefined;
  return { name: String(Reflect.get(type, 'name')), dynamic: Reflect.get(type, 'hasDynType') === true };
}

function children(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
    case '.?':
      return [node.args[0]];
    case 'call':
      return node.args[1];
    case 'rcall':
      return [node.args[1], ...node.args[2]];
    case 'map':
      return node.args.flat();
    case '!_':
    case '-_':
      return [node.args];
    default:
      return node.args;
  }
}

const DURATION = 'google.protobuf.Duration';

/** What the type check of cel-js lets pass: untyped values, and sums of durations, which it gets wrong below zero. */
function recheck(node: ASTNode): void {
  const type = checkedType(node);
  if (type?.dynamic) {
    const field = node.op === '.' ? { start: node.pos, end: node.end } : node;
    throw node.op === '.'
      ? new ConditionMistake(`No such field: ${node.args[1]}`, field, 'unknown-field')
      : new ConditionMistake('This has no certain type', field);
  }
  if (
    (node.op === '+' || node.op === '-') &&
    node.args.every((side) => checkedType(side)?.name === DURATION)
  ) {
    throw new ConditionMistake('Durations are not added or subtracted; write one literal', node);
  }
  for (const child of children(node)) recheck(child);
}

/** A range of at least one character inside the source. */
function clamp(start: number, end: number, source: string): { start: number; end: number } {
  const from = Math.max(0, Math.min(start, source.length));
  const to = Math.max(from, Math.min(end, source.length));
  if (to > from) return { start: from, end: to };
  return from < source.length ? { start: from, end: from + 1 } : { start: Math.max(0, from - 1), end: from };
}

function typeFault(
  error: CelTypeError,
  environment: ConditionEnvironment,
): Pick<ConditionError, 'message' | 'kind' | 'meant'> {
  const message = withPublicNames(error.summary);
  const node = error.node;
  if (error.code !== 'no_such_key' || (node?.op !== '.' && node?.op !== '[]'))
    return { message, kind: 'type' };
  const name = /^No such key: (.*)$/s.exec(message)?.[1] ?? '';
  const known = environment.fields.get(checkedType(node.args[0])?.name ?? '');
  const meant = nearest(name, known?.keys() ?? []);
  return {
    message: `No such field: ${name}${didYouMean(meant)}`,
    kind: 'unknown-field',
    ...(meant !== undefined && { meant }),
  };
}

function describe(thrown: unknown, source: string, environment: ConditionEnvironment): ConditionError {
  if (thrown instanceof ConditionMistake) {
    const { message, start, end, kind, meant } = thrown;
    return { message, ...clamp(start, end, source), kind, ...(meant !== undefined && { meant }) };
  }
  if (thrown instanceof CelTypeError) {
    const { start, end } = thrown.range ?? { start: 0, end: source.length };
    return { ...typeFault(thrown, environment), ...clamp(start, end, source) };
  }
  if (thrown instanceof ParseError) {
    const { start, end } = thrown.range ?? { start: 0, end: source.length };
    return { message: withPublicNames(thrown.summary), ...clamp(start, end, source), kind: 'syntax' };
  }
  // A RangeError of the stack, from nesting that the parser does not count (`!!!!…`).
  return { message: 'The condition is nested too deeply', start: 0, end: source.length, kind: 'syntax' };
}

function evaluationError(thrown: unknown): string {
  const summary: unknown = thrown instanceof Error ? Reflect.get(thrown, 'summary') : undefined;
  const text =
    typeof summary === 'string' ? summary : thrown instanceof Error ? thrown.message : String(thrown);
  return withPublicNames(text);
}

/**
 * Who sends the request chooses its lists and its text, so their product is bounded.
 * @param nesting comprehensions inside of each other, as {@link restrict} counts them
 * @returns of facts, why the source would cost too much over them
 */
export function costBound(source: string, nesting: number): (facts: ConditionFacts) => string | undefined {
  if (nesting === 0) return () => undefined;
  const readsText = /\btext\b/.test(source);
  return ({ longest, textLength }) => {
    const steps = longest ** nesting;
    if (nesting > 1 && steps > conditionLimits.maxComprehensionSteps) {
      return `a list of ${longest} is too long for nested comprehensions`;
    }
    if (readsText && steps * textLength > conditionLimits.maxComprehensionText) {
      return `a list of ${longest} and a text of ${textLength} are too long for a comprehension`;
    }
    return undefined;
  };
}

function compiled(
  source: string,
  run: ParseResult,
  nesting: number,
  environment: ConditionEnvironment,
): Condition {
  const tooMuch = costBound(source, nesting);
  const test = (facts: ConditionFacts): ConditionResult => {
    try {
      const excess = tooMuch(facts);
      if (excess !== undefined) return { error: excess };
      const value: unknown = run(facts.variables);
      if (typeof value === 'boolean') return value;
      return { error: `the condition gave a ${value instanceof Promise ? 'promise' : typeof value}` };
    } catch (thrown) {
      return { error: evaluationError(thrown) };
    }
  };
  let tree: ConditionNode | undefined;
  return {
    source,
    test,
    get tree() {
      tree ??= readTree(run.ast);
      return tree;
    },
    evaluate(input) {
      try {
        return test(environment.facts(input));
      } catch (thrown) {
        return { error: evaluationError(thrown) };
      }
    },
  };
}

/**
 * Compile a CEL condition: parse, restrict, check the types. Never throws.
 * @param source CEL text as it stands in the policy's scalar, at most 8192 UTF-16 units
 */
export function compileCondition(
  source: string,
  environment: ConditionEnvironment = standard,
): CompiledCondition {
  const refuse = (message: string, kind: 'syntax' | 'type'): CompiledCondition => ({
    ok: false,
    error: { message, start: 0, end: source.length, kind },
  });
  if (source.length > conditionLimits.maxSourceLength) {
    return refuse(`A condition has at most ${conditionLimits.maxSourceLength} characters`, 'syntax');
  }
  if (source.trim() === '') return refuse('The condition is empty', 'syntax');
  try {
    const run = environment.cel.parse(source);
    const nesting = restrict(run.ast, environment);
    const checked = run.check();
    if (!checked.valid) return { ok: false, error: describe(checked.error, source, environment) };
    recheck(run.ast);
    if (checked.type !== 'bool') {
      const message = `A condition is a bool, and this is a ${withPublicNames(checked.type ?? 'value')}`;
      return { ok: false, error: { message, ...clamp(run.ast.start, run.ast.end, source), kind: 'type' } };
    }
    return { ok: true, condition: compiled(source, run, nesting, environment) };
  } catch (thrown) {
    return { ok: false, error: describe(thrown, source, environment) };
  }
}
