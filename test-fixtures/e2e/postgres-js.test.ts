import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import postgres from 'postgres';
import { type ShopGate, startShopGate } from './shop-gate.ts';

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
