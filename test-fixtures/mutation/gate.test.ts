import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { rewriteStatement } from '@gatehouse/policy-schema/mutation/statement/rewrite-statement.ts';
import { loadReaders } from '@gatehouse/policy-schema/vocabulary/readers.ts';
import pg from 'pg';
import { fingerprint } from '../corpora/attacks/mount.ts';
import { type ShopGate, startShopGate } from '../e2e/shop-gate.ts';

/** Denied by rules, by default, and by masks whose values the answer would tell. */
const denied = [
  "UPDATE products SET price = price * 0.9, name = 'x' || name",
  'DELETE FROM order_items WHERE order_id > 0',
  "WITH gone AS (DELETE FROM orders WHERE status = 'returned' RETURNING id) SELECT count(*) FROM gone",
  'TRUNCATE public.order_items',
  'DROP TABLE public.order_items',
  'SELECT name, value FROM public.secrets s WHERE s.name IS NOT NULL',
  'SELECT restock(1, 7)',
  'MERGE INTO order_items i USING orders o ON o.id = i.order_id WHEN MATCHED THEN DELETE',
  "SELECT name FROM customers WHERE ssn LIKE '900-1%'",
  "SELECT count(*) FROM customers WHERE card_number > '4000-5'",
  'SELECT id FROM public.customers ORDER BY ssn LIMIT 3',
  "SELECT max(c.phone) FILTER (WHERE c.ssn > '900') FROM customers c GROUP BY c.ssn",
  'SELECT name FROM customers JOIN secrets ON customers.ssn = secrets.value',
  'INSERT INTO orders (customer_id, note) SELECT id, ssn FROM customers WHERE id = 1',
] as const;

describe('denied statements written otherwise', () => {
  let shop: ShopGate;
  let client: pg.Client;
  let untouched: unknown;
  before(async () => {
    await loadReaders();
    shop = await startShopGate();
    client = new pg.Client(await shop.gate.login('shop-db'));
    await client.connect();
    untouched = (await shop.server.sql(fingerprint))[0]?.all;
  });
  after(async () => {
    await client?.end();
    await shop?.stop();
  });

  /** Undefined: it was denied. */
  async function answerOf(text: string, isExtended: boolean): Promise<string | undefined> {
    try {
      const extended: pg.QueryConfig & { readonly queryMode: 'extended' } = { text, queryMode: 'extended' };
      await client.query(isExtended ? extended : text);
      return 'passes';
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) throw error;
      return error.message.startsWith('Gatehouse') ? undefined : `${error.code} ${error.message}`;
    }
  }

  for (const text of denied) {
    it(`stay denied by the gate: ${text}`, { timeout: 60_000 }, async () => {
      const rewrites = [
        { family: 'spelling', how: 'as it is', text },
        ...rewriteStatement(text, { schema: 'public', database: 'shop' }),
      ];
      const passed: string[] = [];
      for (const rewrite of rewrites) {
        const answer = await answerOf(rewrite.text, false);
        if (answer !== undefined) passed.push(`${rewrite.how}: ${answer}\n  ${rewrite.text}`);
        // Only one statement can be prepared.
        if (rewrite.family !== 'spelling' && rewrite.family !== 'naming') continue;
        const prepared = await answerOf(rewrite.text, true);
        if (prepared !== undefined) passed.push(`${rewrite.how}, prepared: ${prepared}\n  ${rewrite.text}`);
      }
      assert.deepEqual(passed, []);
      assert.equal((await shop.server.sql(fingerprint))[0]?.all, untouched);
    });
  }
});
