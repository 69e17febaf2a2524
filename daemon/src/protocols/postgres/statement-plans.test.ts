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

/** What the server's planner says, held against limits and conditions, on the way of every kind of statement. */

const policy = `gatehouse: v1
kind: Policy
name: costs
applies: { to: [shop-db] }
rules:
  - name: anything
    effect: allow
    when: principal.agent != "nobody"
  - name: big-deletes
    effect: deny
    sql: { actions: [delete, update] }
    when: request.sql.estimatedRows > 100 || !request.sql.hasWhere
    message: At most a hundred rows at a time.
  - name: no-secrets
    effect: deny
    sql: { actions: [select], tables: [public.secrets] }
limits: { cost: 500, estimatedRows: 5000 }
`;

const masks = `gatehouse: v1
kind: Policy
name: masks
applies: { to: [shop-db], agents: [masked] }
masks:
  - { columns: [public.hidden.secret], with: redact }
`;

let shop: ShopGate;
before(async () => {
  shop = await startShopGate({ settings: { log_statement: 'all' } }, { policies: { costs: policy, masks } });
  await shop.server.sql(`
    CREATE TABLE public.big (id integer PRIMARY KEY, part integer NOT NULL, note text);
    CREATE TABLE public.hidden AS SELECT i AS id, md5(i::text) AS secret FROM generate_series(1, 20000) AS i;
    GRANT ALL ON public.hidden TO shop_app;
    INSERT INTO public.big SELECT i, i % 50, repeat('x', 60) FROM generate_series(1, 20000) AS i;
    CREATE INDEX big_part ON public.big (part);
    CREATE MATERIALIZED VIEW public.summary AS SELECT part, count(*) FROM public.big GROUP BY part;
    ALTER MATERIALIZED VIEW public.summary OWNER TO shop_app;
    GRANT ALL ON public.big TO shop_app;
    CREATE FUNCTION public.tattles(text) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS
      $$ BEGIN RAISE EXCEPTION 'tattled %', $1; END $$;
    ANALYZE public.big;
  `);
});
after(() => shop.stop());

async function client(agent?: string): Promise<RawPostgres> {
  return RawPostgres.connect(await shop.gate.login('shop-db', agent));
}

const run = (text: string) => [send.parse(text), send.bind(), send.execute()];

function error(messages: readonly BackendMessage[]): Record<string, string> {
  const found = messages.find(({ type }) => type === 'E');
  return found === undefined ? assert.fail(`no error in ${short(messages)}`) : errorFields(found.body);
}

const costly = 'SELECT a.note FROM big a CROSS JOIN big b';

describe('a statement over the limit on its cost', () => {
  const texts = [
    costly,
    `WITH c AS (${costly}) SELECT count(*) FROM c`,
    `INSERT INTO big SELECT a.id + 1000000, 1, 'x' FROM big a CROSS JOIN big b`,
    `MERGE INTO big USING big AS o ON big.id <> o.id WHEN MATCHED THEN DO NOTHING`,
    `VALUES ((SELECT count(*) FROM big a CROSS JOIN big b))`,
    `DECLARE c CURSOR WITH HOLD FOR ${costly}`,
    `CREATE TABLE copied AS ${costly}`,
    `SELECT a.note INTO copied FROM big a CROSS JOIN big b`,
    `CREATE MATERIALIZED VIEW copied AS ${costly}`,
    `COPY (${costly}) TO STDOUT`,
    `COPY big TO STDOUT`,
    `REFRESH MATERIALIZED VIEW summary`,
    `EXPLAIN ANALYZE ${costly}`,
    `EXPLAIN (ANALYZE, COSTS OFF) ${costly}`,
    `BEGIN; SELECT 1; ${costly}; COMMIT`,
  ];
  for (const text of texts) {
    test(`is denied: ${text}`, async () => {
      const connection = await client();
      const denied = await connection.exchange(send.query(text));
      assert.equal(short(denied), 'E=53400 Z=I');
      assert.match(
        error(denied).M ?? '',
        /would (cost|touch) [\d,]+ (planner units|rows), over the limit (cost|estimatedRows) of (500|5,000) \(\.gatehouse\/policies\/costs\.policy\.yaml:17\)/,
      );
      if (!text.startsWith('BEGIN')) {
        assert.equal(short(await connection.exchange(...run(text), send.sync)), 'E=53400 Z=I');
      }
      assert.equal(short(await connection.exchange(send.query('SELECT 1'))), 'T D=1 C=SELECT 1 Z=I');
      await connection.end();
    });
  }

  test('is denied when it was prepared, by SQL and by message', async () => {
    const connection = await client();
    assert.equal(short(await connection.exchange(send.query(`PREPARE p AS ${costly}`))), 'C=PREPARE Z=I');
    assert.equal(short(await connection.exchange(send.query('EXECUTE p'))), 'E=53400 Z=I');
    assert.equal(short(await connection.exchange(send.parse(costly, 'm'), send.sync)), '1 Z=I');
    const bound = await connection.exchange(send.bind({ statement: 'm' }), send.execute(), send.sync);
    assert.equal(short(bound), 'E=53400 Z=I');
    await connection.end();
  });

  test('leaves a transaction block as it is', async () => {
    const connection = await client();
    assert.equal(short(await connection.exchange(send.query('BEGIN'))), 'C=BEGIN Z=T');
    assert.equal(short(await connection.exchange(send.query(costly))), 'E=53400 Z=T');
    assert.equal(short(await connection.exchange(send.query('SELECT 1'))), 'T D=1 C=SELECT 1 Z=T');
    assert.equal(short(await connection.exchange(send.query('ROLLBACK'))), 'C=ROLLBACK Z=I');
    await connection.end();
  });
});

