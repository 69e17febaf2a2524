import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort, type RunningPostgres } from './postgres.ts';
import { standing, unprivileged } from './unprivileged.ts';

export interface RunningPgbouncer {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  stop(): Promise<void>;
}

/** Debian's pgbouncer before `server`, pooling sessions. @throws Error when it is not installed or does not start. */
export async function startPgbouncer(server: RunningPostgres): Promise<RunningPgbouncer> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'gatehouse-pgbouncer-'));
  const port = await freePort();
  const users = path.join(folder, 'users.txt');
  const config = path.join(folder, 'pgbouncer.ini');
  writeFileSync(users, `"${server.user}" "${server.password}"\n`);
  const settings = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    auth_type: 'scram-sha-256',
    auth_file: users,
    pool_mode: 'session',
    max_client_conn: 200,
    default_pool_size: 64,
    log_connections: 0,
    log_disconnections: 0,
    log_stats: 0,
    ignore_startup_parameters: 'extra_float_digits',
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  const target = `host=127.0.0.1 port=${server.port} dbname=${server.database}`;
  writeFileSync(config, `[databases]\n${server.database} = ${target}\n[pgbouncer]\n${lines.join('\n')}\n`);
  const how = standing();
  if (how.kind === 'account') for (const file of [folder, users, config]) chownSync(file, how.uid, how.gid);
  chmodSync(folder, 0o700);
  const launch = unprivileged('/usr/sbin/pgbouncer', [config]);
  const child = spawn(launch.file, launch.args, { ...launch.identity, stdio: ['ignore', 'ignore', 'pipe'] });
  const discard = () => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', discard);
  let log = '';
  const up = await new Promise<boolean>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      if (log.includes('process up')) resolve(true);
    });
    child.once('error', (error) => {
      log += error.message;
      resolve(false);
    });
    child.once('close', () => resolve(false));
  });
  const stop = async () => {
    process.removeListener('exit', discard);
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      child.kill('SIGINT');
      const forced = setTimeout(() => child.kill('SIGKILL'), 3000);
      await once(child, 'close');
      clearTimeout(forced);
    }
    rmSync(folder, { recursive: true, force: true });
  };
  if (!up) {
    await stop();
    throw new Error(`pgbouncer did not start:\n${log}`);
  }
  const { host, user, password, database } = server;
  return { host, port, user, password, database, stop };
}
