import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as send from '@gatehouse/test-fixtures/clients/frontend-messages.ts';
import {
  type BackendMessage,
  errorFields,
  RawPostgres,
  short,
} from '@gatehouse/test-fixtures/clients/raw-postgres.ts';
import { type ShopGate, startShopGate } from '@gatehouse/test-fixtures/e2e/shop-gate.ts';

/** Every limit that holds while a statement runs, on every way that rows take to a client. */

const limits = {
  rows: 'rows: 100',
  bytes: 'bytes: 2KB',
  duration: 'duration: 300ms',
  budget: '',
} as const;
type Name = keyof typeof limits;

const policy = (name: Name) => `gatehouse: v1
kind: Policy
name: ${name}
applies: { to: ["${name}-db"] }
rules:
  - { name: anything, effect: allow }
${name === 'budget' ? 'budgets: { session: { rows: 100 } }' : `limits: { ${limits[name]} }`}
`;

const words: Readonly<Record<Name, RegExp>> = {
  rows: /passed the limit rows of 100 rows \(\.gatehouse\/policies\/rows\.policy\.yaml:7\) and was cancelled/,
  bytes:
    /passed the limit bytes of 2,000 bytes \(\.gatehouse\/policies\/bytes\.policy\.yaml:7\) and was cancelled/,
  duration: /passed the limit duration of 300 ms \(\.gatehouse\/policies\/duration\.policy\.yaml:7\) and/,
  budget: /the budget of 100 rows for a session \(\.gatehouse\/policies\/budget\.policy\.yaml:7\) is used up/,
};

let shop: ShopGate;
before(async () => {
  shop = await startShopGate();
  await shop.gate.stop();
  const { startGate } = await import('@gatehouse/test-fixtures/servers/gate.ts');
  const names = Object.keys(limits) as Name[];
  const gate = await startGate({
    resources: names.map((name) => ({
      name: `${name}-db`,
      server: shop.server,
      user: 'shop_app',
      password: 'shop-app-password',
    })),
    policies: Object.fromEntries(names.map((name) => [name, policy(name)])),
  });
  const { server } = shop;
  shop = {
    server,
    gate,
    stop: async () => {
      await gate.stop();
      await server.stop();
    },
  };
  await server.sql(`
    CREATE TABLE public.seen (n integer); GRANT ALL ON public.seen TO shop_app;
  `);
});
after(() => shop.stop());

const client = async (name: Name) => RawPostgres.connect(await shop.gate.login(`${name}-db`));

const run = (text: string) => [send.parse(text), send.bind(), send.execute()];
const seen = async () => Number((await shop.server.sql('SELECT count(*)::int AS n FROM seen'))[0]?.n);

function error(messages: readonly BackendMessage[]): Record<string, string> {
  const found = messages.filter(({ type }) => type === 'E');
  assert.equal(found.length, 1, short(messages.slice(-5)));
  return errorFields(found[0]?.body ?? Buffer.alloc(0));
}

/** Rows that never end, slow enough for the limit on time. */
const endless = (name: Name) =>
  name === 'duration'
    ? "SELECT repeat('x', 9), pg_sleep(0.05) FROM generate_series(1, 100000)"
    : "SELECT repeat('x', 9) FROM generate_series(1, 1000000)";

for (const name of Object.keys(limits) as Name[]) {
  describe(`${name}, passed on its way`, () => {
    const ways: Readonly<Record<string, (connection: RawPostgres) => Promise<BackendMessage[]>>> = {
      'a simple query': (connection) => connection.exchange(send.query(endless(name))),
      'an extended query': (connection) => connection.exchange(...run(endless(name)), send.sync),
      'a portal read in parts': async (connection) => {
        const got = await connection.exchange(send.query('BEGIN'));
        connection.send(send.parse(endless(name)), send.bind({ portal: 'p' }));
        for (let i = 0; i < 50; i++) connection.send(send.execute('p', 30));
        return [...got, ...(await connection.exchange(send.sync))];
      },
      'a cursor of SQL': async (connection) => {
        await connection.exchange(send.query(`BEGIN`));
        await connection.exchange(send.query(`DECLARE c CURSOR FOR ${endless(name)}`));
        return connection.exchange(send.query('FETCH ALL FROM c'));
      },
      'COPY to the client': (connection) =>
        connection.exchange(send.query(`COPY (${endless(name)}) TO STDOUT`)),
      'COPY in binary, extended': (connection) =>
        connection.exchange(...run(`COPY (${endless(name)}) TO STDOUT (FORMAT binary)`), send.sync),
      'a prepared statement of SQL': async (connection) => {
        await connection.exchange(send.query(`PREPARE e AS ${endless(name)}`));
        return connection.exchange(send.query('EXECUTE e'));
      },
    };
    for (const [way, go] of Object.entries(ways)) {
      test(`ends ${way}, says so, and leaves the session`, async () => {
        const connection = await client(name);
        const messages = await go(connection);
        const told = error(messages);
        assert.equal(told.C, '53400');
        assert.match(told.M ?? '', words[name]);
        const rows = messages.filter(({ type }) => type === 'D' || type === 'd').length;
        assert.ok(
          rows <= (name === 'bytes' ? 200 : 101) && (name === 'duration' || rows > 50),
          `${rows} rows`,
        );
        const after = short(await connection.exchange(send.query('ROLLBACK')));
        assert.match(after, /C=ROLLBACK Z=I$/);
        assert.match(short(await connection.exchange(send.query('SET lock_timeout = 0'))), /C=SET Z=I$/);
        const active =
          "SELECT count(*)::int AS n FROM pg_stat_activity WHERE state = 'active' AND usename = 'shop_app'";
        assert.equal((await shop.server.sql(active))[0]?.n, 0, 'the server works on');
        await connection.end();
      });
    }

    if (name === 'duration') return;
    test('runs nothing behind it in its batch, and commits nothing before it', async () => {
      const before = await seen();
      // Short enough that the server is done before it hears of the cut.
      const short = `SELECT repeat('x', 9) FROM generate_series(1, 400)`;
      for (let i = 0; i < 20; i++) {
        const connection = await client(name);
        const messages = await connection.exchange(
          ...run('INSERT INTO seen VALUES (1)'),
          ...run(short),
          ...run('INSERT INTO seen VALUES (2)'),
          send.sync,
        );
        assert.match(error(messages).M ?? '', words[name]);
        assert.equal(messages.filter(({ type }) => type === 'C').length, 1);
        await connection.end();
      }
      assert.equal(await seen(), before);
    });

    test('undoes the write that returned too much', async () => {
      const before = await seen();
      for (let i = 0; i < 20; i++) {
        const connection = await client(name);
        const write = `INSERT INTO seen SELECT i FROM generate_series(1, 400) AS i RETURNING repeat('x', 9)`;
        error(await connection.exchange(...run(write), send.sync));
        await connection.end();
      }
      assert.equal(await seen(), before);
    });
  });
}
