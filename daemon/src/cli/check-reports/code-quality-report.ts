import { createHash } from 'node:crypto';
import type { Severity } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import { oneLine } from '../text.ts';
import type { CheckReport } from './check-report.ts';
import { fingerprintsOf, fromRoot, problemParts } from './fingerprints.ts';

/** GitLab's words, which are those of Code Climate. */
const severities: Readonly<Record<Severity, string>> = {
  error: 'critical',
  warning: 'major',
  information: 'info',
};

/** One JSON list, as GitLab reads it from `artifacts:reports:codequality`. */
export async function codeQualityReport(report: CheckReport): Promise<readonly string[]> {
  const { diagnostics, problems, place } = report;
  const prints = fingerprintsOf(report);
  const issues = [
    ...diagnostics.map((finding) => ({
      description: oneLine(finding.message),
      check_name: finding.code,
      fingerprint: prints.get(finding) ?? '',
      severity: severities[finding.severity],
      location: {
        path: fromRoot(place, finding.file),
        lines: { begin: finding.line, end: finding.endLine },
      },
    })),
    ...problems.map((problem) => {
      const { file, message } = problemParts(problem);
      return {
        description: oneLine(message),
        check_name: 'unreadable',
        fingerprint: createHash('sha256').update(problem).digest('hex'),
        severity: 'blocker',
        location: { path: fromRoot(place, file), lines: { begin: 1, end: 1 } },
      };
    }),
  ];
  return [JSON.stringify(issues, undefined, 2)];
}
