import { regexSize } from '../../../conditions/functions.ts';
import { type ConditionNode, nodesOf } from '../../../conditions/tree.ts';
import type { TextRange } from '../../../syntax/diagnostic.ts';
import type { Check } from '../../check.ts';
import { placeOf, treeOf } from '../../risk/condition-parts.ts';

/** A pattern of words has some dozens. */
const most = 1000;

/** The counted repetition of the most rounds, which makes most of the size; the whole literal where there is none. */
function largest(source: string, literal: ConditionNode): TextRange {
  const text = source.slice(literal.start, literal.end);
  const counted = [...text.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].map((match) => ({
    rounds: Math.max(Number(match[1]), Number(match[2] ?? 0)),
    start: literal.start + match.index,
    end: literal.start + match.index + match[0].length,
  }));
  return counted.reduce<TextRange & { readonly rounds?: number }>(
    (best, each) => (each.rounds > (best.rounds ?? 1) ? each : best),
    { start: literal.start, end: literal.end },
  );
}

export const regexComplexity: Check<'rule'> = {
  code: 'regex-complexity',
  family: 'cost',
  severity: 'warning',
  title: 'A regular expression that is compiled to a very large program.',
  unit: 'rule',
  reads: 'unit',
  check(unit, report) {
    const tree = treeOf(unit);
    if (tree === undefined || unit.condition === undefined || !unit.condition.source.includes('matches'))
      return;
    for (const node of nodesOf(tree)) {
      if (node.kind !== 'call' || node.name.text !== 'matches') continue;
      const [pattern] = node.arguments;
      if (pattern?.kind !== 'literal' || typeof pattern.value !== 'string') continue;
      const size = regexSize(pattern.value);
      if (size <= most) continue;
      const message = `This pattern is compiled to ${size} instructions, as each counted repetition is written out, and each may be tried at each character of the text. Count less, write \`*\` or \`+\`, or ask for \`size()\`.`;
      report(placeOf(unit.condition, largest(unit.condition.source, pattern)), message);
    }
  },
};
