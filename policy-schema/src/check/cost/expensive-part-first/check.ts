import { type ConditionNode, nodesOf } from '../../../conditions/tree.ts';
import type { Check } from '../../check.ts';
import { type Chain, chainsOf, operandRange, rewritten } from '../../condition-edits.ts';
import { failuresOf } from '../../risk/can-fail.ts';
import { pathOf, placeOf, treeOf } from '../../risk/condition-parts.ts';

const cheapFirst = 'Ask for what costs less first';
const shapers: ReadonlySet<string> = new Set(['lowerAscii', 'upperAscii', 'replace', 'split']);

/** Reads all of the request's text, which may be megabytes. */
function isDear(node: ConditionNode): boolean {
  return [...nodesOf(node)].some(
    (part) =>
      part.kind === 'call' &&
      part.receiver !== undefined &&
      ['contains', 'matches', ...shapers].includes(part.name.text) &&
      [...nodesOf(part.receiver)].some((each) => pathOf(each) === 'request.text'),
  );
}

/** A fact, or one compared with what is spelled out. */
function isCheap(node: ConditionNode): boolean {
  const parts = [...nodesOf(node)];
  return (
    parts.length <= 12 &&
    parts.every(
      (part) => part.kind !== 'comprehension' && part.kind !== 'call' && pathOf(part) !== 'request.text',
    )
  );
}

/** The chain with its cheap operands first, all others in their order; undefined where its text is more than that. */
function reordered(
  source: string,
  { operator, operands }: Chain,
): { readonly start: number; readonly end: number; readonly text: string } | undefined {
  const placed: { text: string; start: number; end: number; cheap: boolean }[] = [];
  for (const operand of operands) {
    const range = operandRange(source, operand);
    if (range === undefined) return undefined;
    const before = placed.at(-1);
    if (before && source.slice(before.end, range.start).trim() !== operator) return undefined;
    placed.push({ ...range, text: source.slice(range.start, range.end), cheap: isCheap(operand) });
  }
  const [first, last] = [placed[0], placed.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const sorted = [...placed.filter(({ cheap }) => cheap), ...placed.filter(({ cheap }) => !cheap)];
  // What stands between them stays between them, line breaks too.
  const gaps = placed.slice(1).map(({ start }, at) => source.slice(placed[at]?.end, start));
  const text = sorted.map((each, at) => each.text + (gaps[at] ?? '')).join('');
  return { start: first.start, end: last.end, text };
}

export const expensivePartFirst: Check<'rule'> = {
  code: 'expensive-part-first',
  family: 'cost',
  severity: 'information',
  title: 'A search in the text of the request before a question that costs nothing.',
  unit: 'rule',
  reads: 'unit',
  fixes: { [cheapFirst]: 'safe' },
  check(unit, report) {
    const { condition } = unit;
    const tree = treeOf(unit);
    if (tree === undefined || condition === undefined || !condition.source.includes('request.text')) return;
    for (const chain of chainsOf(tree)) {
      const dear = chain.operands.findIndex(isDear);
      const cheap = dear === -1 ? undefined : chain.operands.slice(dear + 1).find(isCheap);
      const found = chain.operands[dear];
      if (found === undefined || cheap === undefined) continue;
      const decides = chain.operator === '&&' ? 'false' : 'true';
      const asked = condition.source.slice(cheap.start, cheap.end);
      const message = `The whole text is searched also where \`${asked}\` alone makes this ${decides}. Ask for that first.`;
      // A part that can fail may have been put behind what it needs.
      const sure = chain.operands.every((each) => failuresOf(each, condition.source).length === 0);
      const made = sure ? reordered(condition.source, chain) : undefined;
      const range = operandRange(condition.source, found) ?? found;
      report(
        placeOf(condition, range),
        message,
        made ? rewritten(unit, cheapFirst, 'safe', made, made.text) : {},
      );
    }
  },
};
