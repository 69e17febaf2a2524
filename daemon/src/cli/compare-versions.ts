/** Policy files of two times, compared by what they mean. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Change } from '@gatehouse/policy-schema/evaluate/meaning/changes.ts';
import type { Meaning, MeaningVerdict } from '@gatehouse/policy-schema/evaluate/meaning/compare-meaning.ts';
import type { PolicySet } from '@gatehouse/policy-schema/model/policy.ts';
import type { Resource, Workspace } from '@gatehouse/policy-schema/model/workspace.ts';
import { ConfigFault } from '../core/faults.ts';
import { type PolicyFiles, readPolicyFiles } from '../workspace/files.ts';
import { readRevision, readRevisionFile } from '../workspace/revision.ts';
import type { Format } from './terminal.ts';
import { oneLine } from './text.ts';

/** More changes than this are listed without a verdict of their own. */
const maxJudged = 60;

export interface Version {
  /** `HEAD (3f2a91c)`, `the files as they stand`. */
  readonly title: string;
  readonly name: string;
  readonly set: PolicySet;
  readonly resources: readonly Resource[];
  readonly workspace?: Workspace;
  /** The text of a file that gatehouse.yaml names, as it was then; undefined: there was none. */
  readonly fileOf: (name: string) => Promise<string | undefined>;
}

export interface Judged {
  readonly change: Change;
  /** What the change means by itself. */
  readonly meaning?: Meaning;
}

export interface Compared {
  readonly before: Version;
  readonly after: Version;
  readonly meaning: Meaning;
  readonly judged: readonly Judged[];
}

/** @throws ConfigFault `usage`: no such revision; `workspace-invalid`: its files have errors */
export async function revisionOf(folder: string, name: string): Promise<Version> {
  const { files, commit, id } = await readRevision(folder, name);
  const title = commit.startsWith(name) || name.startsWith(commit) ? commit : `${name} (${commit})`;
  return versionOf(files, title, name, (file) => readRevisionFile(folder, id, file));
}

/** The files as they stand. @throws ConfigFault `workspace-invalid`: they have errors */
export async function standing(folder: string): Promise<Version> {
  const read = (file: string) => readFile(path.resolve(folder, file), 'utf8').catch(() => undefined);
  return versionOf(await readPolicyFiles(folder), 'the files as they stand', 'files', read);
}

async function versionOf(
  files: PolicyFiles,
  title: string,
  name: string,
  fileOf: Version['fileOf'],
): Promise<Version> {
  const { checkWorkspace } = await import('@gatehouse/policy-schema/check/check-workspace.ts');
  const { set, workspace, diagnostics } = checkWorkspace({
    workspace: files.workspace,
    policies: files.policies,
    checks: [],
  });
  const broken = [
    ...files.problems,
    ...diagnostics
      .filter(({ severity }) => severity === 'error')
      .map(({ file, line, column, message }) => `${file}:${line}:${column} ${oneLine(message)}`),
  ];
  // Before there were policy files, nothing was allowed.
  const isEmpty = files.workspace === undefined && files.policies.size === 0;
  if (isEmpty) return { title, name, set: { policies: [], digest: '' }, resources: [], fileOf };
  if (set === undefined || broken.length > 0) {
    throw new ConfigFault(
      'workspace-invalid',
      `${name === 'files' ? 'The policy files have errors; see `gatehouse check`.' : `The policy files of ${title} have errors, so they mean nothing.`}\n  ${broken.slice(0, 5).join('\n  ')}`,
    );
  }
  return { title, name, set, resources: workspace?.resources ?? [], fileOf, ...(workspace && { workspace }) };
}

/** What the change means, as a whole and part by part. */
export async function compareVersions(before: Version, after: Version): Promise<Compared> {
  const [{ compareMeaning }, { changesBetween }] = await Promise.all([
    import('@gatehouse/policy-schema/evaluate/meaning/compare-meaning.ts'),
    import('@gatehouse/policy-schema/evaluate/meaning/changes.ts'),
  ]);
  const resources = after.resources.length > 0 ? after.resources : before.resources;
  const meaning = compareMeaning(before.set, after.set, { resources });
  const changes = changesBetween(before.set, after.set);
  const judged = changes.map((change, at): Judged => {
    if (changes.length === 1) return { change, meaning };
    return at < maxJudged
      ? { change, meaning: compareMeaning(before.set, change.alone, { resources }) }
      : { change };
  });
  return { before, after, meaning, judged };
}

/** How each verdict is shown. */
export const verdicts: Readonly<Record<MeaningVerdict, { symbol: string; word: string; format: Format }>> = {
  equivalent: { symbol: '=', word: 'same meaning', format: 'green' },
  stricter: { symbol: '↓', word: 'stricter', format: 'cyan' },
  looser: { symbol: '↑', word: 'looser', format: ['red', 'bold'] },
  incomparable: { symbol: '↕', word: 'looser and stricter', format: ['yellow', 'bold'] },
  unknown: { symbol: '?', word: 'not fully compared', format: ['yellow', 'bold'] },
};
