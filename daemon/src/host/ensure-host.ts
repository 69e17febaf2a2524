import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigFault } from '../core/faults.ts';
import { ownEnvironment } from '../core/own-environment.ts';
import { version } from '../core/version.ts';
import { readControlSecret } from '../identity/control-secret.ts';
import type { SecretText } from '../identity/secret-text.ts';
import { controlSecretName } from '../identity/stdin-secrets.ts';
import { connectHost, type HostClient } from './client.ts';
import { type HostAddress, type HostPlace, hostPlace, readAddress } from './place.ts';

export interface EnsureOptions {
  /** Of the caller's own keeping. Where a host was started with another one, nobody but its keeper gets in. */
  readonly secret: SecretText;
  /** Who asks. */
  readonly client: string;
  /** How to start one, as argv of this Node: `[…/gatehouse.js, 'daemon', 'run']`. */
  readonly run: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** For tests; absent: this Gatehouse's. */
  readonly version?: string;
}

export interface Ensured {
  readonly address: HostAddress;
  /** What to say hello with: the one given, or that of a host which keeps its own in a file. */
  readonly secret: SecretText;
  readonly version: string;
  readonly pid: number;
}

const startWithinMs = 20_000;
/** Longer than a host lets its sessions end. */
const handOverMs = 30_000;
const maxLogBytes = 1024 * 1024;

/**
 * Find the daemon of this user, or start it in the background; an older one makes way. Several may try at once: one of
 * those that they start is elected, the others find it.
 * @throws ConfigFault in words that say what to do
 */
export async function ensureHost(options: EnsureOptions): Promise<Ensured> {
  const place = hostPlace(options.env);
  const until = Date.now() + startWithinMs + handOverMs;
  let started: Started | undefined;
  let handedOver = false;
  while (Date.now() < until) {
    const found = await find(place, options);
    if (found !== undefined) {
      const { client, ...ensured } = found;
      if (handedOver || !isOlder(client.hello.version, options.version ?? version)) {
        client.close();
        return ensured;
      }
      handedOver = true;
      await client.drain();
      await client.closed;
    }
    if (started?.child.exitCode !== null && started?.child.exitCode !== undefined) {
      // Another one was elected, which is ended with 0; or it could not start.
      if (started.child.exitCode !== 0) throw failed(place, started);
      started = undefined;
    }
    started ??= start(place, options);
    await sleep(50);
  }
  throw new ConfigFault(
    'daemon-absent',
    `The daemon did not start in time; what it said is in ${place.log}.`,
  );
}

async function find(
  place: HostPlace,
  { secret, client: name }: EnsureOptions,
): Promise<(Ensured & { readonly client: HostClient }) | undefined> {
  const address = readAddress(place);
  if (address === undefined) return undefined;
  const kept = readControlSecret(place.secret);
  for (const each of kept === undefined ? [secret] : [kept, secret]) {
    try {
      const client = await connectHost(address, each.reveal(), name);
      if (client === undefined) return undefined;
      const { version: its, pid } = client.hello;
      return { client, address, secret: each, version: its, pid };
    } catch {
      // Not its secret.
    }
  }
  throw new ConfigFault(
    'secret-unavailable',
    `The daemon of this user (process ${address.pid}) was started by another editor, which keeps its secret. Use Gatehouse there, or close that editor and try again.`,
  );
}

interface Started {
  readonly child: ChildProcess;
  /** Where in the log its own words begin. */
  readonly logFrom: number;
}

function start(place: HostPlace, { secret, run, env = process.env }: EnsureOptions): Started {
  if ((statSync(place.log, { throwIfNoEntry: false })?.size ?? 0) > maxLogBytes)
    renameSync(place.log, `${place.log}.1`);
  const logFrom = statSync(place.log, { throwIfNoEntry: false })?.size ?? 0;
  const log = openSync(place.log, 'a', 0o600);
  try {
    const child = spawn(process.execPath, run, {
      cwd: place.folder,
      env: ownEnvironment(env),
      detached: true,
      stdio: ['pipe', log, log],
      windowsHide: true,
    });
    child.on('error', () => {});
    child.stdin?.on('error', () => {});
    child.stdin?.end(JSON.stringify({ [controlSecretName]: secret.reveal() }));
    child.unref();
    return { child, logFrom };
  } finally {
    closeSync(log);
  }
}

function failed(place: HostPlace, { logFrom }: Started): ConfigFault {
  const said = readFileSync(place.log).subarray(logFrom).toString('utf8').trim();
  return new ConfigFault('daemon-absent', `The daemon could not start: ${said || `see ${place.log}`}`);
}

/** By the numbers of semantic versions; what follows a hyphen does not count. */
export function isOlder(one: string, other: string): boolean {
  const [a, b] = [one, other].map((each) => (each.split('-')[0] ?? '').split('.').map(Number));
  for (let at = 0; at < 3; at++) {
    const difference = (a?.[at] ?? 0) - (b?.[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
