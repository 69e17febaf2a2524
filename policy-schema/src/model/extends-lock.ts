/** `.gatehouse/extends.lock.json`: what each entry of `extends` was when somebody locked it. Written by a program. */
import type { LockedEntry } from './extends.ts';

export type ReadLock =
  | { readonly ok: true; readonly entries: readonly LockedEntry[] }
  | { readonly ok: false; readonly why: string };

const shapes: { readonly [Key in keyof LockedEntry]: RegExp } = {
  name: /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/,
  git: /^\S{1,2000}$/,
  rev: /^\S{1,200}$/,
  path: /^.{1,1000}$/,
  commit: /^([0-9a-f]{40}|[0-9a-f]{64})$/,
  digest: /^sha256:[0-9a-f]{64}$/,
};

/** Never throws. */
export function readLock(text: string): ReadLock {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, why: 'it is no JSON' };
  }
  const { gatehouse, extends: entries } = isObject(value) ? value : {};
  if (gatehouse !== 'v1' || !Array.isArray(entries))
    return { ok: false, why: 'it is no lock file of version v1' };
  const read: LockedEntry[] = [];
  for (const entry of entries) {
    const wrong = Object.entries(shapes).find(
      ([key, shape]) => !isObject(entry) || typeof entry[key] !== 'string' || !shape.test(entry[key]),
    );
    if (wrong !== undefined) return { ok: false, why: `an entry has no right \`${wrong[0]}\`` };
    const { name, git, rev, path, commit, digest } = entry as LockedEntry;
    read.push({ name, git, rev, path, commit, digest });
  }
  return { ok: true, entries: read };
}

/** The text of a lock file: the same for the same entries, whatever their order was. */
export function writeLock(entries: readonly LockedEntry[]): string {
  const sorted = [...entries]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, git, rev, path, commit, digest }) => ({ name, git, rev, path, commit, digest }));
  return `${JSON.stringify({ gatehouse: 'v1', extends: sorted }, undefined, 2)}\n`;
}

/** Whether an entry of gatehouse.yaml is what was locked. */
export function isLocked(asked: Omit<LockedEntry, 'commit' | 'digest'>, locked: LockedEntry): boolean {
  return asked.git === locked.git && asked.rev === locked.rev && asked.path === locked.path;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
