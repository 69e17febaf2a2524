import type { Diagnostic } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import { codeQualityReport } from './code-quality-report.ts';
import { findingsHere } from './fingerprints.ts';
import { githubReport } from './github-report.ts';
import { jsonReport } from './json-report.ts';
import { sarifReport } from './sarif-report.ts';

/** What `gatehouse check` found. */
export interface CheckReport {
  readonly diagnostics: readonly Diagnostic[];
  /** Files that could not be read, `file: why`. */
  readonly problems: readonly string[];
  /** Texts of all files that were checked, by name. */
  readonly texts: ReadonlyMap<string, string>;
  /** Where the workspace lies in its repository, `''` for its root. */
  readonly place: string;
}

/** `text` is for people, and written by the command itself. */
export type CheckReporter = 'text' | 'json' | 'sarif' | 'github' | 'gitlab';

/** How each writes a report for programs: all that goes to stdout, a line each. */
export const checkReporters: Readonly<
  Record<Exclude<CheckReporter, 'text'>, (report: CheckReport) => Promise<readonly string[]>>
> = {
  json: jsonReport,
  sarif: (report) => sarifReport(here(report)),
  github: (report) => githubReport(here(report)),
  gitlab: (report) => codeQualityReport(here(report)),
};

function here(report: CheckReport): CheckReport {
  return { ...report, diagnostics: findingsHere(report) };
}
