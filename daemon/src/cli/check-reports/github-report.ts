import type { Severity } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import { oneLine } from '../text.ts';
import { type Annotation, annotation } from '../workflow-commands.ts';
import type { CheckReport } from './check-report.ts';
import { fromRoot, problemParts } from './fingerprints.ts';

const levels: Readonly<Record<Severity, Annotation['level']>> = {
  error: 'error',
  warning: 'warning',
  information: 'notice',
};

/** An annotation at each finding. */
export async function githubReport({
  diagnostics,
  problems,
  place,
}: CheckReport): Promise<readonly string[]> {
  return [
    ...diagnostics.map(({ file, line, column, endLine, severity, code, message }) =>
      annotation({
        level: levels[severity],
        place: { file: fromRoot(place, file), line, column, endLine },
        title: `Gatehouse: ${code}`,
        message: oneLine(message),
      }),
    ),
    ...problems.map((problem) => {
      const { file, message } = problemParts(problem);
      return annotation({
        level: 'error',
        place: { file: fromRoot(place, file), line: 1, column: 1, endLine: 1 },
        title: 'Gatehouse: unreadable',
        message: oneLine(message),
      });
    }),
  ];
}
