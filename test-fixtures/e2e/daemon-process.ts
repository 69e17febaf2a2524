import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type ControlClient, connectControl } from '@gatehouse/daemon/control/client.ts';
import type { StatusResult } from '@gatehouse/daemon/control/messages.ts';
import type { RecordLine } from '@gatehouse/daemon/recordings/entry.ts';
import { type StatePaths, statePaths } from '@gatehouse/daemon/workspace/state.ts';
import type { Login } from '../servers/gate.ts';
import { shopRole } from '../servers/shop.ts';
import type { Ran } from './run.ts';

/** `gatehouse up` and the other commands as processes of their own, on a workspace and a state folder of a test. */

const main = fileURLToPath(new URL('../../daemon/src/cli/main.ts', import.meta.url));

/** Spares each child after the first the compiling. */
const compileCache = mkdtempSync(path.join(os.tmpdir(), 'gh-cache-'));
process.once('exit', () => rmSync(compileCache, { recursive: true, force: true }));

/** Reads and places orders; an update waits for a person; all else is denied. */
export const shopPolicy = `gatehouse: v1
kind: Policy
name: shop
applies: { to: [shop-db] }
rules:
  - name: read
    effect: allow
    sql: { actions: [select], tables: [public.orders, public.products] }
  - name: place-orders
    effect: allow
    sql: { actions: [insert], tables: [public.orders] }
  - name: sleep
    effect: allow
    sql: { actions: [call], functions: [pg_catalog.pg_sleep] }
  - name: run-a-session
    effect: allow
    sql: { actions: [begin, commit, rollback, show, values] }
  - name: changes-need-a-person
    effect: approve
    sql: { actions: [update], tables: [public.orders] }
    approval: { by: ["*"], within: 5m }
`;

export interface WorkspaceOptions {
  readonly port: number;
  readonly durability?: 'durable' | 'written';
  /** YAML of the resource's `tls`; `{ mode: disable }` unless told. */
  readonly tls?: string;
  /** YAML of the resource's `password`; from standard input unless told. */
  readonly password?: string;
  /** Further resources, as YAML. */
  readonly resources?: string;
  readonly policy?: string;
  /** YAML of `extends`. */
  readonly extends?: string;
}

/** How a child is launched, where it does not run as it is: in a namespace of its own, say. */
export type Wrap = (file: string, args: readonly string[]) => { file: string; args: readonly string[] };

