import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type ExtendedFiles, filesDigest, type LockedEntry } from '@gatehouse/policy-schema/model/extends.ts';
import { ensurePrivateFolder, stateRoot } from '../state.ts';
import { writePrivateFile } from '../../core/private-file.ts';

export type Cached =
  | { readonly kind: 'found'; readonly files: ExtendedFiles }
  | { readonly kind: 'missing' }
  /** Somebody changed it, or a disk did. It is not used. */
  | { readonly kind: 'spoiled'; readonly file: string };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Policies of other repositories, by the digest of what they say: a copy is what the lock file means, or it is no copy.
 * Shared by all workspaces of the user.
 */
export function readCache({ digest }: Pick<LockedEntry, 'digest'>, env: Environment = process.env): Cached {
  const file = fileOf(digest, env);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? { kind: 'missing' }
      : { kind: 'spoiled', file };
  }
  try {
    const files = new Map(Object.entries(JSON.parse(text) as Record<string, string>));
    if ([...files.values()].every((each) => typeof each === 'string') && filesDigest(files) === digest)
      return { kind: 'found', files };
  } catch {
    // Not what was written.
  }
  return { kind: 'spoiled', file };
}

/** @returns the digest under which it is kept @throws ConfigFault where the state folder cannot be used */
export function writeCache(files: ExtendedFiles, env: Environment = process.env): string {
  const digest = filesDigest(files);
  const file = fileOf(digest, env);
  ensurePrivateFolder(path.dirname(file));
  writePrivateFile(file, `${JSON.stringify(Object.fromEntries(files))}\n`);
  return digest;
}

function fileOf(digest: string, env: Environment): string {
  return path.join(stateRoot(env), 'extends', `${digest.replace(/^sha256:/, '')}.json`);
}
