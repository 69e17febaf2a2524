import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import postgres from 'postgres';
import { type ShopGate, startShopGate } from './shop-gate.ts';

const costs = `gatehouse: v1
kind: Policy
name: costs
applies: { to: [shop-db] }
rules:
  - { name: anything, effect: allow, when: principal.agent != "nobody" }
  - name: few-rows
    effect: deny
    sql: { actions: [update] }
    when: request.sql.estimatedRows > 10
limits: { cost: 1000 }
`;

describe('postgres (npm) under a limit on what statements cost', () => {
  let shop: ShopGate;
  let sql: postgres.Sql;
  before(async () => {
    shop = await startShopGate({}, { policies: { costs } });
    await shop.server.sql(`
      CREATE TABLE public.big (id integer PRIMARY KEY, part integer NOT NULL, note text);
      INSERT INTO public.big SELECT i, i % 50, repeat('x', 60) FROM generate_series(1, 20000) AS i;
      GRANT ALL ON public.big TO shop_app;
      ANALYZE public.big;
    `);
    const { host, port, user, password, database } = await shop.gate.login('shop-db');
    sql = postgres({ host, port, user, password, database, max: 2, onnotice: () => {} });
  });
  after(async () => {
    await sql?.end({ timeout: 2 });
    await shop?.stop();
  });
  const overLimit = { code: '53400' };

  test('prepared statements run, again and again', async () => {
    for (const id of [3, 4, 3, 5]) {
      const [row] = await sql`SELECT id, part FROM big WHERE id = ${id}`;
      assert.deepEqual({ ...row }, { id, part: id });
    }
    const [row] = await sql.unsafe('SELECT id FROM big WHERE id = $1 AND part = $2', [7, 7], {
      prepare: true,
    });
    assert.equal(row?.id, 7);
  });

  test('many at once, new and known, and those that are denied between them', async () => {
    const costly = (id: number) => sql`SELECT a.id FROM big a CROSS JOIN big b WHERE a.id <> ${id}`;
    const all = await Promise.allSettled(
      Array.from({ length: 30 }, (_, index) => {
        if (index % 5 === 4) return costly(index);
        return index % 2 === 0
          ? sql`SELECT id FROM big WHERE id = ${index + 1}`
          : sql`SELECT id, note FROM big WHERE id = ${index + 1} AND part >= ${0}`;
      }),
    );
    for (const [index, each] of all.entries()) {
      if (index % 5 === 4) assert.equal(each.status === 'rejected' && each.reason.code, overLimit.code);
      else assert.equal(each.status === 'fulfilled' && each.value[0]?.id, index + 1);
    }
  });

  test('a parameter decides, in a transaction too', async () => {
    await sql.begin(async (tx) => {
      const few = await tx`UPDATE big SET note = 'one' WHERE id < ${2}`;
      assert.equal(few.count, 1);
      await assert.rejects(
        tx.savepoint((inner) => inner`UPDATE big SET note = 'many' WHERE id < ${15_000}`),
        { code: '42501' },
      );
      const [row] = await tx`SELECT count(*)::integer AS ones FROM big WHERE note = ${'one'}`;
      assert.equal(row?.ones, 1);
    });
    await assert.rejects(sql`SELECT id, nothing FROM big WHERE id = ${1}`, { code: '42703' });
    const [row] = await sql`SELECT note FROM big WHERE id = ${1}`;
    assert.equal(row?.note, 'one');
  });
});

describe('postgres (npm) through the gate, over TLS', () => {
  let shop: ShopGate;
  let sql: postgres.Sql;
  before(async () => {
    shop = await startShopGate({ tls: true }, {});
    const token = await shop.gate.token('shop-db');
    sql = postgres({
      host: token.host,
      port: token.port,
      user: token.user,
      password: token.token,
      database: token.database,
      ssl: { ca: readFileSync(token.ca, 'utf8'), rejectUnauthorized: true },
      max: 3,
      onnotice: () => {},
    });
  });
  after(async () => {
    await sql?.end({ timeout: 2 });
    await shop?.stop();
  });

  test('a statement described once and executed often stays masked', async () => {
    const seen = new Set<string>();
    for (let round = 0; round < 4; round++) {
      const rows = await sql`SELECT name, email, ssn FROM customers WHERE id = ${9}`;
      assert.equal(rows.length, 1);
      assert.doesNotMatch(String(rows[0]?.email), /@/);
      assert.doesNotMatch(String(rows[0]?.ssn), /\d{4}/);
      seen.add(String(rows[0]?.email));
    }
    assert.equal(seen.size, 1);
  });

  test('many at once, on several connections', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => index + 1);
    const rows = await Promise.all(ids.map((id) => sql`SELECT id, name FROM products WHERE id = ${id}`));
    assert.deepEqual(
      rows.map((each) => each[0]?.id),
      ids,
    );
  });

  test('a transaction goes on after a denial in a savepoint', async () => {
    const [order] = await sql.begin(async (tx) => {
      await tx
        .savepoint((inner) => inner`DROP TABLE orders`)
        .catch((error: postgres.PostgresError) => {
          assert.equal(error.code, '42501');
        });
      return tx`INSERT INTO orders (customer_id, note) VALUES (2, 'from postgres.js') RETURNING id, note`;
    });
    assert.equal(order?.note, 'from postgres.js');
  });

  test('large values and arrays go both ways', async () => {
    const large = 'ü'.repeat(400_000);
    const [row] = await sql`INSERT INTO orders (customer_id, note) VALUES (3, ${large}) RETURNING note`;
    assert.equal(row?.note, large);
    const rows =
      await sql`SELECT id FROM products WHERE id = ANY (${sql.array([1, 2, 3], 1007)}) ORDER BY id`;
    assert.equal(rows.length, 3);
  });

  test('a cursor reads in pieces', async () => {
    const sizes: number[] = [];
    await sql`SELECT id, email FROM customers ORDER BY id`.cursor(25, (rows) => {
      sizes.push(rows.length);
      for (const row of rows) assert.doesNotMatch(String(row.email), /@/);
    });
    assert.deepEqual(sizes, [25, 25, 10]);
  });
});
