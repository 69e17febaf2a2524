import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import * as send from '@gatehouse/test-fixtures/clients/frontend-messages.ts';
import { RawPostgres, short } from '@gatehouse/test-fixtures/clients/raw-postgres.ts';
import { type ShopGate, startShopGate } from '@gatehouse/test-fixtures/e2e/shop-gate.ts';

/** Orders of messages, cancels and ends of connections that have put proxies out of step. */

const policy = `gatehouse: v1
kind: Policy
name: pipelines
applies: { to: [shop-db] }
rules:
  - name: run-a-session
    effect: allow
    sql: { actions: [set, begin, commit, rollback, savepoint, values, prepare, execute, deallocate, show] }
  - { name: use, effect: allow, sql: { actions: [select, insert], tables: [public.products, public.orders] } }
  - { name: sleep, effect: allow, sql: { actions: [call], functions: [pg_catalog.pg_sleep] } }
  - name: held
    effect: approve
    sql: { actions: [update], tables: [public.products] }
    approval: { by: ["*"], within: 10m }
limits: { duration: 1500ms }
`;

let shop: ShopGate;
before(async () => {
  shop = await startShopGate({}, { policies: { pipelines: policy } });
});
after(() => shop.stop());

async function client(): Promise<RawPostgres> {
  return RawPostgres.connect(await shop.gate.login('shop-db'));
}

const run = (text: string) => [send.parse(text), send.bind(), send.execute()];

function cancelOf(connection: RawPostgres): Buffer {
  const key = connection.greeting.find(({ type }) => type === 'K')?.body ?? Buffer.alloc(0);
  return send.cancelRequest(key.readInt32BE(0), key.subarray(4));
}

async function cancel(connection: RawPostgres): Promise<void> {
  const { host, port } = await shop.gate.login('shop-db');
  const canceller = await RawPostgres.dial({ host, port });
  canceller.send(cancelOf(connection));
  await canceller.until('');
}

test('what comes behind an error of the server is ignored up to the Sync', async () => {
  const connection = await client();
  connection.send(send.parse('SELECT nothing FROM products'), send.flush);
  assert.equal(short(await connection.until('E')), 'E=42703');
  connection.send(...run('SELECT 1'), send.flush, ...run('SELECT 2'));
  assert.equal(short(await connection.exchange(send.sync)), 'Z=I');
  assert.equal(short(await connection.exchange(...run('SELECT 3'), send.sync)), '1 2 D=3 C=SELECT 1 Z=I');
  // A denial behind the error is ignored, too.
  connection.send(send.parse('SELECT nothing FROM products'), send.flush);
  assert.equal(short(await connection.until('E')), 'E=42703');
  assert.equal(short(await connection.exchange(...run('DELETE FROM products'), send.sync)), 'Z=I');
  await connection.end();
});

test('the unnamed statement and portal outlive the questions of the gate', async () => {
  const connection = await client();
  await connection.exchange(send.query('BEGIN'));
  assert.match(
    short(
      await connection.exchange(
        send.parse('SELECT generate_series(1, 3)'),
        send.bind(),
        send.execute('', 1),
        send.sync,
      ),
    ),
    /D=1 s Z=T$/,
  );
  // A name that was not asked for yet.
  assert.match(
    short(await connection.exchange(send.parse('SELECT total FROM orders LIMIT 1', 'named'), send.sync)),
    /^1 Z=T$/,
  );
  assert.equal(short(await connection.exchange(send.execute('', 1), send.sync)), 'D=2 s Z=T');
  assert.equal(short(await connection.exchange(send.bind(), send.execute('', 1), send.sync)), '2 D=1 s Z=T');
  await connection.exchange(send.query('ROLLBACK'));
  await connection.end();
});

test('the unnamed statement is not for DEALLOCATE ALL', async () => {
  const connection = await client();
  await connection.exchange(send.parse('DEALLOCATE ALL'), send.sync);
  const again = [send.bind(), send.execute(), send.sync];
  assert.equal(short(await connection.exchange(...again)), '2 C=DEALLOCATE ALL Z=I');
  assert.equal(short(await connection.exchange(...again)), '2 C=DEALLOCATE ALL Z=I');
  await connection.end();
});

test('a limit on the duration is about what runs, not about what waits to be run', async () => {
  const connection = await client();
  await connection.exchange(send.query('BEGIN'));
  const opened = await connection.exchange(
    send.parse('SELECT generate_series(1, 3)', 's'),
    send.bind({ statement: 's', portal: 'p' }),
    send.execute('p', 1),
    send.sync,
  );
  assert.match(short(opened), /D=1 s Z=T$/);
  for (let times = 0; times < 4; times++) {
    assert.match(
      short(await connection.exchange(send.query('SELECT pg_sleep(0.5)'))),
      /^T D= C=SELECT 1 Z=T$/,
    );
  }
  assert.equal(short(await connection.exchange(send.execute('p'), send.sync)), 'D=2 D=3 C=SELECT 2 Z=T');
  assert.match(short(await connection.exchange(send.query('SELECT pg_sleep(9)'))), /E=53400 Z=E$/);
  await connection.exchange(send.query('ROLLBACK'));
  assert.match(short(await connection.exchange(send.query('SELECT 1'))), /D=1 C=SELECT 1 Z=I$/);
  await connection.end();
});

