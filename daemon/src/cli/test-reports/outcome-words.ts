import type { TestResult } from '@gatehouse/policy-schema/tests/run-tests.ts';
import { plural } from '../text.ts';
import type { TestReport } from './test-report.ts';

/** `matrix › case`. */
export function titleOf({ test }: TestResult): string {
  return test.matrix === undefined ? test.name : `${test.matrix} › ${test.name}`;
}

/** Why a test did not pass, a line each: what differs, then what decided. Empty for one that passed. */
export function whyOf(result: TestResult): readonly string[] {
  switch (result.outcome) {
    case 'passed':
      return [];
    case 'broken':
      return [result.message];
    case 'failed':
      return [
        ...result.differences.map(
          ({ what, expected, actual }) => `${what}: expected ${oneLined(expected)}, is ${oneLined(actual)}`,
        ),
        ...result.explanation,
      ];
  }
}

function oneLined(text: string): string {
  return text.split('\n').join(' and ');
}

/** `3 tests: 2 passed, 1 failed`. */
export function summaryOf({ results }: TestReport): string {
  const count = (outcome: TestResult['outcome']) =>
    results.filter((result) => result.outcome === outcome).length;
  const parts = [
    `${count('passed')} passed`,
    ...(count('failed') > 0 ? [`${count('failed')} failed`] : []),
    ...(count('broken') > 0 ? [`${count('broken')} could not run`] : []),
  ];
  return `${plural(results.length, 'test')}: ${parts.join(', ')}`;
}

/** `62 %`, never 100 where something is missing. */
export function percent({ covered, total }: { readonly covered: number; readonly total: number }): string {
  return total === 0 ? '100 %' : `${Math.floor((100 * covered) / total)} %`;
}
