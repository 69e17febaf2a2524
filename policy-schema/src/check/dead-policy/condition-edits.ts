/** Taking a part out of a condition's text, with its operator and its parentheses. */
import { spelling } from '../../conditions/atoms.ts';
import { compiledCondition } from '../../conditions/condition-cache.ts';
import type { Redundancy } from '../../conditions/redundancy.ts';
import type { ConditionNode } from '../../conditions/tree.ts';
import type { TextEdit, TextRange } from '../../syntax/diagnostic.ts';
import { applyEdits, replace } from '../../syntax/edits.ts';
import type { SourceFile } from '../../syntax/source.ts';
import type { ConditionUnit } from '../check.ts';

/** Where a range of a condition stands in the file. */
export function rangeIn({ node }: ConditionUnit, { start, end }: TextRange): TextRange {
  return node.offsets().range(start, end);
}

/** Where a whole condition stands, without white space around it. */
export function wholeRange(unit: ConditionUnit): TextRange {
  const { source } = unit;
  return rangeIn(unit, {
    start: source.length - source.trimStart().length,
    end: source.trimEnd().length,
  });
}

interface Cut extends TextRange {
  readonly text: string;
}

function count(text: string, sign: string): number {
  return text.split(sign).length - 1;
}

/** Past white space and as many closing parentheses as were opened. */
function closedAfter(source: string, from: number, opened: number): number {
  let at = from;
  for (let left = opened; left > 0; left--) {
    while (/\s/.test(source[at] ?? '')) at++;
    if (source[at] !== ')') return from;
    at++;
  }
  return at;
}

function openedBefore(source: string, from: number, closed: number): number {
  let at = from;
  for (let left = closed; left > 0; left--) {
    while (/\s/.test(source[at - 1] ?? '')) at--;
    if (source[at - 1] !== '(') return from;
    at--;
  }
  return at;
}

function cutPart(
  source: string,
  within: Extract<ConditionNode, { kind: 'binary' }>,
  part: ConditionNode,
): Cut[] {
  const { left, right, operator } = within;
  const gap = source.slice(left.end, right.start);
  const at = gap.indexOf(operator);
  // A comment between the two may hold anything.
  if (at === -1 || gap.includes('//')) return [];
  const [closing, opening] = [count(gap.slice(0, at), ')'), count(gap.slice(at), '(')];
  if (part === right) {
    const start = closedAfter(source, left.end, closing);
    return [{ start, end: closedAfter(source, right.end, opening), text: '' }];
  }
  return [
    {
      start: openedBefore(source, left.start, closing),
      end: openedBefore(source, right.start, opening),
      text: '',
    },
  ];
}

function cutsFor(source: string, { of, part, within }: Redundancy): readonly Cut[] {
  if (of === 'double') {
    if (part.kind !== 'unary') return [];
    return [{ start: within.start, end: part.start + 1, text: '' }];
  }
  if (within.kind !== 'binary') return [];
  const cuts = cutPart(source, within, part);
  const isNegated =
    of === 'compared' && (part.kind === 'literal' && part.value) !== (within.operator === '==');
  return isNegated && cuts.length > 0
    ? [{ start: within.left.start, end: within.left.start, text: '!' }, ...cuts]
    : cuts;
}

/** The condition with one of its nodes spelled in another way. */
function spelledWith(root: ConditionNode, node: ConditionNode, words: string): string {
  const mark = { kind: 'name', name: '\0', start: 0, end: 0 } as const;
  return spelling(replaced(root, node, mark)).replace('\0', () => words);
}

function replaced(node: ConditionNode, from: ConditionNode, to: ConditionNode): ConditionNode {
  if (node === from) return to;
  const inside = (each: ConditionNode) => replaced(each, from, to);
  switch (node.kind) {
    case 'literal':
    case 'name':
      return node;
    case 'field':
      return { ...node, object: inside(node.object) };
    case 'call':
      return {
        ...node,
        ...(node.receiver && { receiver: inside(node.receiver) }),
        arguments: node.arguments.map(inside),
      };
    case 'comprehension':
      return { ...node, over: inside(node.over), body: node.body.map(inside) };
    case 'list':
      return { ...node, items: node.items.map(inside) };
    case 'unary':
      return { ...node, operand: inside(node.operand) };
    case 'binary':
      return { ...node, left: inside(node.left), right: inside(node.right) };
    case 'conditional':
      return { ...node, test: inside(node.test), yes: inside(node.yes), no: inside(node.no) };
  }
}

/** Edits that take a part out; undefined where the text that they leave would not be the condition without it. */
export function withoutPart(
  file: SourceFile,
  unit: ConditionUnit,
  root: ConditionNode,
  redundancy: Redundancy,
): readonly TextEdit[] | undefined {
  const cuts = cutsFor(unit.source, redundancy);
  if (cuts.length === 0) return undefined;
  const changed = applyEdits(
    unit.source,
    cuts.map((cut) => ({ file: '', ...cut })),
  );
  const compiled = compiledCondition(changed);
  const wanted = spelledWith(root, redundancy.within, redundancy.left);
  if (!compiled.ok || spelling(compiled.condition.tree) !== wanted) return undefined;
  return cuts.map((cut) => replace(file, rangeIn(unit, cut), cut.text));
}
