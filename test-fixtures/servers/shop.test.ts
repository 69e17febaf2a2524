import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { startPostgres } from './postgres.ts';
import { createShop, shopCounts, shopRole } from './shop.ts';

test('the shop holds what it says, and its role can use it but owns nothing', async () => {
  const server = await startPostgres({ database: 'shop' });
  try {
    await createShop(server);
    const client = new pg.Client({ ...server, ...shopRole });
    await client.connect();
    for (const [table, count] of Object.entries(shopCounts)) {
      const { rows } = await client.query(`SELECT count(*)::int FROM public.${table}`);
      assert.deepEqual(rows, [{ count }], table);
    }
    const { rows } = await client.query(
      'SELECT sum(spent) > 0 AS sold, min(email) LIKE $1 AS mail FROM customer_totals',
      ['%@example.com'],
    );
    assert.deepEqual(rows, [{ sold: true, mail: true }]);
    assert.deepEqual((await client.query('SELECT restock(1, 5) - restock(1, -5) AS d')).rows, [{ d: 5 }]);
    await assert.rejects(client.query('DROP TABLE orders'), { code: '42501' });
    await client.end();
  } finally {
    await server.stop();
  }
});
