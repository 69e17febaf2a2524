/** Conditions in other words: fixes that keep the quotes of the scalar that a condition stands in. */
import { compiledCondition } from '../conditions/condition-cache.ts';
import { type ConditionNode, partsOf } from '../conditions/tree.ts';
import { staysPlain } from '../names/respell.ts';
import type { Fix, TextEdit, TextRange } from '../syntax/diagnostic.ts';
import { replace } from '../syntax/edits.ts';
import type { ConditionUnit, RuleUnit } from './check.ts';
import { isClosed } from './risk/condition-parts.ts';

/**
 * A node's text with the parentheses that belong to it: those that it opens or closes, and those around it. Undefined
 * where they cannot be told.
 */
export function wholeRange(source: string, { start, end }: TextRange): TextRange | undefined {
  let [from, to] = [start, end];
  while (!isClosed(source.slice(from, to))) {
    // A node that begins or ends with a part in parentheses leaves one of the pair out.
    const after = nextUnit(source, to);
    const before = nextUnit(source, from, -1);
    if (opens(source.slice(from, to)) && source[after] === ')') to = after + 1;
    else if (source[before] === '(') from = before;
    else return undefined;
  }
  return { start: from, end: to };
}

/** Whether more is opened than closed. */
function opens(text: string): boolean {
  return isClosed(`${text})`) || isClosed(`${text}))`) || isClosed(`${text})))`);
}

function nextUnit(source: string, from: number, step: 1 | -1 = 1): number {
  let at = step === 1 ? from : from - 1;
  while (/\s/.test(source[at] ?? '')) at += step;
  return at;
}

/** The range of an operand, with the parentheses around it. */
export function operandRange(source: string, node: ConditionNode): TextRange | undefined {
  let range = wholeRange(source, node);
  while (range !== undefined) {
    const before = nextUnit(source, range.start, -1);
    const after = nextUnit(source, range.end);
    if (source[before] !== '(' || source[after] !== ')') return range;
    range = { start: before, end: after + 1 };
  }
  return undefined;
}

/** An expression in the place of a part: in parentheses where what is around binds closer. */
export function placedIn(parent: ConditionNode | undefined, words: string): string {
  switch (parent?.kind) {
    case 'binary':
      return parent.operator === '&&' || parent.operator === '||' ? words : `(${words})`;
    case 'unary':
    case 'field':
    case 'conditional':
      return `(${words})`;
    default:
      return words;
  }
}

/** Every part with what it stands in, outer ones first. */
export function* placesOf(node: ConditionNode): Generator<{
  readonly node: ConditionNode;
  readonly parent?: ConditionNode;
}> {
  yield { node };
  for (const part of partsOf(node))
    for (const found of placesOf(part)) yield found.parent ? found : { ...found, parent: node };
}

/** A part's text with the parentheses around it. */
export function operandText(source: string, node: ConditionNode): string | undefined {
  const range = operandRange(source, node);
  return range && source.slice(range.start, range.end);
}

/** The operands of a chain of `&&` or of `||`. */
export function operandsOf(node: ConditionNode, operator: '&&' | '||'): readonly ConditionNode[] {
  return node.kind === 'binary' && node.operator === operator
    ? [...operandsOf(node.left, operator), ...operandsOf(node.right, operator)]
    : [node];
}

export interface Chain {
  readonly node: ConditionNode;
  readonly parent?: ConditionNode;
  readonly operator: '&&' | '||';
  readonly operands: readonly ConditionNode[];
}

/** The longest chains of `&&` and of `||`. */
export function* chainsOf(root: ConditionNode): Generator<Chain> {
  for (const place of placesOf(root)) {
    const { node, parent } = place;
    if (node.kind !== 'binary' || (node.operator !== '&&' && node.operator !== '||')) continue;
    if (parent?.kind === 'binary' && parent.operator === node.operator) continue;
    yield { ...place, operator: node.operator, operands: operandsOf(node, node.operator) };
  }
}

/**
 * The fix that writes a part of a rule's condition in other words. None where the condition holds comments, or would not
 * compile.
 */
export function rewritten(
  { condition, policy }: RuleUnit,
  title: string,
  safety: Fix['safety'],
  range: TextRange | undefined,
  words: string,
): { readonly fixes?: readonly Fix[] } {
  if (condition === undefined || range === undefined || condition.source.includes('//')) return {};
  const { source } = condition;
  const after = source.slice(0, range.start) + words + source.slice(range.end);
  if (!compiledCondition(after).ok) return {};
  const edit = conditionEdit(condition, policy.source, range, words, after);
  return edit ? { fixes: [{ title, safety, edits: [edit] }] } : {};
}

function conditionEdit(
  { node, source }: ConditionUnit,
  file: RuleUnit['policy']['source'],
  { start, end }: TextRange,
  words: string,
  after: string,
): TextEdit | undefined {
  const place = node.offsets().range(start, end);
  switch (node.style) {
    case 'plain':
      return staysPlain(source, after)
        ? replace(file, place, words)
        : replace(file, node.range, JSON.stringify(after));
    case 'single-quoted':
      return replace(file, place, words.replaceAll("'", "''"));
    case 'double-quoted':
      return replace(file, place, JSON.stringify(words).slice(1, -1));
    case 'literal':
    case 'folded':
      // Line breaks would need the block's indentation.
      return /[\r\n]/.test(words) || file.text.slice(place.start, place.end).includes('\n')
        ? undefined
        : replace(file, place, words);
  }
}
