import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import * as send from '@gatehouse/test-fixtures/clients/frontend-messages.ts';
import {
  type BackendMessage,
  errorFields,
  RawPostgres,
  short,
} from '@gatehouse/test-fixtures/clients/raw-postgres.ts';
import { type ShopGate, startShopGate } from '@gatehouse/test-fixtures/e2e/shop-gate.ts';

/**
 * Statements that are parsed and described before a Flush, and bound behind it: the gate asks for names and plans between
 * the two, and the client cannot tell.
 */

const policy = `gatehouse: v1
kind: Policy
name: costs
applies: { to: [shop-db] }
rules:
  - { name: anything, effect: allow, when: principal.agent != "nobody" }
limits: { cost: 500 }
`;

let shop: ShopGate;
before(async () => {
  shop = await startShopGate({ settings: { log_statement: 'all' } }, { policies: { costs: policy } });
  await shop.server.sql(`
    CREATE TABLE public.big AS SELECT i AS id, repeat('x', 60) AS note FROM generate_series(1, 20000) AS i;
    CREATE UNIQUE INDEX ON public.big (id);
    GRANT ALL ON public.big TO shop_app;
    CREATE FUNCTION public.tattles(text) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS
      $$ BEGIN RAISE EXCEPTION 'tattled %', $1; END $$;
    ANALYZE public.big;
  `);
});
after(() => shop.stop());

async function client(): Promise<RawPostgres> {
  return RawPostgres.connect(await shop.gate.login('shop-db'));
}

/** Messages, and the type of the one that ends the answer; '': nothing comes. */
type Step = readonly [messages: readonly Buffer[], until: string];

async function answers(connection: RawPostgres, steps: readonly Step[]): Promise<string[]> {
  const got: string[] = [];
  for (const [messages, until] of steps) {
    connection.send(...messages);
    if (until !== '') got.push(short(await connection.until(until)));
  }
  await connection.end();
  return got;
}

/** The same answers as without the gate, which asked for plans meanwhile. */
async function alike(steps: readonly Step[], questions: number): Promise<string[]> {
  const direct = await answers(await RawPostgres.connect(shop.server), steps);
  const before = shop.server.log().length;
  const got = await answers(await client(), steps);
  assert.deepEqual(got, direct);
  const log = shop.server.log().slice(before);
  assert.equal(log.match(/execute gatehouse[^\n]*: EXPLAIN/g)?.length ?? 0, questions, log);
  return got;
}

function error(messages: readonly BackendMessage[]): Record<string, string> {
  const found = messages.find(({ type }) => type === 'E');
  return found === undefined ? assert.fail(`no error in ${short(messages)}`) : errorFields(found.body);
}

const described = (text: string, name = '') => [send.parse(text, name), send.describe('S', name), send.flush];
const bound = (value: string | undefined, name = '') => [
  send.bind({ statement: name, ...(value === undefined ? {} : { values: [value] }) }),
  send.execute(),
  send.sync,
];
const byId = (column: string) => `SELECT ${column} FROM big WHERE id = $1`;
const costly = 'SELECT count(a.note) FROM big a CROSS JOIN big b WHERE a.id > $1';
const begin: Step = [[send.query('BEGIN')], 'Z'];
const commit: Step = [[send.query('COMMIT')], 'Z'];

