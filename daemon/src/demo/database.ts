import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { ConfigFault } from '../core/faults.ts';
import { ownEnvironment } from '../core/own-environment.ts';
import { demoPort, freePort, setDemoPort } from './demo-folder.ts';
import { startDemoServer } from './demo-server.ts';
import { shopDatabase, shopUser } from './shop.ts';

/** What the database's process reads on its standard input. */
interface DatabaseOrder {
  readonly port: number;
  readonly password: string;
  readonly idleMs: number;
}

/** What it says, once, on its standard output. */
type DatabaseAnswer = { readonly port: number } | { readonly problem: string; readonly taken: boolean };

/** How long it stays when its last user has gone: a window that is loaded anew is back by then. */
const idleMs = 20_000;

/** Be the database's process, until nobody uses it any more. */
export async function runDatabase(): Promise<void> {
  const order = JSON.parse(await text(process.stdin)) as DatabaseOrder;
  const ended = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => ended.resolve());
  const say = (answer: DatabaseAnswer) => process.stdout.write(`${JSON.stringify(answer)}\n`);
  // Who started it may be gone by the time that it speaks.
  process.stdout.on('error', () => {});
  try {
    const log = (line: string) => process.stderr.write(`${line}\n`);
    const server = await startDemoServer({ ...order, onIdle: () => ended.resolve(), log });
    say({ port: server.port });
    await ended.promise;
    await server.close();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    say({ problem: message, taken: code === 'EADDRINUSE' });
  }
  // PGlite leaves handles behind that would keep the process.
  process.exit();
}

/** A hold on the demo's database, which stays while somebody has one. */
export interface DatabaseHold {
  readonly port: number;
  release(): Promise<void>;
}

export interface DatabaseOptions {
  readonly folder: string;
  readonly password: string;
  /** How to start its process, as argv of this Node. */
  readonly run: readonly string[];
  readonly idleMs?: number;
}

/**
 * Find the database of a demo's folder, or start it. Where something else has taken its port meanwhile, it gets another one,
 * which the folder's workspace file then says.
 * @throws ConfigFault when it does not start
 */
export async function holdDatabase(options: DatabaseOptions): Promise<DatabaseHold> {
  const { folder, password } = options;
  for (let left = 5; left > 0; left--) {
    const port = demoPort(folder);
    const found = await reach(port, password);
    if (typeof found === 'object') return { port, release: () => found.end() };
    if (found === 'taken') setDemoPort(folder, await freePort());
    else await start({ port, password, idleMs: options.idleMs ?? idleMs }, options.run);
  }
  throw new ConfigFault('usage', 'The database of the demo cannot be reached after it has started.');
}

async function reach(port: number, password: string): Promise<pg.Client | 'free' | 'taken'> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: shopUser,
    password,
    database: shopDatabase,
    ssl: false,
    application_name: 'gatehouse demo',
    connectionTimeoutMillis: 15_000,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ECONNREFUSED' ? 'free' : 'taken';
  }
}

/** Start its process in the background. Another one that took the port at the same time is as good, if it is the same. */
async function start(order: DatabaseOrder, run: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, run, {
    cwd: os.tmpdir(),
    env: ownEnvironment(process.env),
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
  });
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  child.stdin.end(JSON.stringify(order));
  const answer = await firstLine(child);
  child.stdout.destroy();
  child.unref();
  if ('problem' in answer && !answer.taken)
    throw new ConfigFault('usage', `The database of the demo does not start: ${answer.problem}`);
}

async function firstLine(child: ChildProcess): Promise<DatabaseAnswer> {
  if (child.stdout === null) throw new Error('no output');
  const lines = createInterface({ input: child.stdout });
  const said = once(lines, 'line').then(([line]) => JSON.parse(String(line)) as DatabaseAnswer);
  const gone = once(child, 'close').then(
    ([code]): DatabaseAnswer => ({ problem: `its process ended with ${code}`, taken: false }),
  );
  try {
    return await Promise.race([said, gone]);
  } finally {
    lines.close();
  }
}
