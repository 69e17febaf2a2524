import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { HeldApproval } from '@gatehouse/daemon/control/messages.ts';
import * as send from '@gatehouse/test-fixtures/clients/frontend-messages.ts';
import { RawPostgres, short } from '@gatehouse/test-fixtures/clients/raw-postgres.ts';
import { type ShopGate, startShopGate } from '@gatehouse/test-fixtures/e2e/shop-gate.ts';

/** The rows that a held UPDATE or DELETE would change, counted and rolled back. */

const policy = `gatehouse: v1
kind: Policy
name: counts
applies: { to: [shop-db] }
rules:
  - name: anything
    effect: allow
    sql: {}
  - name: writes-need-a-person
    effect: approve
    sql: { actions: [insert, update, delete], tables: ["public.*"] }
    message: Say how many.
    approval: { by: ["*"], within: 10m, counts: rows }
`;

let shop: ShopGate;
before(async () => {
  shop = await startShopGate({}, { policies: { counts: policy } });
  await shop.server.sql(`
    CREATE TABLE public.plain (id integer PRIMARY KEY, part integer, "Odd name" text);
    INSERT INTO public.plain SELECT i, i % 10 FROM generate_series(1, 1000) AS i;
    CREATE TABLE public.ringing (id integer PRIMARY KEY);
    INSERT INTO public.ringing SELECT generate_series(1, 5);
    CREATE TABLE public.above (id integer PRIMARY KEY);
    CREATE TABLE public.below (id integer REFERENCES public.above ON DELETE CASCADE);
    CREATE TABLE public."Odd ""table" (id integer) PARTITION BY LIST (id);
    CREATE TABLE public.odd_part PARTITION OF public."Odd ""table" DEFAULT;
    INSERT INTO public."Odd ""table" SELECT generate_series(1, 4);
    CREATE FUNCTION public.ring() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
    CREATE FUNCTION public.mine(integer) RETURNS integer LANGUAGE sql VOLATILE AS 'SELECT $1';
    CREATE TRIGGER bell BEFORE UPDATE ON public.ringing FOR EACH ROW EXECUTE FUNCTION public.ring();
    CREATE TRIGGER bell BEFORE DELETE ON public.below FOR EACH ROW EXECUTE FUNCTION public.ring();
    CREATE RULE also AS ON DELETE TO public.ringing DO ALSO NOTIFY bell;
    GRANT ALL ON ALL TABLES IN SCHEMA public TO shop_app;
    ANALYZE;
  `);
});
after(() => shop.stop());

async function client(): Promise<RawPostgres> {
  return RawPostgres.connect(await shop.gate.login('shop-db', 'claude'));
}

/** What a person is shown of the statements that `send` sends; they are denied then. */
async function held(connection: RawPostgres, ...batch: readonly Buffer[]): Promise<HeldApproval> {
  connection.send(...batch);
  for (;;) {
    const { type } = await connection.next();
    if (type === 'N') break;
    assert.notEqual(type, 'E');
  }
  const [card] = await shop.gate.control.approvals();
  assert.ok(card !== undefined);
  await shop.gate.control.answer({ id: card.id, answer: 'deny' });
  await connection.until('Z');
  return card;
}

const query = (text: string) => send.query(text);