describe('a statement that is bound behind a Flush', () => {
  for (const name of ['', 's']) {
    test(`is planned with its parameters: "${name}"`, async () => {
      const text = byId(`id, 'named ${name}'`);
      const steps: Step[] = [
        [described(text, name), 'T'],
        [bound('7', name), 'Z'],
        // It is still there.
        [bound('8', name), 'Z'],
      ];
      const got = await alike(steps, 2);
      assert.deepEqual(got, [
        '1 t T',
        `2 D=7|named ${name} C=SELECT 1 Z=I`,
        `2 D=8|named ${name} C=SELECT 1 Z=I`,
      ]);
      await alike([begin, ...steps, commit], 2);
    });
  }

  test('is denied over the limit, and a transaction block stays as it is', async () => {
    const denied = await client();
    assert.deepEqual(await answers(denied, [[described(costly), 'T'], [bound('1'), 'Z'], commit]), [
      '1 t T',
      'E=53400 Z=I',
      'N C=COMMIT Z=I',
    ]);
    const connection = await client();
    assert.deepEqual(
      await answers(connection, [
        begin,
        [described(costly, 'c'), 'T'],
        [bound('2', 'c'), 'Z'],
        [described(byId('id')), 'T'],
        [bound('2'), 'Z'],
        commit,
      ]),
      ['C=BEGIN Z=T', '1 t T', 'E=53400 Z=T', '1 t T', '2 D=2 C=SELECT 1 Z=T', 'C=COMMIT Z=I'],
    );
  });

  test('is planned however the messages are cut', async () => {
    const text = byId("id, 'cut'");
    await alike([[[...described(text), ...bound('11')], 'Z']], 1);
    await alike([[[send.flush, send.parse(text), send.flush, send.flush, ...bound('12')], 'Z']], 1);
    await alike(
      [
        [[send.parse(text), send.flush], '1'],
        [[send.describe('S'), send.flush], 'T'],
        [[send.flush], ''],
        [[send.bind({ values: ['13'] }), send.execute(), send.flush], 'C'],
        [[send.flush], ''],
        [[send.sync], 'Z'],
        [[send.sync], 'Z'],
      ],
      1,
    );
  });

  test('may take the name of one that was closed', async () => {
    await alike(
      [
        [[send.parse(byId('note'), 'n'), send.sync], 'Z'],
        [[send.close('S', 'n'), send.flush], '3'],
        [described(byId("'another', id"), 'n'), 'T'],
        [bound('14', 'n'), 'Z'],
      ],
      1,
    );
  });

  test('leaves the portals of its transaction block', async () => {
    const series = "SELECT generate_series(1, 4), 'left'";
    const fetch = (portal: string) => [send.execute(portal, 1), send.sync];
    await alike(
      [
        begin,
        [[send.parse(series, 'g'), send.bind({ statement: 'g', portal: 'p' }), ...fetch('p')], 'Z'],
        [[send.bind({ statement: 'g' }), ...fetch('')], 'Z'],
        [[...described(byId("id, 'right'"), 's'), send.describe('P', 'p'), send.flush], 'T'],
        [[send.bind({ statement: 's', portal: 'q', values: ['3'] }), send.execute('q'), send.sync], 'ZE'],
        [fetch('p'), 'Z'],
        [fetch(''), 'Z'],
        commit,
      ],
      2,
    );
  });
});

test('names that were never seen are asked for behind a Flush', async () => {
  await shop.server.sql(`
    CREATE TABLE public.unseen AS SELECT 1 AS id;
    CREATE VIEW public.unseen_view AS SELECT id FROM public.unseen;
    GRANT ALL ON public.unseen, public.unseen_view TO shop_app;
  `);
  const connection = await client();
  const batch = (text: string) => [...described(text), ...bound(undefined)];
  connection.send(...described('SELECT 1'));
  assert.equal(short(await connection.until('T')), '1 t T');
  const table = await connection.exchange(...batch('SELECT id FROM unseen'));
  assert.equal(short(table), '1 t T 2 D=1 C=SELECT 1 Z=I');
  assert.equal(short(await connection.exchange(send.query('BEGIN'))), 'C=BEGIN Z=T');
  connection.send(...described('SELECT 1', 'one'));
  assert.equal(short(await connection.until('T')), '1 t T');
  const view = await connection.exchange(...batch('SELECT id FROM unseen_view'));
  assert.equal(short(view), '1 t T 2 D=1 C=SELECT 1 Z=T');
  await connection.end();
});

