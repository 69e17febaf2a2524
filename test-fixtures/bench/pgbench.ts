import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type PgbenchProtocol = 'simple' | 'extended' | 'prepared';

/** Where a client connects, directly or through something. */
export interface BenchTarget {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

export interface PgbenchResult {
  readonly transactionsPerSecond: number;
  /** Milliseconds. */
  readonly averageLatency: number;
}

/** pgbench's own tables, `scale` times 100,000 accounts. */
export async function prepareTables(target: BenchTarget, scale: number): Promise<void> {
  await run('pgbench', ['-i', '-q', '-s', String(scale), ...place(target)], { env: environment(target) });
}

/** One SELECT by primary key after another (`-S`) for `seconds`. @throws Error when a client was refused. */
export async function pgbench(
  target: BenchTarget,
  protocol: PgbenchProtocol,
  clients: number,
  seconds: number,
): Promise<PgbenchResult> {
  const args = ['-n', '-S', '-M', protocol, '-c', String(clients), '-j', '1', '-T', String(seconds)];
  const { stdout } = await run('pgbench', [...args, ...place(target)], { env: environment(target) });
  const tps = /tps = ([\d.]+) \(without initial connection time\)/.exec(stdout)?.[1];
  const latency = /latency average = ([\d.]+) ms/.exec(stdout)?.[1];
  if (tps === undefined || latency === undefined) throw new Error(`pgbench said no rate:\n${stdout}`);
  const failed = /number of failed transactions: (\d+)/.exec(stdout)?.[1];
  if (failed !== undefined && failed !== '0')
    throw new Error(`${failed} transactions failed through ${target.name}.`);
  return { transactionsPerSecond: Number(tps), averageLatency: Number(latency) };
}

function place(target: BenchTarget): string[] {
  return ['-h', target.host, '-p', String(target.port), '-U', target.user, target.database];
}

function environment(target: BenchTarget): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, PGPASSWORD: target.password, PGSSLMODE: 'disable', LC_ALL: 'C' };
}
