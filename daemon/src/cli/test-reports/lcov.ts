import type { RuleCoverage } from '@gatehouse/policy-schema/tests/coverage.ts';

/**
 * Coverage in the format of `geninfo`, which editors and CI services read: rules are functions, and lines; the answers
 * of conditions and of their parts are branches.
 */
export function lcov(rules: readonly RuleCoverage[]): string {
  const files = Map.groupBy(rules, ({ location }) => location.file);
  return [...files].map(([file, own]) => recordOf(file, own)).join('');
}

function recordOf(file: string, rules: readonly RuleCoverage[]): string {
  const sorted = rules.toSorted((a, b) => a.location.line - b.location.line);
  const branches = sorted.flatMap(({ location, condition }) =>
    condition.flatMap((answers, block) => [
      { line: location.line, block, branch: 0, taken: answers.true, asked: answers.true + answers.false > 0 },
      {
        line: location.line,
        block,
        branch: 1,
        taken: answers.false,
        asked: answers.true + answers.false > 0,
      },
    ]),
  );
  const hit = sorted.filter(({ deciding }) => deciding > 0).length;
  // A name ends at the comma or the line's end.
  const nameOf = ({ policy, rule }: RuleCoverage) => `${policy}/${rule}`.replace(/[\s,]/g, '_');
  return [
    'TN:',
    `SF:${file}`,
    ...sorted.map((rule) => `FN:${rule.location.line},${nameOf(rule)}`),
    ...sorted.map((rule) => `FNDA:${rule.deciding},${nameOf(rule)}`),
    `FNF:${sorted.length}`,
    `FNH:${hit}`,
    ...branches.map(
      ({ line, block, branch, taken, asked }) => `BRDA:${line},${block},${branch},${asked ? taken : '-'}`,
    ),
    `BRF:${branches.length}`,
    `BRH:${branches.filter(({ taken }) => taken > 0).length}`,
    ...sorted.map(({ location, deciding }) => `DA:${location.line},${deciding}`),
    `LF:${sorted.length}`,
    `LH:${hit}`,
    'end_of_record',
    '',
  ].join('\n');
}
