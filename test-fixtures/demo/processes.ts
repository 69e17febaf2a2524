import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TokenResult } from '@gatehouse/daemon/control/messages.ts';
import type { Seen } from './story.ts';

/** The built command: what a person has on the PATH after an install. */
export const gatehouse: string = fileURLToPath(new URL('../../dist/gatehouse.js', import.meta.url));

/** What a client needs to connect, as `gatehouse env` prints it. */
export function clientEnvironment(token: TokenResult): Record<string, string> {
  return {
    PGHOST: token.host,
    PGPORT: String(token.port),
    PGUSER: token.user,
    PGPASSWORD: token.token,
    PGDATABASE: token.database,
  };
}

export interface Agent {
  /** Have it try a step of the story. */
  attempt(step: number): Promise<Seen>;
  stop(): void;
}

type AgentMessage = { readonly ready: true } | { readonly seen: Seen } | { readonly notice: string };

/** @throws Error when it cannot log in */
export async function startAgent(token: TokenResult, onNotice: (notice: string) => void): Promise<Agent> {
  const child = fork(fileURLToPath(new URL('./agent.ts', import.meta.url)), {
    env: { PATH: process.env.PATH, ...clientEnvironment(token) },
  });
  let heard: (message: AgentMessage) => void = () => {};
  let ended: (error: Error) => void = () => {};
  child.on('message', (message: AgentMessage) => {
    if ('notice' in message) onNotice(message.notice);
    else heard(message);
  });
  child.on('exit', () => ended(new Error('The agent’s process ended.')));
  const next = () =>
    new Promise<AgentMessage>((resolve, reject) => {
      heard = resolve;
      ended = reject;
    });
  await next();
  return {
    attempt: async (step) => {
      const answer = next();
      child.send({ step });
      const message = await answer;
      if (!('seen' in message)) throw new Error('The agent spoke out of turn.');
      return message.seen;
    },
    stop: () => {
      ended = () => {};
      if (child.connected) child.disconnect();
    },
  };
}

export interface DaemonProcess {
  /** What it has said so far, for when it fails. */
  log(): string;
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** `gatehouse up` in the foreground, with the real passwords on its standard input. */
export function startDaemonProcess(
  workspace: string,
  env: NodeJS.ProcessEnv,
  secrets: Readonly<Record<string, string>>,
): DaemonProcess {
  const child = spawn(process.execPath, [gatehouse, 'up', '--secrets-stdin'], {
    cwd: workspace,
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  }
  child.stdin.on('error', () => {});
  child.stdin.end(JSON.stringify(secrets));
  const ended = once(child, 'close').then(() => {});
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  return {
    log: () => log,
    ended,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      process.removeListener('exit', kill);
    },
  };
}

/** Run a subcommand to its end. @throws Error with what it said when it fails */
export async function runGatehouse(
  args: readonly string[],
  workspace: string,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const child: ChildProcess = spawn(process.execPath, [gatehouse, ...args], {
    cwd: workspace,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) throw new Error(`gatehouse ${args.join(' ')} ended with ${status}:\n${said}`);
  return said;
}
