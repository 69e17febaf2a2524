import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SampleFolder } from '../workspace/samples.ts';

/** The command as a real child process, for tests. */

/** Spares each child after the first the compiling. */
const compileCache = mkdtempSync(path.join(os.tmpdir(), 'gh-cache-'));
process.once('exit', () => rmSync(compileCache, { recursive: true, force: true }));

const main = fileURLToPath(new URL('./main.ts', import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Resolves once what was printed so far on stdout satisfies. Rejects when the process ends before. */
  until(satisfied: (stdout: string) => boolean): Promise<void>;
  readonly ended: Promise<Ran>;
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Start `gatehouse …` in a sample workspace. */
export function start(sample: SampleFolder, args: readonly string[], options: StartOptions = {}): Running {
  const { NO_COLOR: _n, FORCE_COLOR: _f, XDG_RUNTIME_DIR: _x, ...env } = process.env;
  const child = spawn(process.execPath, [main, ...args], {
    cwd: sample.folder,
    env: { ...env, NODE_COMPILE_CACHE: compileCache, GATEHOUSE_STATE: sample.stateRoot, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
      for (const watcher of watchers) watcher();
    });
  }
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...said }));
  return {
    child,
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    ended,
    until: (satisfied) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!satisfied(said.stdout)) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
        void ended.then(() => reject(new Error(`It ended first:\n${said.stdout}\n${said.stderr}`)));
      }),
  };
}

/** Run `gatehouse …` to its end. */
export function gatehouse(
  sample: SampleFolder,
  args: readonly string[],
  options?: StartOptions,
): Promise<Ran> {
  return start(sample, args, options).ended;
}
