import type { CheckReport } from './check-report.ts';
import { problemParts } from './fingerprints.ts';

/** One JSON object for each finding. */
export async function jsonReport({ diagnostics, problems }: CheckReport): Promise<readonly string[]> {
  const unread = problems.map((problem) => {
    const { file, message } = problemParts(problem);
    return { file, severity: 'error', code: 'unreadable', message };
  });
  return [...diagnostics, ...unread].map((each) => JSON.stringify(each));
}
