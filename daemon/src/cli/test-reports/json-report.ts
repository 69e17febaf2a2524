import { type RuleCoverage, standingOf } from '@gatehouse/policy-schema/tests/coverage.ts';
import type { TestReport } from './test-report.ts';

/** One JSON object: every result, the coverage where it was asked for, and the counts. */
export function jsonReport({ results, coverage, milliseconds }: TestReport): readonly string[] {
  const count = (outcome: string) => results.filter((result) => result.outcome === outcome).length;
  const whole = {
    passed: count('passed'),
    failed: count('failed'),
    broken: count('broken'),
    milliseconds: Math.round(milliseconds),
    tests: results.map(({ test, milliseconds: taken, ...result }) => ({
      file: test.place.file,
      line: test.place.line,
      id: test.id,
      name: test.name,
      ...(test.matrix !== undefined && { matrix: test.matrix }),
      milliseconds: taken,
      ...result,
    })),
    ...(coverage && { coverage: withStandings(coverage) }),
  };
  return [JSON.stringify(whole)];
}

/** Beside the record, each rule and each answer says what it stands on. */
function withStandings(coverage: NonNullable<TestReport['coverage']>): unknown {
  const { traffic } = coverage;
  if (traffic === undefined) return coverage;
  return { ...coverage, rules: coverage.rules.map((rule, at) => withStanding(rule, traffic.rules[at])) };
}

function withStanding(rule: RuleCoverage, seen: RuleCoverage | undefined): unknown {
  return {
    ...rule,
    standing: standingOf(rule.deciding, seen?.deciding ?? 0),
    condition: rule.condition.map((answers, at) => {
      const other = seen?.condition[at];
      const standing = {
        true: standingOf(answers.true, other?.true ?? 0),
        false: standingOf(answers.false, other?.false ?? 0),
      };
      return { ...answers, standing };
    }),
  };
}