describe('a held statement', () => {
  test('is shown with its plan, its tables and the rows that it would change', async () => {
    const connection = await client();
    const card = await held(connection, query('UPDATE plain SET part = part + 1 WHERE part = 3'));
    assert.deepEqual(card.count, { kind: 'counted', rows: 100 });
    assert.ok('cost' in card.plan && Math.round(card.plan.rows) === 100 && card.plan.cost > 1);
    assert.deepEqual(card.tables, ['public.plain']);
    assert.deepEqual([card.agent, card.resource], ['claude', 'shop-db']);
    assert.match(card.reason, /rule writes-need-a-person .* asks for approval: Say how many\./);
    assert.deepEqual(await connection.rows('SELECT count(*) FROM plain WHERE part = 3'), [['100']]);
    const asked = await shop.gate.line((line) => line.kind === 'approval.asked');
    assert.ok(asked.kind === 'approval.asked' && asked.counted === 100 && asked.plan !== undefined);
    await connection.end();
  });

  test('is counted with the parameters that are bound', async () => {
    const connection = await client();
    const card = await held(
      connection,
      send.parse('DELETE FROM plain WHERE id <= $1 RETURNING *'),
      send.bind({ values: ['7'] }),
      send.execute(),
      send.sync,
    );
    assert.deepEqual(card.count, { kind: 'counted', rows: 7 });
    assert.equal(
      short(await connection.exchange(query('SELECT count(*) FROM plain'))),
      'T D=1000 C=SELECT 1 Z=I',
    );
    await connection.end();
  });

  test('is counted inside of a transaction, which stays as it was', async () => {
    const connection = await client();
    await connection.rows('BEGIN');
    await connection.rows('SAVEPOINT mine');
    await connection.rows('DECLARE c CURSOR FOR SELECT id FROM plain ORDER BY id');
    await connection.rows('FETCH c');
    const card = await held(connection, query('DELETE FROM plain WHERE part = 4'));
    assert.deepEqual(card.count, { kind: 'counted', rows: 100 });
    assert.deepEqual(await connection.rows('FETCH c'), [['2']]);
    assert.deepEqual(await connection.rows('SHOW lock_timeout'), [['0']]);
    await connection.rows('ROLLBACK TO mine');
    assert.equal(short(await connection.exchange(query('ROLLBACK'))), 'C=ROLLBACK Z=I');
    await connection.end();
  });

  test('is counted through partitions and names of any letters', async () => {
    const connection = await client();
    const card = await held(connection, query('DELETE FROM "Odd ""table"'));
    assert.deepEqual(card.count, { kind: 'counted', rows: 4 });
    await connection.end();
  });

  const uncounted: readonly (readonly [string, RegExp])[] = [
    ['UPDATE ringing SET id = id + 10', /the (rule also|trigger bell) on ringing may act outside/],
    ['DELETE FROM ringing', /the (rule also|trigger bell) on ringing may act outside/],
    ['DELETE FROM above', /the trigger bell on below may act outside/],
    ['UPDATE plain SET part = mine(part)', /it calls public\.mine, which may act outside/],
    ['INSERT INTO plain VALUES (5000)', /no single UPDATE or DELETE/],
    ['DELETE FROM plain; DELETE FROM plain', /no single UPDATE or DELETE/],
    ['WITH d AS (DELETE FROM plain RETURNING *) SELECT * FROM d', /no single UPDATE or DELETE/],
    ['UPDATE plain SET id = 1', /the server refused it \(23505\)/],
    ['UPDATE plain SET part = 1 / (part - part)', /the server refused it \(22012\)/],
  ];
  for (const [text, why] of uncounted) {
    test(`is shown with why it was not counted: ${text}`, async () => {
      const connection = await client();
      const card = await held(connection, query(text));
      assert.ok(card.count?.kind === 'uncounted', JSON.stringify(card.count));
      assert.match(card.count.why, why);
      assert.equal(short(await connection.exchange(query('SELECT 1'))), 'T D=1 C=SELECT 1 Z=I');
      await connection.end();
    });
  }

  test('waits for nobody who holds its rows, and leaves a transaction that may go on', async () => {
    // Past the gate, where nobody holds it.
    const [connection, other] = [await client(), await RawPostgres.connect(shop.server)];
    await other.rows('BEGIN');
    await other.rows('SELECT 1 FROM plain WHERE id = 1 FOR SHARE');
    await connection.rows('BEGIN');
    const card = await held(connection, query('DELETE FROM plain WHERE id = 1'));
    assert.deepEqual(card.count, { kind: 'uncounted', why: 'another session holds what it would change' });
    assert.equal(short(await connection.exchange(query('COMMIT'))), 'C=COMMIT Z=I');
    await Promise.all([connection.end(), other.end()]);
  });

  test('that the server would not plan is not held at all', async () => {
    const connection = await client();
    const refused = await connection.exchange(query("DELETE FROM plain WHERE id = 'x' || 1"));
    assert.equal(short(refused), 'E=42883 Z=I');
    await connection.end();
  });
});