test('parameters count with the values that are bound', async () => {
  const connection = await client();
  const text = 'DELETE FROM big WHERE id < $1';
  assert.equal(short(await connection.exchange(send.parse(text, 'd', [23]), send.sync)), '1 Z=I');
  const value = (id: number, binary: boolean) => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(id);
    return send.bind({
      statement: 'd',
      values: [binary ? bytes : String(id)],
      parameterFormats: [binary ? send.binary : send.text],
    });
  };
  for (const binary of [false, true]) {
    const few = await connection.exchange(value(-1, binary), send.execute(), send.sync);
    assert.equal(short(few), '2 C=DELETE 0 Z=I');
    const many = await connection.exchange(value(15000, binary), send.execute(), send.sync);
    assert.equal(short(many), 'E=42501 Z=I');
    assert.match(error(many).M ?? '', /rule big-deletes .*At most a hundred rows/);
  }
  await connection.end();
});

test('a condition reads the estimate, and a literal decides it', async () => {
  const connection = await client();
  const update = (where: string) =>
    connection.exchange(send.query(`UPDATE big SET note = 'y' WHERE ${where}`));
  assert.equal(short(await update('id = 7')), 'C=UPDATE 1 Z=I');
  assert.equal(short(await update('id < 9000')), 'E=42501 Z=I');
  assert.equal(short(await update('part = 3')), 'E=42501 Z=I');
  assert.equal(short(await connection.exchange(send.query('UPDATE big SET note = $$z$$'))), 'E=42501 Z=I');
  await connection.end();
});

test('the plan stands in the record', async () => {
  const connection = await client();
  await connection.rows('SELECT note FROM big WHERE part = 7 /* recorded */');
  const line = await shop.gate.line(
    (each) => each.kind === 'request.decided' && each.text.includes('recorded'),
  );
  assert.ok(line.kind === 'request.decided');
  assert.ok(line.plan !== undefined && line.plan.cost > 100 && Math.abs(line.plan.rows - 400) < 100);
  await connection.end();
});

test('a denied statement is not planned, as planning runs functions', async () => {
  const connection = await client();
  const tattling = "SELECT tattles('%s') FROM secrets";
  const denied = error(await connection.exchange(send.query(tattling.replace('%s', 'denied'))));
  assert.match(denied.M ?? '', /rule no-secrets/);
  assert.ok(!shop.server.log().includes('tattled denied'));
  const planned = error(await connection.exchange(send.query("SELECT tattles('allowed')")));
  assert.deepEqual([planned.C, planned.M], ['P0001', 'tattled allowed']);
  await connection.end();
});

test("a view's query is not asked for where the session put operators before PostgreSQL's own", async () => {
  await shop.server.sql(`
    CREATE SCHEMA front;
    CREATE FUNCTION front.same(oid, oid) RETURNS boolean LANGUAGE plpgsql AS
      $$ BEGIN RAISE LOG 'compared by %', 'front'; RETURN true; END $$;
    CREATE OPERATOR front.= (LEFTARG = oid, RIGHTARG = oid, FUNCTION = front.same);
    CREATE MATERIALIZED VIEW public.small AS SELECT 1 AS one;
    ALTER MATERIALIZED VIEW public.small OWNER TO shop_app;
    GRANT USAGE ON SCHEMA front TO shop_app`);
  const connection = await client();
  const refresh = () => connection.exchange(send.query('REFRESH MATERIALIZED VIEW public.small'));
  await connection.rows('SET search_path = front, pg_catalog, public');
  const denied = await refresh();
  assert.equal(short(denied), 'E=53400 Z=I');
  assert.match(error(denied).D ?? '', /the search path puts something before pg_catalog/);
  assert.equal(error(denied).H, 'Leave pg_catalog out of search_path, or name it first.');
  await connection.rows('RESET search_path');
  assert.equal(short(await refresh()), 'C=REFRESH MATERIALIZED VIEW Z=I');
  assert.ok(!shop.server.log().includes('compared by front'));
  await connection.end();
  await shop.server.sql('DROP SCHEMA front CASCADE; DROP MATERIALIZED VIEW public.small');
});

