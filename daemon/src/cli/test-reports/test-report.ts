import type { CoverageTotals, RuleCoverage } from '@gatehouse/policy-schema/tests/coverage.ts';
import type { TestResult } from '@gatehouse/policy-schema/tests/run-tests.ts';
import type { TrafficCoverage } from '../../review/traffic-coverage.ts';
import { jsonReport } from './json-report.ts';
import { githubReport } from './github-report.ts';
import { junitReport } from './junit-report.ts';
import { tapReport } from './tap-report.ts';
import { textReport } from './text-report.ts';

/** What `gatehouse test` found. */
export interface TestReport {
  /** In the order of files and places. */
  readonly results: readonly TestResult[];
  readonly milliseconds: number;
  /** Where the workspace lies in its repository, `''` for its root. */
  readonly place: string;
  /** Where it was asked for. */
  readonly coverage?: {
    readonly rules: readonly RuleCoverage[];
    readonly totals: CoverageTotals;
    readonly traffic?: TrafficCoverage;
  };
}

export type Reporter = 'text' | 'json' | 'junit' | 'tap' | 'github';

/** How each writes a report: all that goes to stdout, a line each. */
export const reporters: Readonly<Record<Reporter, (report: TestReport) => readonly string[]>> = {
  text: textReport,
  json: jsonReport,
  junit: junitReport,
  tap: tapReport,
  github: githubReport,
};
