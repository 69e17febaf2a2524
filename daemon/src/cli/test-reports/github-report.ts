import { fromRoot } from '../check-reports/fingerprints.ts';
import { annotation } from '../workflow-commands.ts';
import { summaryOf, titleOf, whyOf } from './outcome-words.ts';
import type { TestReport } from './test-report.ts';

/** Workflow commands of GitHub Actions: an annotation at each expectation that did not hold. */
export function githubReport(report: TestReport): readonly string[] {
  return [
    ...report.results.flatMap((result) => {
      if (result.outcome === 'passed') return [];
      const place = result.outcome === 'failed' ? result.differences[0]?.place : undefined;
      const { file: name, line, column, endLine } = place ?? result.test.place;
      const file = fromRoot(report.place, name);
      const message = whyOf(result).join('\n');
      return [
        annotation({
          level: 'error',
          place: { file, line, endLine, column },
          title: titleOf(result),
          message,
        }),
      ];
    }),
    summaryOf(report),
  ];
}
