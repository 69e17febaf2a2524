import { lockFile } from '@gatehouse/policy-schema/model/layout.ts';
import { type Extended, extendedFile, type LockedEntry } from '@gatehouse/policy-schema/model/extends.ts';
import { isLocked, readLock } from '@gatehouse/policy-schema/model/extends-lock.ts';
import { loadWorkspace } from '@gatehouse/policy-schema/model/load-workspace.ts';
import type { PolicyFiles } from '../files.ts';
import { readCache } from './cache.ts';

const remedy = 'Run `gatehouse lock`.';

/**
 * The policy files with those of the repositories that they extend, which are read from copies on this machine alone:
 * nothing is fetched here, as an edit of a file would choose from where. What is missing is a problem, so that no set
 * without it is taken for the whole.
 * @param lock text of the lock file; undefined: there is none
 */
export function joinExtended(
  files: PolicyFiles,
  lock: string | undefined,
  env: Readonly<Record<string, string | undefined>> = process.env,
): PolicyFiles {
  const { workspace } = files;
  if (workspace === undefined) return files;
  const entries = loadWorkspace(workspace.file, workspace.text).workspace?.extends ?? [];
  if (entries.length === 0) return files;
  const read = lock === undefined ? undefined : readLock(lock);
  if (read === undefined || !read.ok) {
    const why = read === undefined ? 'it is not there' : read.why;
    const what = `so it is not known what ${entries.map(({ name }) => name).join(', ')} is`;
    return { ...files, problems: [...files.problems, `${lockFile}: ${why}, ${what}. ${remedy}`] };
  }
  const policies = new Map(files.policies);
  const problems = [...files.problems];
  for (const entry of entries) {
    const found = filesOf(entry, read.entries, env);
    if (typeof found === 'string') problems.push(`${lockFile}: ${found}`);
    else for (const [file, text] of found) policies.set(extendedFile(entry, file), text);
  }
  return { ...files, policies, problems };
}

/** Or why there are none. */
function filesOf(
  entry: Extended,
  entries: readonly LockedEntry[],
  env: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, string> | string {
  const called = `${entry.name}@${entry.rev}`;
  const locked = entries.find(({ name }) => name === entry.name);
  if (locked === undefined) return `${called} is not locked yet. ${remedy}`;
  if (!isLocked(entry, locked))
    return `gatehouse.yaml extends ${called} of ${entry.git}, and locked is ${locked.name}@${locked.rev} of ${locked.git}. ${remedy}`;
  const cached = readCache(locked, env);
  switch (cached.kind) {
    case 'found':
      return cached.files;
    case 'missing':
      return `${called} (commit ${locked.commit.slice(0, 7)}) is not on this machine. ${remedy}`;
    case 'spoiled':
      return `${cached.file} is not what was locked as ${called}: somebody changed it. It is not used. ${remedy}`;
  }
}
