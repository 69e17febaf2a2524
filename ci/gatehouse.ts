/** Runs the `gatehouse` command of this checkout: no shell, so that names are only ever names. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../dist/gatehouse.js', import.meta.url));

export interface Ran {
  /** 0 yes, 1 no, 2 could not run. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const maxOutput = 256 * 1024 * 1024;

export function gatehouse(folder: string, args: readonly string[]): Ran {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [command, ...args], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: maxOutput,
    env: { ...process.env, NO_COLOR: '1' },
  });
  return { code: status ?? 2, stdout, stderr: error === undefined ? stderr : `${stderr}${error.message}` };
}

/** The commit that a name stands for; undefined: there is none here. */
export function commitOf(folder: string, name: string): string | undefined {
  const asked = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
  const { status, stdout } = spawnSync('git', ['-C', folder, ...asked], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
