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
    ...(coverage && { coverage }),
  };
  return [JSON.stringify(whole)];
}
