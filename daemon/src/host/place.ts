import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type ExclusiveLock, takeExclusiveLock } from '../core/exclusive-lock.ts';
import { ConfigFault } from '../core/faults.ts';
import { writePrivateFile } from '../core/private-file.ts';
import { controlSocketPath, ensurePrivateFolder, stateRoot } from '../workspace/state.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the daemon of a user keeps what is not of one workspace. Every path is absolute. */
export interface HostPlace {
  /** 0700. No workspace's state has this name, as theirs end in a digest. */
  readonly folder: string;
  /** Who has this lock is the daemon. */
  readonly lock: string;
  /** Says where it listens. */
  readonly address: string;
  /** What operators say hello with, where it is kept in a file. */
  readonly secret: string;
  /** What it said when it was started in the background. */
  readonly log: string;
}

export interface HostAddress {
  readonly socket: string;
  readonly pid: number;
}

/** The folder is made. @throws ConfigFault when it cannot be a private one */
export function hostPlace(env: Environment = process.env): HostPlace {
  const root = stateRoot(env);
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const folder = path.join(root, 'host');
  ensurePrivateFolder(folder);
  return {
    folder,
    lock: path.join(folder, 'lock'),
    address: path.join(folder, 'host.json'),
    secret: path.join(folder, 'control-secret'),
    log: path.join(folder, 'daemon.log'),
  };
}

/** Become the daemon of this user; undefined when another process is. @throws ConfigFault */
export function elect(place: HostPlace): ExclusiveLock | undefined {
  try {
    return takeExclusiveLock(place.lock);
  } catch (error) {
    throw new ConfigFault(
      'workspace-invalid',
      `${place.lock} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Made only by the one that was elected. */
export function hostSocket(place: HostPlace, env: Environment = process.env): string {
  return controlSocketPath(place, env);
}

export function writeAddress(place: HostPlace, address: HostAddress): void {
  writePrivateFile(place.address, `${JSON.stringify(address)}\n`);
}

export function removeAddress(place: HostPlace): void {
  rmSync(place.address, { force: true });
}

/** Undefined: none ran here, or it ended. One that was killed leaves its address behind. */
export function readAddress(place: HostPlace): HostAddress | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(place.address, 'utf8'));
    if (typeof value !== 'object' || value === null) return undefined;
    const { socket, pid } = value as Record<string, unknown>;
    return typeof socket === 'string' && typeof pid === 'number' ? { socket, pid } : undefined;
  } catch {
    return undefined;
  }
}