test('what the server would not plan gets its own words, and ends the transaction as it would', async () => {
  const connection = await client();
  await connection.rows('BEGIN');
  const refused = await connection.exchange(send.query('SELECT note + 1 FROM big'));
  assert.equal(short(refused), 'E=42883 Z=E');
  assert.match(error(refused).M ?? '', /operator does not exist/);
  assert.equal(short(await connection.exchange(send.query('ROLLBACK'))), 'C=ROLLBACK Z=I');
  await connection.end();
});

test('an estimate tells nothing of a masked column', async () => {
  const connection = await client('masked');
  for (const text of [
    "SELECT id FROM hidden WHERE secret = 'guess'",
    "SELECT id FROM hidden WHERE secret > 'guess' ORDER BY id LIMIT 1",
    "DELETE FROM hidden WHERE secret = 'guess'",
  ]) {
    const before = shop.server.log().length;
    const told = error(await connection.exchange(send.query(text)));
    assert.equal(told.C, '42501');
    assert.doesNotMatch(`${told.M} ${told.D}`, /planner|would (cost|touch)|big-deletes/);
    assert.ok(!shop.server.log().slice(before).includes('EXPLAIN'), text);
  }
  await connection.end();
});

test('code that nobody can plan is denied under such a limit', async () => {
  const connection = await client();
  const denied = await connection.exchange(send.query('DO $$ BEGIN PERFORM 1; END $$'));
  assert.equal(short(denied), 'E=53400 Z=I');
  assert.match(error(denied).D ?? '', /code in it may run any statement/);
  await connection.end();
});

test('a session that makes costs cheap is told to take that back', async () => {
  const connection = await client();
  for (const cheap of ['SET seq_page_cost = 0', 'SET cpu_tuple_cost = 0']) await connection.rows(cheap);
  const denied = await connection.exchange(send.query('SELECT count(*) FROM big'));
  assert.equal(short(denied), 'E=53400 Z=I');
  assert.match(error(denied).D ?? '', /has set cpu_tuple_cost, seq_page_cost/);
  assert.equal(error(denied).H, 'Run RESET cpu_tuple_cost; RESET seq_page_cost first.');
  for (const undo of ['RESET seq_page_cost', 'RESET cpu_tuple_cost']) await connection.rows(undo);
  await connection.rows('SELECT note FROM big WHERE id = 8');
  await connection.end();
});

test('an estimate is kept for the same text and parameters, and for an INSERT whatever its values are', async () => {
  const connection = await client();
  const asked = () => shop.server.log().match(/execute gatehouse[^\n]*: EXPLAIN/g)?.length ?? 0;
  const times = async (count: number, ...batch: readonly (() => Buffer[])[]) => {
    const before = asked();
    for (const make of batch) await connection.exchange(...make());
    assert.equal(asked() - before, count);
  };
  const query = (text: string) => () => [send.query(text)];
  const kept = query('SELECT note FROM big WHERE id = 4711');
  await times(1, kept, kept, kept);
  await times(
    2,
    query('SELECT note FROM big WHERE id = 4712'),
    query('SELECT note FROM big WHERE id = 4713'),
  );
  const bound = (value: string) => () => [
    send.parse('SELECT note FROM big WHERE id = $1', '', [23]),
    send.bind({ values: [value] }),
    send.execute(),
    send.sync,
  ];
  await times(2, bound('1'), bound('2'), bound('1'), bound('2'));
  await times(
    1,
    query("INSERT INTO big VALUES (100001, 1, 'a')"),
    query("INSERT INTO big VALUES (100002, 2, 'b')"),
  );
  // Whatever may change what plans are made of.
  await times(1, query('SET work_mem = 4096'), kept);
  await connection.end();
});

test('in the middle of a batch the plan cannot be asked for', async () => {
  const connection = await client();
  connection.send(...run('SELECT 1'), send.flush);
  await connection.until('C');
  const denied = await connection.exchange(...run('SELECT note FROM big WHERE id = 9'), send.sync);
  assert.equal(short(denied), 'E=53400 Z=I');
  assert.match(error(denied).H ?? '', /Send a Sync first/);
  await connection.end();
});

test('a whole batch is planned before it runs', async () => {
  const connection = await client();
  const batch = await connection.exchange(
    ...run('SELECT note FROM big WHERE id = 10'),
    ...run('SELECT note FROM big WHERE id = 11'),
    send.sync,
  );
  assert.equal(batch.filter(({ type }) => type === 'C').length, 2);
  const denied = await connection.exchange(
    ...run("UPDATE big SET note = 'never' WHERE id = 10"),
    ...run(costly),
    send.sync,
  );
  assert.equal(short(denied), 'E=53400 Z=I');
  const [[note] = []] = await connection.rows('SELECT note FROM big WHERE id = 10');
  assert.notEqual(note, 'never');
  await connection.end();
});
