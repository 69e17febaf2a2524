import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  type Rewrite,
  rewriteStatement,
} from '@gatehouse/policy-schema/mutation/statement/rewrite-statement.ts';
import { loadReaders } from '@gatehouse/policy-schema/vocabulary/readers.ts';
import pg from 'pg';
import { type RunningPostgres, startPostgres } from '../servers/postgres.ts';
import { createShop } from '../servers/shop.ts';

/** What agents are denied, and reads and writes in forms that are easily read wrong. Each does something on the shop. */
const reads = [
  "SELECT name FROM customers WHERE ssn LIKE '900-1%'",
  'SELECT * FROM secrets',
  'SELECT s.value AS "Value", \'x\' FROM public.secrets AS s WHERE s.name IS NOT NULL ORDER BY 1 -- all of them',
  'select count(*), upper(max(c.city)) from customers c join orders o on o.customer_id = c.id where o.total > 10.5',
  "WITH s AS (SELECT name, value FROM secrets) SELECT name || ':' || value FROM s WHERE name <> '' LIMIT 2",
  "SELECT id FROM products WHERE category = ANY (ARRAY['tools', 'toys']) AND NOT (price < 5) ORDER BY id",
  'SELECT o.id, (SELECT sum(i.quantity * i.price) FROM order_items i WHERE i.order_id = o.id) FROM orders o WHERE o.id <= 5',
  "VALUES (1, 'a'), (2, 'b')",
  'TABLE secrets',
  'SELECT name FROM secrets UNION ALL SELECT city FROM customers WHERE id < 4;',
] as const;
const writes = [
  'UPDATE products SET price = price * 0.9',
  "UPDATE public.orders AS o SET status = 'shipped', note = 'sent again' FROM customers c WHERE c.id = o.customer_id AND c.city <> ''",
  'UPDATE products SET stock = 0 RETURNING id, stock',
  "DELETE FROM orders WHERE status = 'returned'",
  'DELETE FROM only order_items',
  'delete from order_items using orders where orders.id = order_id and orders.total > 50 returning line',
  "WITH gone AS (DELETE FROM orders WHERE status = 'returned' RETURNING id)\nSELECT count(*) FROM gone;",
  "INSERT INTO orders (id, customer_id, status, total, placed_at) VALUES (90001, 1, 'new', 12.5, '2026-01-01')",
  "INSERT INTO secrets (name, value) SELECT name, email FROM customers WHERE id < 3 ON CONFLICT (name) DO UPDATE SET value = 'x'",
  'MERGE INTO products p USING order_items i ON i.product_id = p.id AND i.line = 1 AND i.order_id = 1 WHEN MATCHED THEN UPDATE SET stock = 7',
  'TRUNCATE order_items',
  'DROP TABLE order_items',
  'DROP TABLE public.order_items, public.secrets',
  'ALTER TABLE customers DROP COLUMN ssn CASCADE',
  'CREATE TABLE public.stolen AS SELECT * FROM public.customers',
  'CREATE INDEX ON orders (total)',
  'GRANT SELECT ON secrets TO shop_app WITH GRANT OPTION',
  "COMMENT ON TABLE public.secrets IS 'keep it'",
  'BEGIN; UPDATE products SET stock = 1 WHERE id = 1; UPDATE products SET stock = 2 WHERE id = 2; COMMIT',
] as const;

const state = `
SELECT md5(string_agg(line, E'\\n' ORDER BY line)) AS state FROM (
  SELECT query_to_xml('SELECT * FROM ' || t || ' ORDER BY 1, 2', true, false, '')::text AS line
    FROM unnest(ARRAY['products', 'customers', 'orders', 'order_items', 'secrets', 'stolen']) t WHERE to_regclass(t) IS NOT NULL
  UNION ALL SELECT relname || coalesce(relacl::text, '') || relkind::text || relnatts || coalesce(obj_description(oid), '')
    FROM pg_class WHERE relnamespace = 'public'::regnamespace
) lines`;

let server: RunningPostgres;
let client: pg.Client;
before(async () => {
  await loadReaders();
  server = await startPostgres({ database: 'shop' });
  await createShop(server);
  const { host, port, user, password, database } = server;
  client = new pg.Client({ host, port, user, password, database });
  await client.connect();
});
after(async () => {
  await client?.end();
  await server?.stop();
});

interface Outcome {
  /** Of each statement, its rows as text, sorted. */
  readonly rows: readonly string[];
  readonly state: unknown;
}

/** Run a text and undo it. Where it would commit it goes on in its transaction instead, which is all that can be undone. */
async function run(text: string, looks = true): Promise<Outcome> {
  await client.query('BEGIN');
  try {
    const answer = await client.query<unknown[]>({
      text: text.replace(/\bcommit\b/gi, 'SELECT 1'),
      rowMode: 'array',
    });
    const results = Array.isArray(answer) ? (answer as pg.QueryArrayResult[]) : [answer];
    const rows = results.map((each) =>
      each.rows
        .map((row) => JSON.stringify(row))
        .sort()
        .join('\n'),
    );
    if (!looks) return { rows, state: undefined };
    const { rows: found } = await client.query<{ state: string }>(state);
    return { rows, state: found[0]?.state };
  } finally {
    await client.query('ROLLBACK; DEALLOCATE ALL');
  }
}

/** Their rows are told otherwise, or not at all: plans, notices, COPY data. */
const answersOtherwise = /EXPLAIN|in DO|in COPY|that nothing reads/;

async function sameAs(own: Outcome, rewrite: Rewrite, isRead: boolean): Promise<string | undefined> {
  const say = (words: string) => `${rewrite.how}: ${words}\n  ${rewrite.text}`;
  let made: Outcome;
  try {
    made = await run(rewrite.text, !isRead);
  } catch (error) {
    return say(error instanceof Error ? error.message : String(error));
  }
  if (!isRead && made.state !== own.state) return say('changes something else');
  if (!isRead || answersOtherwise.test(rewrite.how)) return undefined;
  return own.rows.every((rows) => made.rows.includes(rows)) ? undefined : say('answers otherwise');
}

describe('statements written otherwise do the same on PostgreSQL 18', () => {
  for (const [what, statements] of [
    ['reads', reads],
    ['writes', writes],
  ] as const) {
    it(what, { timeout: 120_000 }, async () => {
      const idle = (await run('SELECT 1')).state;
      const wrong: string[] = [];
      for (const text of statements) {
        const own = await run(text);
        assert.equal(own.state === idle, what === 'reads', `${text} ${what}`);
        const rewrites = rewriteStatement(text, { schema: 'public', database: 'shop' });
        assert.ok(rewrites.length >= 12, `${text} has ${rewrites.length}`);
        for (const rewrite of rewrites) {
          const fault = await sameAs(own, rewrite, what === 'reads');
          if (fault !== undefined) wrong.push(fault);
        }
      }
      assert.deepEqual(wrong, []);
    });
  }
});
