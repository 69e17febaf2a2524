import type { DecisionInput } from '../evaluate/decision.ts';
import { compiledCondition } from './condition-cache.ts';
import { costBound } from './condition.ts';
import { type ConditionFacts, conditionEnvironment } from './environment.ts';
import { withPublicNames } from './functions.ts';
import { restrict } from './restrict.ts';
import { type ConditionNode, partsOf } from './tree.ts';
import { conditionWords } from './words.ts';

/** What became of a part of a condition. Offsets are UTF-16 units of its source. */
export interface ConditionPart {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** How deep it stands in the condition: 0 for the whole. */
  readonly depth: number;
  readonly outcome:
    | { readonly kind: 'value'; readonly value: string }
    | { readonly kind: 'error'; readonly error: string }
    /** What stands before it had decided already. */
    | { readonly kind: 'skipped' };
}

const environment = conditionEnvironment();
const longest = 120;

/**
 * The values of a condition's parts for one request, whole first, in the order of the source: comparisons, calls and fields,
 * without literals and what stands inside of macros. Empty for a condition that does not compile. Never throws.
 */
export function evaluateParts(source: string, input: DecisionInput): readonly ConditionPart[] {
  const compiled = compiledCondition(source);
  if (!compiled.ok) return [];
  const facts = environment.facts(input);
  const parts: ConditionPart[] = [];
  const visit = (node: ConditionNode, depth: number, reached: boolean): unknown => {
    if (node.kind === 'literal' || node.kind === 'name') return undefined;
    const { start, end } = node;
    const text = source.slice(start, end).replace(/\s+/g, ' ');
    const made = reached ? outcomeOf(source.slice(start, end), facts) : undefined;
    const outcome = made === undefined ? ({ kind: 'skipped' } as const) : made.outcome;
    parts.push({ start, end, text, depth, outcome });
    inner(node, depth + 1, reached);
    return made?.value;
  };
  const inner = (node: ConditionNode, depth: number, reached: boolean): void => {
    if (node.kind === 'binary' && (node.operator === '&&' || node.operator === '||')) {
      // A chain of one operator is a list for people.
      const left = visitSame(node.left, node.operator, depth, reached);
      visitSame(node.right, node.operator, depth, reached && left !== (node.operator === '||'));
    } else if (node.kind === 'conditional') {
      const test = visit(node.test, depth, reached);
      visit(node.yes, depth, reached && test === true);
      visit(node.no, depth, reached && test === false);
    } else if (node.kind === 'comprehension') {
      visit(node.over, depth, reached);
    } else if (node.kind === 'field') {
      // Of `request.sql.hasWhere` the whole says all.
    } else if (node.kind !== 'call' || node.name.text !== 'has') {
      for (const part of partsOf(node)) visit(part, depth, reached);
    }
  };
  const visitSame = (node: ConditionNode, operator: string, depth: number, reached: boolean): unknown => {
    if (node.kind !== 'binary' || node.operator !== operator) {
      return node.kind === 'literal' ? node.value : visit(node, depth, reached);
    }
    inner(node, depth, reached);
    return reached ? outcomeOf(source.slice(node.start, node.end), facts).value : undefined;
  };
  visit(compiled.condition.tree, 0, true);
  return parts;
}

interface Made {
  readonly value: unknown;
  readonly outcome: ConditionPart['outcome'];
}

function outcomeOf(piece: string, facts: ConditionFacts): Made {
  try {
    const run = environment.cel.parse(balanced(piece));
    const excess = costBound(piece, restrict(run.ast, environment))(facts);
    if (excess !== undefined) return { value: undefined, outcome: { kind: 'error', error: excess } };
    run.check();
    const value: unknown = run(facts.variables);
    return { value, outcome: { kind: 'value', value: cut(celText(value)) } };
  } catch (thrown) {
    const summary: unknown =
      thrown instanceof Error ? (Reflect.get(thrown, 'summary') ?? thrown.message) : thrown;
    return { value: undefined, outcome: { kind: 'error', error: cut(withPublicNames(String(summary))) } };
  }
}

/** Parentheses belong to no node, so a piece may hold one of a pair. */
function balanced(piece: string): string {
  let open = 0;
  let missing = 0;
  for (const { kind, text } of conditionWords(piece)) {
    if (kind !== 'sign') continue;
    if (text === '(') open++;
    else if (text === ')') {
      if (open === 0) missing++;
      else open--;
    }
  }
  return '('.repeat(missing) + piece + ')'.repeat(open);
}

/** A value as CEL would spell it. */
function celText(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Date) return `timestamp("${value.toISOString().replace('.000Z', 'Z')}")`;
  if (Array.isArray(value))
    return `[${value.slice(0, 20).map(celText).join(', ')}${value.length > 20 ? ', …' : ''}]`;
  if (value instanceof Map)
    return `{${[...value]
      .slice(0, 20)
      .map(([key, each]) => `${celText(key)}: ${celText(each)}`)
      .join(', ')}}`;
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'object')
    return Object.hasOwn(value, 'getSeconds') || 'getSeconds' in value ? String(value) : '{…}';
  return String(value);
}

function cut(text: string): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