test('a question of the gate that times out ends the statement, not the session', async () => {
  const connection = await client();
  const blocker = await client();
  await shop.server.sql('ALTER ROLE shop_app RESET statement_timeout');
  await connection.exchange(send.query("SET statement_timeout = '300ms'"));
  // Whoever asks the catalog waits for this lock.
  const locked = shop.server.sql(
    'BEGIN; LOCK TABLE pg_catalog.pg_class IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(1); COMMIT',
  );
  await new Promise((resolve) => setTimeout(resolve, 200));
  const said = short(await connection.exchange(send.query('SELECT count(note), max(id) FROM orders')));
  assert.match(said, /^E=57014 Z=I$|C=SELECT 1 Z=I$/);
  await locked;
  assert.match(short(await connection.exchange(send.query('SELECT 1'))), /D=1 C=SELECT 1 Z=I$/);
  await connection.end();
  await blocker.end();
});

test('a cancel while the gate asks the catalog ends the statement, not the session', async () => {
  const connection = await client();
  const locked = shop.server.sql(
    'BEGIN; LOCK TABLE pg_catalog.pg_proc IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(1); COMMIT',
  );
  await new Promise((resolve) => setTimeout(resolve, 200));
  connection.send(send.query('SELECT no_such_function(1)'));
  await new Promise((resolve) => setTimeout(resolve, 200));
  await cancel(connection);
  assert.match(short(await connection.until('Z')), /^E=57014 Z=I$/);
  await locked;
  assert.match(short(await connection.exchange(send.query('SELECT 1'))), /D=1 C=SELECT 1 Z=I$/);
  await connection.end();
});

test('a cancel while a person is asked withdraws the request and keeps the batch in step', async () => {
  const connection = await client();
  connection.send(...run("UPDATE products SET name = 'x' WHERE id = 1"), send.sync, send.query('SELECT 1'));
  await connection.until('N');
  await cancel(connection);
  assert.equal(short(await connection.until('Z')), 'E=57014 Z=I');
  assert.match(short(await connection.until('Z')), /D=1 C=SELECT 1 Z=I$/);
  await connection.end();
});

test('the server goes away in every state, and the client is let go', async () => {
  const states: Record<string, (connection: RawPostgres) => Promise<unknown>> = {
    idle: async () => {},
    'in a statement': async (connection) => connection.send(send.query('SELECT pg_sleep(9)')),
    held: async (connection) => {
      connection.send(send.query("UPDATE products SET name = 'x' WHERE id = 1"));
      await connection.until('N');
    },
    'in a batch': async (connection) => {
      connection.send(...run('SELECT 1'), send.flush);
      await connection.until('C');
    },
    'taking COPY data': async (connection) => {
      connection.send(send.query('COPY orders (customer_id) FROM STDIN'));
      await connection.until('G');
    },
  };
  for (const [state, reach] of Object.entries(states)) {
    const connection = await client();
    const key = connection.greeting.find(({ type }) => type === 'K')?.body;
    await reach(connection);
    await shop.server.sql('SELECT pg_terminate_backend($1)', [key?.readInt32BE(0)]);
    const said = short(await connection.until(''));
    assert.match(said, /closed$/, state);
  }
});

test('a client that stops reading and goes away does not keep its backend', async () => {
  const connection = await client();
  const key = connection.greeting.find(({ type }) => type === 'K')?.body;
  connection.socket.pause();
  connection.send(send.query("SELECT repeat('x', 1000000) FROM generate_series(1, 10000)"));
  await new Promise((resolve) => setTimeout(resolve, 300));
  connection.socket.destroy();
  for (;;) {
    const [row] = await shop.server.sql(
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE pid = $1 AND state <> 'idle'",
      [key?.readInt32BE(0)],
    );
    if (row?.n === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
});

test('what a client sends before it leaves is done', async () => {
  const connection = await client();
  const [row] = await shop.server.sql('SELECT count(*)::int AS n FROM public.orders');
  connection.socket.end(
    Buffer.concat([send.query('INSERT INTO orders (customer_id) VALUES (7)'), send.terminate]),
  );
  await once(connection.socket, 'close');
  await shop.gate.line((line) => line.kind === 'request.answered' && line.tag === 'INSERT 0 1');
  const [now] = await shop.server.sql('SELECT count(*)::int AS n FROM public.orders');
  assert.equal(now?.n, Number(row?.n) + 1);
});
