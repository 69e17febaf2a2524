import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import Cursor from 'pg-cursor';
import { type ShopGate, startShopGate } from './shop-gate.ts';

describe('pg through the gate', () => {
  let shop: ShopGate;
  let client: pg.Client;
  before(async () => {
    shop = await startShopGate();
    client = new pg.Client(await shop.gate.login('shop-db'));
    await client.connect();
  });
  after(async () => {
    await client?.end();
    await shop?.stop();
  });

  const denied = (error: pg.DatabaseError) => {
    assert.equal(error.code, '42501');
    assert.equal(error.severity, 'ERROR');
    return true;
  };

  test('an allowed join comes back, with masks on', async () => {
    const { rows } = await client.query(
      `SELECT o.id, c.name, c.email, c.phone, c.ssn, c.card_number
       FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.id <= 5 ORDER BY o.id`,
    );
    assert.equal(rows.length, 5);
    const real = await shop.server.sql('SELECT * FROM customers');
    for (const row of rows) {
      const person = real.find((each) => each.name === row.name);
      assert.ok(person, 'the name is not masked');
      assert.doesNotMatch(row.email, /@/);
      assert.doesNotMatch(row.ssn, /\d{4}/);
      assert.ok(!String(row.card_number).startsWith('4000'), row.card_number);
      assert.equal(String(row.card_number).slice(-4).length, 4);
      if (person.phone === null) assert.equal(row.phone, null);
      else assert.notEqual(row.phone, person.phone);
    }
  });

  test('equal values have equal tokens, in text, binary, prepared and cursor alike', async () => {
    const question = 'SELECT email FROM customers WHERE id = $1';
    const plain = (await client.query(question, [7])).rows;
    for (let round = 0; round < 3; round++) {
      const again = await client.query({ name: 'email-of', text: question, values: [7] });
      assert.deepEqual(again.rows, plain);
    }
    const binary = await client.query({ text: question, values: [7], binary: true } as pg.QueryConfig);
    assert.deepEqual(binary.rows, plain);
    const cursor = client.query(
      new Cursor('SELECT email FROM customers WHERE id BETWEEN 6 AND 8 ORDER BY id'),
    );
    assert.equal((await cursor.read(1)).length, 1);
    assert.deepEqual(await cursor.read(1), plain);
    await cursor.close();
  });

  test('no way of asking brings a masked value out', async () => {
    const asks = [
      'SELECT email AS id FROM customers',
      'SELECT lower(email) FROM customers',
      'SELECT email::bytea FROM customers',
      'SELECT to_jsonb(c) FROM customers c',
      'SELECT c FROM customers c',
      'SELECT row(email) FROM customers',
      'SELECT array_agg(email) FROM customers',
      "SELECT string_agg(email, ',') FROM customers",
      'SELECT max(email) FROM customers',
      'SELECT substr(email, 1, 3) || substr(email, 4) FROM customers',
      'SELECT x.a FROM (SELECT email AS a FROM customers) x',
      'WITH x AS (SELECT email FROM customers) SELECT * FROM x',
      'SELECT email FROM customers UNION SELECT name FROM products',
      'SELECT CASE WHEN true THEN email END FROM customers',
      'SELECT coalesce(email, name) FROM customers',
      'SELECT (SELECT email FROM customers LIMIT 1)',
      'SELECT * FROM customer_totals',
      'TABLE customers',
      'SELECT email FROM customers GROUP BY email',
      'SELECT DISTINCT email FROM customers',
      'SELECT first_value(email) OVER () FROM customers',
      'SELECT * FROM (VALUES (1)) v JOIN LATERAL (SELECT email FROM customers) e ON true',
      'SELECT CAST(email AS int) FROM customers',
      'SELECT email::xml FROM customers',
      'COPY customers TO STDOUT',
      'COPY (SELECT email FROM customers) TO STDOUT',
    ];
    const leaks: string[] = [];
    for (const ask of asks) {
      const got: unknown = ask.startsWith('COPY')
        ? await text(client.query(copyTo(ask))).catch((error: unknown) => words(error))
        : await client.query(ask).then(
            (result) => JSON.stringify(result.rows),
            (error: unknown) => words(error),
          );
      if (/example\.com|examp|6578616d706c65/.test(String(got))) leaks.push(ask);
    }
    assert.deepEqual(leaks, []);
    assert.equal((await client.query('SELECT 1 AS fine')).rows[0].fine, 1);
  });

  test('a denial says which rule, and the connection goes on', async () => {
    await assert.rejects(client.query('DROP TABLE orders'), (error: pg.DatabaseError) => {
      denied(error);
      const all = `${error.message} ${error.detail} ${error.hint}`;
      assert.match(all, /no-schema-changes/);
      assert.match(all, /writing\.policy\.yaml:\d+/);
      assert.match(all, /migration/);
      return true;
    });
    await assert.rejects(client.query('UPDATE products SET stock = 0'), denied);
    await assert.rejects(client.query('SELECT * FROM secrets'), denied);
    await assert.rejects(
      client.query('WITH d AS (DELETE FROM orders RETURNING *) SELECT * FROM d'),
      (error: pg.DatabaseError) =>
        denied(error) &&
        /orders-are-never-deleted|no-writes-without-where/.test(`${error.message} ${error.detail}`),
    );
    await assert.rejects(client.query(`SELECT 1 /* ${'x'.repeat(9_000_000)} */; DELETE FROM orders`));
    const { rows } = await client.query('SELECT count(*)::int AS n FROM orders');
    assert.ok(rows[0].n >= 400);
  });

  test('a denial leaves the transaction as it was', async () => {
    await client.query('BEGIN');
    await client.query("INSERT INTO orders (customer_id, note) VALUES (1, 'kept')");
    await assert.rejects(client.query('DROP TABLE orders'), denied);
    await assert.rejects(client.query('DELETE FROM orders WHERE id = $1', [1]), denied);
    await client.query("INSERT INTO orders (customer_id, note) VALUES (1, 'kept')");
    await client.query('COMMIT');
    const { rows } = await client.query("SELECT count(*)::int AS n FROM orders WHERE note = 'kept'");
    assert.equal(rows[0].n, 2);
  });

  test('of several statements none runs when one is denied', async () => {
    await assert.rejects(
      client.query("INSERT INTO orders (customer_id, note) VALUES (1, 'never'); DROP TABLE orders; SELECT 1"),
      denied,
    );
    const { rows } = await client.query("SELECT count(*)::int AS n FROM orders WHERE note = 'never'");
    assert.equal(rows[0].n, 0);
    const both = await client.query('SELECT 1 AS a; SELECT 2 AS b');
    assert.deepEqual(
      (both as unknown as pg.QueryResult[]).map((each) => each.rows),
      [[{ a: 1 }], [{ b: 2 }]],
    );
  });

  test('COPY in and out', async () => {
    const data = '1\tcopied\n2\tcopied\n3\tcopied\n';
    await pipeline(
      Readable.from([data]),
      client.query(copyFrom('COPY orders (customer_id, note) FROM STDIN')),
    );
    const out = await text(
      client.query(
        copyTo("COPY (SELECT customer_id, note FROM orders WHERE note = 'copied' ORDER BY 1) TO STDOUT"),
      ),
    );
    assert.equal(out, data);
    await assert.rejects(text(client.query(copyTo("COPY orders TO PROGRAM 'id'"))), denied);
    await assert.rejects(text(client.query(copyTo('COPY secrets TO STDOUT'))), denied);
  });

  test('LISTEN and NOTIFY', async () => {
    const other = new pg.Client(await shop.gate.login('shop-db'));
    await other.connect();
    await other.query('LISTEN shop_news');
    const heard = once(other, 'notification');
    await client.query("NOTIFY shop_news, 'hello'");
    const [message] = (await heard) as [pg.Notification];
    assert.equal(message.payload, 'hello');
    await other.end();
  });

  test('a cancel reaches the backend that it means, and no other', async () => {
    const other = new pg.Client(await shop.gate.login('shop-db'));
    await other.connect();
    const [mine, theirs] = [
      client.query('SELECT pg_sleep(30)'),
      other.query('SELECT pg_sleep(1), 5 AS five'),
    ];
    mine.catch(() => {});
    await shop.gate.line((line) => line.kind === 'request.decided' && line.text === 'SELECT pg_sleep(30)');
    const canceller = new pg.Client(await shop.gate.login('shop-db'));
    (canceller as unknown as { cancel(client: pg.Client, query: unknown): void }).cancel(
      client,
      (client as unknown as { _activeQuery?: unknown; activeQuery?: unknown })._activeQuery ??
        (client as unknown as { activeQuery?: unknown }).activeQuery,
    );
    await assert.rejects(mine, { code: '57014' });
    assert.equal((await theirs).rows[0].five, 5);
    assert.equal((await client.query('SELECT 6 AS six')).rows[0].six, 6);
    await other.end();
  });

  test('what was asked and decided is in the record, and no masked value', async () => {
    await client.query('SELECT name AS recorded_marker, email FROM customers WHERE id = 3');
    const line = await shop.gate.line(
      (each) => each.kind === 'request.decided' && each.text.includes('recorded_marker'),
    );
    assert.equal(line.kind === 'request.decided' && line.effect, 'allow');
    await shop.gate.line(
      (each) =>
        each.kind === 'request.answered' && line.kind === 'request.decided' && each.request === line.request,
    );
    const leaks = shop.gate.lines.filter((each) =>
      /@example\.com|shop-app-password/.test(JSON.stringify(each)),
    );
    assert.deepEqual(
      leaks.map((each) => JSON.stringify(each).slice(0, 400)),
      [],
    );
  });

  test('a wrong token is refused', async () => {
    const login = await shop.gate.login('shop-db');
    const stranger = new pg.Client({ ...login, password: `${login.password}x` });
    await assert.rejects(stranger.connect(), { code: '28P01' });
  });
});

function words(error: unknown): string {
  if (!(error instanceof pg.DatabaseError)) return String(error);
  return `${error.code} ${error.message} ${error.detail} ${error.hint} ${error.where}`;
}