describe('nothing is asked', () => {
  for (const block of [false, true]) {
    const where = block ? 'in a transaction block' : 'outside of one';
    test(`behind an error of the server, ${where}`, async () => {
      const text = byId(`'${where}', id`);
      const steps: Step[] = [
        [[...described('SELECT nothing FROM big'), ...described(text), ...bound('1')], 'Z'],
        [[send.query('ROLLBACK')], 'Z'],
      ];
      const [answer] = (await alike(block ? [begin, ...steps] : steps, 0)).slice(block ? 1 : 0);
      assert.equal(answer, block ? 'E=42703 Z=E' : 'E=42703 Z=I');
      await alike([[described('SELEC 1'), 'E'], [described(text), ''], [bound('1'), 'Z'], commit], 0);
    });

    test(`behind a Bind, ${where}`, async () => {
      const connection = await client();
      await connection.rows('SELECT note FROM big WHERE id = 1');
      await shop.server.sql(
        `CREATE VIEW unseen_${block} AS SELECT 1; GRANT ALL ON unseen_${block} TO shop_app`,
      );
      if (block) await connection.exchange(send.query('BEGIN'));
      for (const [text, code] of [
        [`SELECT id, 'bound ${where}' FROM big WHERE id = 1`, '53400'],
        [`SELECT * FROM unseen_${block}`, '42501'],
      ] as const) {
        connection.send(send.parse('SELECT 1'), send.bind(), send.flush);
        assert.equal(short(await connection.until('2')), '1 2');
        const denied = await connection.exchange(send.parse(text), ...bound(undefined));
        assert.equal(short(denied), `E=${code} Z=${block ? 'T' : 'I'}`);
        assert.match(error(denied).H ?? '', /Send a Sync first/);
      }
      await connection.end();
    });
  }
});

test('what the server does not plan ends the transaction as it would', async () => {
  const steps = (text: string): Step[] => [[described(text), 'T'], [bound(undefined), 'Z'], commit];
  const text = `SELECT tattles('here')`;
  assert.deepEqual(await alike(steps(text), 1), ['1 t T', 'E=P0001 Z=I', 'N C=COMMIT Z=I']);
  assert.deepEqual(await alike([begin, ...steps(text)], 1), [
    'C=BEGIN Z=T',
    '1 t T',
    'E=P0001 Z=E',
    'C=ROLLBACK Z=I',
  ]);
  const connection = await client();
  connection.send(...described(text));
  await connection.until('T');
  assert.equal(error(await connection.exchange(...bound(undefined))).M, 'tattled here');
  await connection.end();
});

test('a client may cancel what the gate waits for', async () => {
  const holder = await RawPostgres.connect(shop.server);
  await holder.rows('BEGIN');
  await holder.rows('LOCK TABLE big');
  const connection = await client();
  connection.send(...described(byId("id, 'locked'")), ...bound('1'));
  const waits = "SELECT FROM pg_locks WHERE relation = 'big'::regclass AND NOT granted";
  while ((await shop.server.sql(waits)).length === 0) await pause(20);
  const key = connection.greeting.find(({ type }) => type === 'K')?.body ?? Buffer.alloc(0);
  const { host, port } = await shop.gate.login('shop-db');
  const canceller = await RawPostgres.dial({ host, port });
  canceller.send(send.cancelRequest(key.readInt32BE(0), key.subarray(4)));
  await canceller.until('');
  assert.equal(short(await connection.until('Z')), 'E=57014 Z=I');
  // And it may go while the gate waits, as may the server.
  connection.send(...described(byId("id, 'locked'")), ...bound('1'));
  while ((await shop.server.sql(waits)).length === 0) await pause(20);
  await shop.server.sql(
    `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE relation = 'big'::regclass AND NOT granted`,
  );
  assert.match(short(await connection.until('')), /^E=57P01 closed$/);
  await holder.rows('ROLLBACK');
  await holder.end();
});
