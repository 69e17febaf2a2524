/**
 * pgbench directly, through pgbouncer, through a bare relay and through Gatehouse, which decides and records every
 * statement; and 100,000 rows with one column masked and without. Writes docs/benchmarks/postgres.md.
 */
import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { startPgbouncer } from '../servers/pgbouncer.ts';
import { type RunningPostgres, startPostgres } from '../servers/postgres.ts';
import { measureDecisions } from './decisions.ts';
import type { GateOrder } from './gate-process.ts';
import { type BenchTarget, type PgbenchProtocol, pgbench, prepareTables } from './pgbench.ts';
import { type Cell, type Report, type RowsResult, tables, writeReport } from './report.ts';

const quick = process.argv.includes('--quick');
/** Tables with the same rows, by what the policy does to `email` in them. */
const rowTables = { no: 'people_clear', redact: 'people', tokenize: 'people_tokens' } as const;
const rounds = quick ? 1 : 5;
const seconds = quick ? 1 : 2;
const protocols: readonly PgbenchProtocol[] = quick
  ? ['simple', 'prepared']
  : ['simple', 'extended', 'prepared'];
const clientCounts = quick ? [8] : [1, 8, 32];

const stops: (() => Promise<void> | void)[] = [];

export async function benchPostgres(): Promise<void> {
  try {
    await measure();
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

async function measure(): Promise<void> {
  // The installed server and its own load generator, of the same version.
  const server = await startPostgres({
    version: 'system',
    database: 'bench',
    settings: { max_connections: '200', shared_buffers: '256MB' },
  });
  stops.push(server.stop);
  const direct: BenchTarget = { ...server, name: 'direct' };
  await prepareTables(direct, 5);
  await prepareRows(server);
  const bouncer = await startPgbouncer(server);
  stops.push(bouncer.stop);
  const targets: BenchTarget[] = [
    direct,
    { ...bouncer, name: 'pgbouncer' },
    { ...server, port: await startRelay(server.port), name: 'relay' },
    await startGateProcess(server, 'written'),
    await startGateProcess(server, 'durable'),
  ];
  const cells = await measurePgbench(targets);
  const rows = await measureRows(targets);
  const decision = await measureDecisions(quick ? 20_000 : 200_000);
  const report: Report = {
    machine: `${os.availableParallelism()} cores (${os.cpus()[0]?.model.trim() ?? 'unknown'})`,
    versions: `PostgreSQL ${server.version}, Node ${process.version.slice(1)}, ${pgbouncerVersion()}`,
    rounds,
    seconds,
    cells,
    rows,
    decision,
  };
  console.log(`\n${tables(report)}\n`);
  console.log(`A cached decision: ${decision.p50.toFixed(1)} µs p50, ${decision.p99.toFixed(1)} µs p99`);
  if (!quick) writeReport(fileURLToPath(new URL('../../docs/benchmarks/', import.meta.url)), report);
}

/** Every target in turn inside each round, so that what else the machine does meets them all. */
async function measurePgbench(targets: readonly BenchTarget[]): Promise<Cell[]> {
  const cells: (Cell & { readonly rates: number[] })[] = [];
  for (const protocol of protocols) {
    for (const clients of clientCounts) {
      const row = targets.map((target) => ({
        target: target.name,
        protocol,
        clients,
        rates: [] as number[],
      }));
      for (let round = 0; round < rounds; round++) {
        for (const [index, target] of targets.entries()) {
          const { transactionsPerSecond } = await pgbench(target, protocol, clients, seconds);
          row[index]?.rates.push(transactionsPerSecond);
        }
      }
      cells.push(...row);
      const shown = row.map((each) => `${each.target} ${Math.round(each.rates.at(-1) ?? 0)}`);
      console.log(`${protocol}, ${clients} clients: ${shown.join(', ')} tps in the last round`);
    }
  }
  return cells;
}

async function measureRows(targets: readonly BenchTarget[]): Promise<RowsResult[]> {
  const results: (RowsResult & { readonly rates: number[] })[] = [];
  const wanted = targets.filter((target) => target.name === 'direct' || target.name.startsWith('gatehouse'));
  for (const target of wanted) {
    for (const masked of target.name === 'direct'
      ? (['no'] as const)
      : (['no', 'redact', 'tokenize'] as const)) {
      results.push({ target: target.name, masked, rates: [] });
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const result of results) {
      const target = wanted.find((each) => each.name === result.target);
      const table = rowTables[result.masked];
      const said = execFileSync(
        process.execPath,
        [
          fileURLToPath(new URL('./drain.ts', import.meta.url)),
          JSON.stringify(target),
          `SELECT id, name, email, city, joined, score FROM ${table}`,
          quick ? '1' : '3',
        ],
        { encoding: 'utf8' },
      );
      result.rates.push((JSON.parse(said) as { rowsPerSecond: number }).rowsPerSecond);
    }
  }
  return results;
}

async function prepareRows(server: RunningPostgres): Promise<void> {
  const columns = `i AS id, 'Name ' || i AS name, 'person' || i || '@example.com' AS email,
    'City number ' || i % 500 AS city, timestamptz '2025-01-01' + i * interval '1 minute' AS joined,
    md5(i::text) || md5((i + 1)::text) || md5((i + 2)::text) AS score`;
  for (const table of Object.values(rowTables)) {
    await server.sql(`CREATE TABLE ${table} AS SELECT ${columns} FROM generate_series(1, 100000) AS i`);
  }
  await server.sql('VACUUM ANALYZE');
}

async function startRelay(port: number): Promise<number> {
  const relay = spawn(
    process.execPath,
    [fileURLToPath(new URL('./relay.ts', import.meta.url)), String(port)],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  stops.push(() => endProcess(relay, () => relay.stdin.end()));
  const [said] = (await once(relay.stdout, 'data')) as [Buffer];
  return Number(said.toString());
}

async function startGateProcess(
  server: RunningPostgres,
  durability: GateOrder['durability'],
): Promise<BenchTarget> {
  const child = fork(fileURLToPath(new URL('./gate-process.ts', import.meta.url)));
  stops.push(() => endProcess(child, () => child.disconnect()));
  const { host, port, user, password, database } = server;
  const order: GateOrder = { server: { host, port, user, password, database }, durability };
  child.send(order);
  const ended = once(child, 'exit').then(() => {
    throw new Error('The daemon did not start.');
  });
  const [login] = (await Promise.race([once(child, 'message'), ended])) as [Omit<BenchTarget, 'name'>];
  ended.catch(() => {});
  return { ...login, name: `gatehouse ${durability}` };
}

async function endProcess(child: ChildProcess, ask: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  ask();
  await gone;
}

function pgbouncerVersion(): string {
  return execFileSync('/usr/sbin/pgbouncer', ['--version'], { encoding: 'utf8' }).split('\n')[0] ?? '';
}
