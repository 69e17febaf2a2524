/** Policies that a workspace takes from other Git repositories: what it asks for, and what it was locked to. */
import { createHash } from 'node:crypto';
import type { Location } from './policy.ts';

/** An entry of `extends` in gatehouse.yaml. */
export interface Extended {
  /** By what its policies are called where they stand: `acme@v1.4.0:pii.policy.yaml`. */
  readonly name: string;
  readonly git: string;
  /** A tag, a branch or a commit. */
  readonly rev: string;
  /** The folder of the repository whose policies are taken, with `/`. */
  readonly path: string;
  readonly location: Location;
}

/** What an entry was when somebody locked it. */
export interface LockedEntry extends Omit<Extended, 'location'> {
  /** Of the commit that `rev` was, in hex. */
  readonly commit: string;
  /** {@link filesDigest} of the policy files of that commit. */
  readonly digest: string;
}

/** Texts by their path below the entry's folder. */
export type ExtendedFiles = ReadonlyMap<string, string>;

/** `sha256:` and the hex of SHA-256 over the names and texts, in the order of names. */
export function filesDigest(files: ExtendedFiles): string {
  const hash = createHash('sha256');
  for (const [name, text] of [...files].sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(JSON.stringify([name, text])).update('\n');
  return `sha256:${hash.digest('hex')}`;
}

/** How a file of another repository is called among those of the workspace. */
export function extendedFile({ name, rev }: Pick<Extended, 'name' | 'rev'>, file: string): string {
  return `${name}@${rev}:${file}`;
}

/** Whether a file is of another repository: people of this workspace cannot change it. */
export function isExtendedFile(file: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]*@[^:]+:/.test(file);
}

/** What is wrong with an address for Git, in words that follow its key; undefined: nothing. */
export function faultOfGit(git: string): string | undefined {
  if (/^https:\/\/[^/]*@/.test(git))
    return 'must hold no user or password; Git asks your credential helper for them.';
  if (/^(https|ssh):\/\/[A-Za-z0-9[][^\s\\]*$/.test(git) || /^file:\/\/\/[^\s\\]+$/.test(git))
    return undefined;
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*@[A-Za-z0-9][A-Za-z0-9.-]*:[^\s\\:-][^\s\\]*$/.test(git)) return undefined;
  return 'is an address that begins with `https://`, `ssh://` or `file:///`, or is like `git@host:team/policies.git`.';
}

/** The same of a revision. */
export function faultOfRev(rev: string): string | undefined {
  const plain = /^[A-Za-z0-9][A-Za-z0-9._/+-]{0,199}$/.test(rev) && !/\.\.|\/\/|\.lock$|[./]$/.test(rev);
  return plain ? undefined : 'is the name of a tag or a branch, or a commit: letters, digits and `._/+-`.';
}

/** The same of a folder. */
export function faultOfPath(path: string): string | undefined {
  const parts = path.split('/');
  const plain = parts.every((part) => /^[\p{L}\p{N}._ -]+$/u.test(part) && part !== '.' && part !== '..');
  return plain
    ? undefined
    : 'is a folder of the repository, with `/` between its parts and none before them.';
}
