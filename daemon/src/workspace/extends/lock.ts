import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Extended, filesDigest, type LockedEntry } from '@gatehouse/policy-schema/model/extends.ts';
import { isLocked, readLock, writeLock } from '@gatehouse/policy-schema/model/extends-lock.ts';
import { lockFile, workspaceFile } from '@gatehouse/policy-schema/model/layout.ts';
import { loadWorkspace } from '@gatehouse/policy-schema/model/load-workspace.ts';
import { ConfigFault } from '../../core/faults.ts';
import { readOwnFiles } from '../files.ts';
import { readCache, writeCache } from './cache.ts';
import { fetchFiles, resolveRevision } from './repository.ts';

export interface LockOptions {
  /** Take anew what these are now; `all`: each of them. What stays locked is not moved. */
  readonly update: readonly string[] | 'all';
  /** Ask no repository. */
  readonly offline: boolean;
  readonly told: (step: LockStep) => void;
}

/** What became of an entry. */
export type LockStep =
  | { readonly kind: 'fetching'; readonly entry: Extended }
  | {
      readonly kind: 'locked';
      readonly entry: LockedEntry;
      readonly before?: LockedEntry;
      readonly files: number;
    }
  /** As before. `unseen`: the repository was not asked, or did not answer, and why. */
  | { readonly kind: 'kept'; readonly entry: LockedEntry; readonly unseen?: string; readonly newer?: string };

/**
 * Lock what gatehouse.yaml extends, and have a copy of it on this machine. What was locked stays so until it is updated.
 * @returns the text of the lock file; undefined where nothing is extended
 * @throws ConfigFault `workspace-invalid`, `usage`: a file has errors, a repository or a revision cannot be had, a tag was
 *   moved, or the repository holds something else than was locked; then nothing is written
 */
export async function lockExtended(folder: string, options: LockOptions): Promise<string | undefined> {
  const { workspace } = await readOwnFiles(folder);
  const loaded = workspace && loadWorkspace(workspace.file, workspace.text);
  if (loaded?.workspace === undefined)
    throw new ConfigFault(
      'workspace-invalid',
      `${workspaceFile} is not there, or has errors; see \`gatehouse check\`.`,
    );
  const entries = loaded.workspace.extends ?? [];
  const unknown =
    options.update === 'all'
      ? []
      : options.update.filter((each) => !entries.some(({ name }) => name === each));
  if (unknown.length > 0)
    throw new ConfigFault('usage', `${workspaceFile} extends nothing of the name ${unknown.join(', ')}.`);
  const before = lockedBefore(folder);
  const locked: LockedEntry[] = [];
  for (const entry of entries) {
    const was = before.find((each) => each.name === entry.name);
    const stays =
      was !== undefined &&
      isLocked(entry, was) &&
      options.update !== 'all' &&
      !options.update.includes(entry.name);
    locked.push(stays ? await keep(entry, was, options) : await take(entry, was, options));
  }
  return locked.length === 0 ? undefined : writeLock(locked);
}

async function take(
  entry: Extended,
  before: LockedEntry | undefined,
  { offline, told }: LockOptions,
): Promise<LockedEntry> {
  const called = `${entry.name}@${entry.rev}`;
  if (offline)
    throw new ConfigFault(
      'usage',
      `${called} is not locked yet, which needs its repository: run it without --offline.`,
    );
  told({ kind: 'fetching', entry });
  const found = await resolveRevision(entry);
  if (found.kind === 'unreachable')
    throw new ConfigFault(
      'workspace-invalid',
      `The repository of ${called}, ${entry.git}, does not answer: ${found.why}`,
    );
  if (found.kind === 'none')
    throw new ConfigFault(
      'workspace-invalid',
      `${entry.git} has no tag or branch ${entry.rev}. Name one that it has, or a whole commit.`,
    );
  const files = await fetchFiles(entry, found.commit);
  const { location: _, ...asked } = entry;
  const made: LockedEntry = { ...asked, commit: found.commit, digest: writeCache(files) };
  told({ kind: 'locked', entry: made, ...(before && { before }), files: files.size });
  return made;
}

/** Look whether it still is what was locked, and fetch it where this machine has no good copy. */
async function keep(entry: Extended, was: LockedEntry, { offline, told }: LockOptions): Promise<LockedEntry> {
  const called = `${entry.name}@${entry.rev}`;
  const cached = readCache(was);
  const found = offline ? undefined : await resolveRevision(entry);
  if (found?.kind === 'tag' && found.commit !== was.commit) {
    throw new ConfigFault(
      'workspace-invalid',
      `The tag ${entry.rev} of ${entry.git} was moved: locked is commit ${was.commit}, and now it is ${found.commit}. Tags of policies should stay; ask who moved it. If it is meant, run \`gatehouse lock --update ${entry.name}\`.`,
    );
  }
  if (cached.kind !== 'found') {
    if (found === undefined || found.kind === 'unreachable') {
      const why = found === undefined ? 'nothing is fetched with --offline' : found.why;
      throw new ConfigFault(
        'workspace-invalid',
        `There is no good copy of ${called} on this machine, and its repository cannot be asked: ${why}`,
      );
    }
    told({ kind: 'fetching', entry });
    const files = await fetchFiles(entry, was.commit);
    if (filesDigest(files) !== was.digest) {
      throw new ConfigFault(
        'workspace-invalid',
        `Commit ${was.commit} of ${called} holds other policies than ${lockFile} says (${filesDigest(files)}, not ${was.digest}). One of the two was tampered with; look at the history of ${lockFile}.`,
      );
    }
    writeCache(files);
  }
  const unseen = found === undefined ? 'not asked' : found.kind === 'unreachable' ? found.why : undefined;
  const newer = found?.kind === 'branch' && found.commit !== was.commit ? found.commit : undefined;
  told({
    kind: 'kept',
    entry: was,
    ...(unseen !== undefined && { unseen }),
    ...(newer !== undefined && { newer }),
  });
  return was;
}

function lockedBefore(folder: string): readonly LockedEntry[] {
  let text: string;
  try {
    text = readFileSync(path.join(folder, lockFile), 'utf8');
  } catch {
    return [];
  }
  const read = readLock(text);
  if (!read.ok)
    throw new ConfigFault(
      'workspace-invalid',
      `${lockFile} cannot be read: ${read.why}. Take it from Git again, or delete it.`,
    );
  return read.entries;
}
