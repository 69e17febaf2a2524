import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { standing, unprivileged } from './unprivileged.ts';

/** The role that the fixtures themselves use, over the unix socket, whatever pg_hba.conf a test asks for. */
export const fixtureRole = 'fixture_admin';

const prefix = 'gatehouse-postgres-';

/** A folder of our own (0700) that the server's user can use. The name says which process it belongs to. */
export function makeServerFolder(): string {
  sweep();
  const folder = mkdtempSync(path.join(os.tmpdir(), `${prefix}${process.pid}-`));
  own(folder);
  return folder;
}

function own(folder: string): void {
  chmodSync(folder, 0o700);
  const how = standing();
  if (how.kind === 'account') chownSync(folder, how.uid, how.gid);
}

/** Remove what processes that were killed left behind. A server that still runs has its postmaster.pid there. */
function sweep(): void {
  for (const name of readdirSync(os.tmpdir())) {
    const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const folder = path.join(os.tmpdir(), name);
    if (existsSync(path.join(folder, 'data', 'postmaster.pid'))) continue;
    rmSync(folder, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Copy the freshly made cluster of this version to `data`. initdb takes a second, copying it a tenth. */
export function layDown(binaries: PostgresBinaries, data: string): void {
  execFileSync('cp', ['-a', template(binaries), data]);
}

function template(binaries: PostgresBinaries): string {
  const key = createHash('sha256')
    .update(`${binaries.bin}\n${binaries.version}\n2`)
    .digest('hex')
    .slice(0, 12);
  const root = templateRoot();
  const folder = path.join(root, `${binaries.version}-${key}`);
  if (existsSync(folder)) return folder;
  const fresh = mkdtempSync(path.join(root, 'making-'));
  own(fresh);
  const data = path.join(fresh, 'data');
  try {
    run(binaries, 'initdb', ['-D', data, '-U', 'postgres', '--no-locale', '-E', 'UTF8', '-A', 'trust', '-N']);
    run(
      binaries,
      'postgres',
      ['--single', '-F', '-D', data, 'postgres'],
      `CREATE ROLE ${fixtureRole} SUPERUSER LOGIN;\n`,
    );
    renameSync(data, folder);
  } catch (error) {
    // Another process may have put its own there first; that one is as good.
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return folder;
}

/** Outside the repository, per user and way of running; somebody else's folder of that name is not used. */
function templateRoot(): string {
  const how = standing();
  const wanted = how.kind === 'account' ? how.uid : process.getuid?.();
  const root = path.join(os.tmpdir(), `gatehouse-postgres-templates-${how.kind}-${wanted ?? 'user'}`);
  try {
    mkdirSync(root, { mode: 0o700 });
    own(root);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const found = lstatSync(root);
  if (!found.isDirectory() || (wanted !== undefined && found.uid !== wanted && found.uid !== 0)) {
    throw new Error(`${root} belongs to somebody else. Remove it, or set TMPDIR.`);
  }
  return root;
}

function run(binaries: PostgresBinaries, program: string, args: readonly string[], input?: string): void {
  const launch = unprivileged(path.join(binaries.bin, program), args);
  execFileSync(launch.file, launch.args, {
    ...launch.identity,
    input: input ?? '',
    cwd: os.tmpdir(),
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
  });
}
