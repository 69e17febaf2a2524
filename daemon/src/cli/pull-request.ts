/** Everything that a summary of a pull request tells, gathered without a daemon. */
import type { Severity } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import type { TestResult } from '@gatehouse/policy-schema/tests/run-tests.ts';
import { ConfigFault } from '../core/faults.ts';
import { compareWorkspaces, type WorkspaceChange } from '../workspace/compare-workspaces.ts';
import { readPolicyFiles, readTestFiles } from '../workspace/files.ts';
import { type Compared, compareVersions, revisionOf, standing, type Version } from './compare-versions.ts';
import { runPolicyTests } from './run-policy-tests.ts';
import type { ToldSimulation } from './simulation-file.ts';

export type Comparison =
  | { readonly kind: 'compared'; readonly compared: Compared; readonly workspace: WorkspaceChange }
  /** The files of one side have errors, so they mean nothing. */
  | { readonly kind: 'broken'; readonly why: string };

export interface PullRequest {
  readonly comparison: Comparison;
  readonly findings: Readonly<Record<Severity, number>>;
  /** Files that could not be read. */
  readonly problems: readonly string[];
  readonly tests: readonly TestResult[];
  readonly simulation?: ToldSimulation;
}

/** Why a pull request may not be merged as it is. */
export const failures = ['loosened', 'findings', 'tests'] as const;
export type Failure = (typeof failures)[number];

/** @throws ConfigFault `usage`: there is no such revision */
export async function pullRequestOf(
  folder: string,
  revision: string,
  simulation?: ToldSimulation,
): Promise<PullRequest> {
  const comparison = await comparisonOf(folder, revision);
  const [files, found] = await Promise.all([readPolicyFiles(folder), readTestFiles(folder)]);
  const { checkWorkspace } = await import('@gatehouse/policy-schema/check/check-workspace.ts');
  const { workspace, policies } = files;
  const { diagnostics } = checkWorkspace({ workspace, policies, tests: found.tests });
  const findings = { error: 0, warning: 0, information: 0 };
  for (const { severity } of diagnostics) findings[severity]++;
  return {
    comparison,
    findings,
    problems: [...files.problems, ...found.problems],
    tests: await testsOf(folder),
    ...(simulation && { simulation }),
  };
}

/** None where there are none, or where the files have errors, which is told elsewhere. */
async function testsOf(folder: string): Promise<readonly TestResult[]> {
  try {
    return (await runPolicyTests(folder, {})).report.results;
  } catch (error) {
    if (error instanceof ConfigFault) return [];
    throw error;
  }
}

async function comparisonOf(folder: string, revision: string): Promise<Comparison> {
  try {
    const before = await revisionOf(folder, revision);
    const after = await standing(folder);
    const compared = await compareVersions(before, after);
    return { kind: 'compared', compared, workspace: await workspaceChange(before, after) };
  } catch (error) {
    if (error instanceof ConfigFault && error.code === 'workspace-invalid')
      return { kind: 'broken', why: error.message };
    throw error;
  }
}

async function workspaceChange(before: Version, after: Version): Promise<WorkspaceChange> {
  const nothing = { resources: [] };
  const [was, is] = [await trusted(before), await trusted(after)];
  if (is === undefined) return { loosens: [], tightens: [] };
  // Where nothing was declared, all that is declared is new.
  const empty = { workspace: { ...is.workspace, ...nothing }, certificates: new Map<string, string>() };
  return compareWorkspaces(was ?? empty, is);
}

async function trusted({ workspace, fileOf }: Version) {
  if (workspace === undefined) return undefined;
  const certificates = new Map<string, string>();
  for (const { tls } of workspace.resources) {
    if (tls.ca === undefined) continue;
    const text = await fileOf(tls.ca);
    if (text !== undefined) certificates.set(tls.ca, text);
  }
  return { workspace, certificates };
}

/**
 * Why it fails, of all reasons. What could not be compared counts as loosened, and tests that could not run as failed: nobody
 * knows better.
 */
export function failuresOf({ comparison, findings, problems, tests }: PullRequest): readonly Failure[] {
  const failed: Failure[] = [];
  const loosened =
    comparison.kind === 'broken' ||
    !['equivalent', 'stricter'].includes(comparison.compared.meaning.verdict) ||
    comparison.workspace.loosens.length > 0;
  const broken = findings.error > 0 || problems.length > 0;
  if (loosened) failed.push('loosened');
  if (broken) failed.push('findings');
  if (broken || tests.some(({ outcome }) => outcome !== 'passed')) failed.push('tests');
  return failed;
}
