import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import pg from 'pg';
import { type CertificatePair, selfSigned } from './certificate.ts';
import { type PostgresChoice, postgresBinaries } from './postgres-binaries.ts';
import { fixtureRole, layDown, makeServerFolder } from './postgres-data.ts';
import { standing, unprivileged } from './unprivileged.ts';

export interface PostgresOptions {
  /** `18`: the server that npm installed (default). `system`: the newest one of the system's packages. */
  readonly version?: PostgresChoice;
  /** `true`: a self-signed certificate for localhost and 127.0.0.1. */
  readonly tls?: CertificatePair | true;
  /** Lines of pg_hba.conf, instead of one for every role on loopback and the socket with `auth`. */
  readonly hba?: readonly string[];
  /** Server parameters by name. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Created when it is not `postgres`. */
  readonly database?: string;
  readonly password?: string;
  /** How the superuser `postgres` (and every other role) logs in; `scram-sha-256` by default. */
  readonly auth?: 'trust' | 'scram-sha-256' | 'md5' | 'password';
}

export interface RunningPostgres {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly socketFolder: string;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** As the server says it, `18.4`. */
  readonly version: string;
  readonly pid: number;
  /** The folder of `initdb`, `postgres` and, with the system's version, `psql` and `pgbench`. */
  readonly bin: string;
  /** The certificate that the server shows, which is its own CA; absent without TLS. */
  readonly certPem?: string;
  /** Run statements as the superuser over the unix socket, and return the rows of the last one. */
  sql(text: string, parameters?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  /** What the server has written to its log so far. */
  log(): string;
  /** Shut down (fast) and remove the data. A second call does nothing. */
  stop(): Promise<void>;
}

const user = 'postgres';

/** Start a real PostgreSQL on loopback with a data folder of its own. @throws Error with the server's log. */
export async function startPostgres(options: PostgresOptions = {}): Promise<RunningPostgres> {
  const binaries = postgresBinaries(options.version ?? '18');
  const folder = makeServerFolder();
  const data = path.join(folder, 'data');
  const password = options.password ?? 'postgres-password';
  const database = options.database ?? 'postgres';
  const pair = options.tls === true ? selfSigned() : options.tls;
  let server: Server | undefined;
  const remove = () => {
    server?.process.kill('SIGQUIT');
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  process.once('exit', remove);
  const stop = async () => {
    process.removeListener('exit', remove);
    await server?.end();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    layDown(binaries, data);
    const auth = options.auth ?? 'scram-sha-256';
    const hba = options.hba ?? [`local all all ${auth}`, `host all all 127.0.0.1/32 ${auth}`];
    writeFileSync(path.join(data, 'pg_hba.conf'), [`local all ${fixtureRole} trust`, ...hba, ''].join('\n'));
    if (pair !== undefined) writePair(data, pair);
    const settings = {
      fsync: 'off',
      full_page_writes: 'off',
      synchronous_commit: 'off',
      shared_buffers: '32MB',
      max_prepared_transactions: '4',
      timezone: 'UTC',
      log_timezone: 'UTC',
      ssl: pair === undefined ? 'off' : 'on',
      password_encryption: auth === 'md5' ? 'md5' : 'scram-sha-256',
      ...options.settings,
    };
    server = await startOnFreePort(path.join(binaries.bin, 'postgres'), data, folder, settings);
    const { port, process: child, log } = server;
    const sql = (text: string, parameters?: readonly unknown[], where = database) =>
      runSql(
        { host: folder, port, user: fixtureRole, database: where, options: `-c role=${user}` },
        text,
        parameters,
      );
    await sql(`ALTER ROLE ${user} PASSWORD ${pg.escapeLiteral(password)}`, undefined, 'postgres');
    if (database !== 'postgres') {
      await sql(`CREATE DATABASE ${pg.escapeIdentifier(database)}`, undefined, 'postgres');
    }
    return {
      host: '127.0.0.1',
      port,
      socketFolder: folder,
      user,
      password,
      database,
      version: binaries.version,
      pid: child.pid ?? 0,
      bin: binaries.bin,
      ...(pair === undefined ? {} : { certPem: pair.certPem }),
      sql: (text, parameters) => sql(text, parameters),
      log,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function writePair(data: string, pair: CertificatePair): void {
  const how = standing();
  for (const [name, text] of [
    ['server.crt', pair.certPem],
    ['server.key', pair.keyPem],
  ] as const) {
    const file = path.join(data, name);
    writeFileSync(file, text, { mode: 0o600 });
    if (how.kind === 'account') chownSync(file, how.uid, how.gid);
  }
}

interface Server {
  readonly port: number;
  readonly process: ChildProcess;
  log(): string;
  end(): Promise<void>;
}

async function startOnFreePort(
  file: string,
  data: string,
  folder: string,
  settings: Readonly<Record<string, string>>,
): Promise<Server> {
  for (let attempt = 1; ; attempt++) {
    const started = await startOnce(file, data, folder, await freePort(), settings);
    if (typeof started !== 'string') return started;
    // Between looking and binding, the port may have gone to somebody else.
    if (attempt === 5 || !started.includes('Address already in use')) {
      throw new Error(`PostgreSQL did not start:\n${started}`);
    }
  }
}

/** The running server, or its log when it ended instead. */
async function startOnce(
  file: string,
  data: string,
  folder: string,
  port: number,
  settings: Readonly<Record<string, string>>,
): Promise<Server | string> {
  const args = ['-D', data, '-h', '127.0.0.1', '-k', folder, '-p', String(port)];
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`);
  const launch = unprivileged(...withLeash(file, args));
  const child = spawn(launch.file, launch.args, {
    ...launch.identity,
    cwd: folder,
    // A session of its own: Ctrl-C in a terminal reaches us, and we end the server in our own order.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
  });
  let log = '';
  const ended = new Promise<'ended'>((resolve) => {
    child.once('error', (error) => {
      log += `${error.message}\n`;
      resolve('ended');
    });
    child.once('close', () => resolve('ended'));
  });
  const ready = new Promise<'ready'>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      if (log.length > 4_000_000) log = log.slice(-1_000_000);
      if (text.includes('ready to accept connections')) resolve('ready');
    });
  });
  if ((await Promise.race([ready, ended])) === 'ended') return log;
  // The server must not keep a finished test's process alive; stop() and the exit hook end it.
  child.unref();
  (child.stderr as unknown as net.Socket).unref();
  return {
    port,
    process: child,
    log: () => log,
    end: async () => {
      child.ref();
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
      await ended;
    },
  };
}

let leash: boolean | undefined;

/** Linux ends the server when we are killed and can no longer do it ourselves. */
function withLeash(file: string, args: readonly string[]): [string, readonly string[]] {
  leash ??=
    process.platform === 'linux' &&
    spawnSync('setpriv', ['--pdeathsig', 'INT', 'true'], { stdio: 'ignore' }).status === 0;
  return leash ? ['setpriv', ['--pdeathsig', 'INT', file, ...args]] : [file, args];
}

export async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('No loopback port is free.');
  return address.port;
}

async function runSql(
  config: pg.ClientConfig,
  text: string,
  parameters?: readonly unknown[],
): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    const result: unknown = await (parameters === undefined
      ? client.query(text)
      : client.query(text, [...parameters]));
    const last: unknown = Array.isArray(result) ? result.at(-1) : result;
    return (last as pg.QueryResult<Record<string, unknown>>).rows;
  } finally {
    await client.end();
  }
}
