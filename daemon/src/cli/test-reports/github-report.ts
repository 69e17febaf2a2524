import { summaryOf, titleOf, whyOf } from './outcome-words.ts';
import type { TestReport } from './test-report.ts';

/** Workflow commands of GitHub Actions: an annotation at each expectation that did not hold. */
export function githubReport(report: TestReport): readonly string[] {
  return [
    ...report.results.flatMap((result) => {
      if (result.outcome === 'passed') return [];
      const place = result.outcome === 'failed' ? result.differences[0]?.place : undefined;
      const { file, line, column, endLine } = place ?? result.test.place;
      const where = `file=${property(file)},line=${line},endLine=${endLine},col=${column}`;
      return [`::error ${where},title=${property(titleOf(result))}::${data(whyOf(result).join('\n'))}`];
    }),
    summaryOf(report),
  ];
}

/** What a text of the files holds must not end the command and begin another. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
