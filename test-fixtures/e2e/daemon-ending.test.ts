import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import pg from 'pg';
import { message, startup } from '../clients/frontend-messages.ts';
import { type RunningPostgres, startPostgres } from '../servers/postgres.ts';
import { createShop } from '../servers/shop.ts';
import { type DaemonProcess, DaemonWorkspace } from './daemon-process.ts';

describe('a daemon that is ended while its clients are busy', () => {
  let server: RunningPostgres;
  let workspace: DaemonWorkspace;
  let daemon: DaemonProcess;
  before(async () => {
    server = await startPostgres({ database: 'shop' });
    await createShop(server);
  });
  after(() => server?.stop());
  beforeEach(async () => {
    workspace = new DaemonWorkspace({ port: server.port });
    daemon = await workspace.start();
  });
  afterEach(() => workspace.discard());

  const connect = async () => {
    const client = new pg.Client(await workspace.login());
    const heard: (string | undefined)[] = [];
    client.on('error', (error: Error & { code?: string }) => heard.push(error.code));
    const ended = new Promise<void>((resolve) => client.once('end', resolve));
    await client.connect();
    return { client, heard, ended };
  };
  const busy = (state: string) =>
    server.sql(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = 'shop_app' AND state = '${state}'`,
    );

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    test(`${signal} while a request is held, a query runs, a transaction is open and one is idle`, async () => {
      const [holding, running, inside, idle] = await Promise.all([
        connect(),
        connect(),
        connect(),
        connect(),
      ]);
      const fatal = { severity: 'FATAL', code: '57P01' };
      const asked = new Promise<void>((resolve) => holding.client.once('notice', () => resolve()));
      const held = assert.rejects(holding.client.query('UPDATE orders SET total = 1 WHERE id = 1'), fatal);
      await asked;
      await inside.client.query('BEGIN');
      await inside.client.query("INSERT INTO orders (customer_id, note) VALUES (1, 'never committed')");
      const slept = assert.rejects(running.client.query('SELECT pg_sleep(50)'), fatal);
      while ((await busy('active'))[0]?.n !== 1) await new Promise((resolve) => setTimeout(resolve, 20));
      const ended = await daemon.end(signal);
      assert.deepEqual(ended, { code: 0, signal: null }, daemon.said());
      await Promise.all([held, slept, inside.ended, idle.ended]);
      assert.deepEqual([inside.heard[0], idle.heard[0]], ['57P01', '57P01']);
      assert.deepEqual(
        await server.sql("SELECT 1 FROM orders WHERE note = 'never committed' OR (id = 1 AND total = 1)"),
        [],
      );
      const lines = workspace.lines();
      const closed = lines.filter((line) => line.kind === 'session.closed');
      assert.equal(closed.length, 4);
      for (const line of closed)
        assert.match(line.kind === 'session.closed' ? line.reason : '', /shutting down/);
      const answers = lines.flatMap((line) => (line.kind === 'approval.answered' ? [line.answer] : []));
      assert.deepEqual(answers, ['withdrawn']);
      assert.equal(lines.at(-1)?.kind, 'daemon.stopped');
      assert.equal((await workspace.command(['verify'])).status, 0);
      // What the daemon began at the server ends with it.
      while ((await busy('active'))[0]?.n !== 0) await new Promise((resolve) => setTimeout(resolve, 20));
    });
  }

  test('a client that does not read does not keep it', async () => {
    const { client, ended } = await connect();
    const stream = (client as unknown as { connection: { stream: { pause(): void; resume(): void } } })
      .connection.stream;
    const query = client.query("SELECT repeat('x', 1000) FROM orders a, orders b, orders c");
    query.catch(() => {});
    stream.pause();
    while ((await busy('active'))[0]?.n !== 1) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(await daemon.end(), { code: 0, signal: null }, daemon.said());
    stream.resume();
    await ended;
  });

  test('neither does one that stays at the login, or that does not hang up after a refusal', async () => {
    const { host, port, ...login } = await workspace.login();
    const silent = net.connect(port, host);
    const refused = net.connect({ host, port, allowHalfOpen: true });
    for (const socket of [silent, refused]) socket.on('error', () => {});
    await Promise.all([once(silent, 'connect'), once(refused, 'connect')]);
    refused.write(startup({ user: login.user, database: login.database }));
    await once(refused, 'data');
    refused.write(message('p', 'not-a-token'));
    refused.resume();
    await once(refused, 'end');
    assert.deepEqual(await daemon.end(), { code: 0, signal: null }, daemon.said());
    silent.destroy();
    refused.destroy();
  });

  test('neither does a server that hangs', async () => {
    const { client, ended } = await connect();
    client.on('error', () => {});
    const [row] = await server.sql(
      "SELECT pid FROM pg_stat_activity WHERE usename = 'shop_app' AND pid <> pg_backend_pid()",
    );
    process.kill(server.pid, 'SIGSTOP');
    process.kill(Number(row?.pid), 'SIGSTOP');
    try {
      client.query('SELECT 1').catch(() => {});
      assert.deepEqual(await daemon.end(), { code: 0, signal: null }, daemon.said());
      await ended;
    } finally {
      process.kill(Number(row?.pid), 'SIGCONT');
      process.kill(server.pid, 'SIGCONT');
    }
  });

  test('`gatehouse down` ends it as a signal does', async () => {
    const { heard, ended } = await connect();
    const down = await workspace.command(['down']);
    assert.equal(down.status, 0, down.stderr);
    assert.deepEqual(await daemon.ended, { code: 0, signal: null });
    await ended;
    assert.equal(heard[0], '57P01');
  });
});
