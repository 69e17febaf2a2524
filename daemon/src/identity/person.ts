import { execFileSync } from 'node:child_process';
import os from 'node:os';

/** The person at this machine. */
export interface Person {
  readonly name: string;
  readonly groups: readonly string[];
}

/**
 * The operating system's user. Everyone is in `local`; the system's groups come as `os:NAME`, so that a policy for a
 * company's `dba` is never met by a group that somebody happens to have on a laptop.
 */
export function localPerson(): Person {
  return { name: userName(), groups: ['local', ...systemGroups().map((group) => `os:${group}`)] };
}

function userName(): string {
  try {
    return os.userInfo().username;
  } catch {
    // A container's user need not stand in the system's list.
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}

function systemGroups(): readonly string[] {
  if (process.platform === 'win32') return [];
  try {
    const names = execFileSync('/usr/bin/id', ['-Gn'], {
      encoding: 'utf8',
      timeout: 2000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return names
      .trim()
      .split(/\s+/)
      .filter((name) => name !== '');
  } catch {
    return [];
  }
}