export interface StartOptions {
  readonly wrap?: Wrap;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface DaemonProcess {
  readonly child: ChildProcess;
  readonly status: StatusResult;
  /** All that it said so far, on both streams. */
  said(): string;
  /** Resolves once what it said satisfies. Rejects when it ends before. */
  until(satisfied: (said: string) => boolean): Promise<void>;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** Send a signal and wait for the end. */
  end(
    signal?: NodeJS.Signals,
  ): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** A workspace for daemons that are processes, with the shop's database behind it as `shop-db`. */
export class DaemonWorkspace {
  readonly root: string = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'gh-e2e-')));
  readonly folder: string = path.join(this.root, 'w');
  readonly stateRoot: string = path.join(this.root, 's');
  readonly #started: ChildProcess[] = [];

  constructor(options: WorkspaceOptions) {
    mkdirSync(path.join(this.folder, '.gatehouse', 'policies'), { recursive: true });
    mkdirSync(this.stateRoot, { mode: 0o700 });
    this.settings(options);
    this.policy(options.policy ?? shopPolicy);
  }

  get state(): StatePaths {
    return statePaths(this.folder, { GATEHOUSE_STATE: this.stateRoot });
  }

  settings(options: WorkspaceOptions): void {
    writeFileSync(
      path.join(this.folder, '.gatehouse', 'gatehouse.yaml'),
      `gatehouse: v1
kind: Workspace
${options.extends === undefined ? '' : `extends: ${options.extends}\n`}resources:
  - name: shop-db
    protocol: postgres
    host: 127.0.0.1
    port: ${options.port}
    database: shop
    user: ${shopRole.user}
    password: ${options.password ?? '{ stdin: shop }'}
    tls: ${options.tls ?? '{ mode: disable }'}
${options.resources ?? ''}records: { durability: ${options.durability ?? 'written'} }
`,
    );
  }

  policy(text: string): void {
    writeFileSync(path.join(this.folder, '.gatehouse', 'policies', 'shop.policy.yaml'), text);
  }

  /** Start the daemon and wait until it is ready. @throws Error with what it said when it ends instead */
  async start(options: StartOptions = {}): Promise<DaemonProcess> {
    const { child, said, watch, ended } = this.#spawn(['up', '--secrets-stdin', '--json'], options);
    child.stdin?.end(JSON.stringify(options.secrets ?? { shop: shopRole.password }));
    const until = (satisfied: (said: string) => boolean) =>
      new Promise<void>((resolve, reject) => {
        watch(() => {
          if (satisfied(said())) resolve();
        });
        void ended.then(() => reject(new Error(`The daemon ended first:\n${said()}`)));
      });
    await until((text) => readyIn(text) !== undefined);
    const status = readyIn(said());
    if (status === undefined) throw new Error('unreachable');
    const end = (signal: NodeJS.Signals = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    };
    return { child, status, said, until, ended, end };
  }

  /** Start the daemon and kill it without waiting for anything. */
  async killWhileStarting(afterMs: number): Promise<void> {
    const { child, ended } = this.#spawn(['up', '--secrets-stdin'], {});
    child.stdin?.end(JSON.stringify({ shop: shopRole.password }));
    await Promise.race([sleep(afterMs), ended]);
    child.kill('SIGKILL');
    await ended;
  }

  /** Run `gatehouse …` to its end. */
  async command(args: readonly string[], options: StartOptions & { input?: string } = {}): Promise<Ran> {
    const running = this.background(args, options);
    const { code } = await running.ended;
    return { status: code, stdout: running.stdout(), stderr: running.stderr() };
  }

  /** Run `gatehouse …` and leave it to the test to end it. */
  background(args: readonly string[], options: StartOptions & { input?: string } = {}): RunningCommand {
    const { child, ended, watch, out } = this.#spawn(args, options);
    child.stdin?.end(options.input ?? '');
    return {
      child,
      ended,
      stdout: () => out.stdout,
      stderr: () => out.stderr,
      until: (satisfied) =>
        new Promise((resolve, reject) => {
          watch(() => {
            if (satisfied(out.stdout)) resolve();
          });
          void ended.then(() => reject(new Error(`It ended first:\n${out.stdout}\n${out.stderr}`)));
        }),
    };
  }

  #spawn(args: readonly string[], options: StartOptions) {
    const { NO_COLOR: _n, FORCE_COLOR: _f, XDG_RUNTIME_DIR: _x, ...env } = process.env;
    const node = [main, ...args];
    const launch = options.wrap?.(process.execPath, node) ?? { file: process.execPath, args: node };
    const child = spawn(launch.file, launch.args, {
      cwd: this.folder,
      env: { ...env, NODE_COMPILE_CACHE: compileCache, GATEHOUSE_STATE: this.stateRoot, ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#started.push(child);
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    const out = { stdout: '', stderr: '', both: '' };
    const watchers = new Set<() => void>();
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        out[name] += text;
        out.both += text;
        for (const watcher of watchers) watcher();
      });
    }
    child.stdin.on('error', () => {});
    const ended = once(child, 'close').then(([code, signal]) => {
      process.removeListener('exit', kill);
      return { code: code as number | null, signal: signal as NodeJS.Signals | null };
    });
    const watch = (watcher: () => void) => {
      watchers.add(watcher);
      watcher();
    };
    return { child, ended, watch, out, said: () => out.both };
  }

  control(): Promise<ControlClient> {
    return connectControl({ state: this.state, client: 'test' });
  }

  /** What `pg` takes to connect as an agent. */
  async login(ttl = 3_600_000, resource = 'shop-db'): Promise<Login> {
    const control = await this.control();
    try {
      const { host, port, user, token, database } = await control.mintToken({
        resource,
        agent: 'tester',
        ttl,
      });
      return { host, port, user, password: token, database };
    } finally {
      control.close();
    }
  }

  /** The files of the record of truth, in order. */
  segments(): readonly string[] {
    const folder = path.join(this.state.records, 'segments');
    return globSync('*.ndjson', { cwd: folder })
      .sort()
      .map((name) => path.join(folder, name));
  }

  /** Every whole line of the record of truth. */
  lines(): readonly RecordLine[] {
    return this.segments().flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as RecordLine),
    );
  }

  /** Kill what still runs and remove every file. */
  async discard(): Promise<void> {
    for (const child of this.#started) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const closed = once(child, 'close');
      child.kill('SIGKILL');
      await closed;
    }
    rmSync(this.root, { recursive: true, force: true });
  }
}

export interface RunningCommand {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  stdout(): string;
  stderr(): string;
  /** Resolves once what was printed so far on stdout satisfies. Rejects when the process ends before. */
  until(satisfied: (stdout: string) => boolean): Promise<void>;
}

function readyIn(said: string): StatusResult | undefined {
  for (const line of said.split('\n')) {
    if (!line.startsWith('{"event":"ready"') || !line.endsWith('}')) continue;
    return (JSON.parse(line) as { status: StatusResult }).status;
  }
  return undefined;
}

/** The effect that some record gives a statement whose text or parameters hold `part`. */
export function effectsOf(lines: readonly RecordLine[], part: string): readonly string[] {
  return lines.flatMap((line) =>
    line.kind === 'request.decided' &&
    (line.text.includes(part) || line.parameters?.some((value) => value?.includes(part)))
      ? [line.effect]
      : [],
  );
}
