import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import { type DemoServer, startDemoServer } from './demo-server.ts';
import { shopDatabase, shopUser } from './shop.ts';

const password = 'a password of the test';

describe('the database of the demo', () => {
  let server: DemoServer;
  const said: string[] = [];
  const clients: pg.Client[] = [];

  before(async () => {
    server = await startDemoServer({
      password,
      port: 0,
      idleMs: 3_600_000,
      onIdle: () => {},
      log: (line) => said.push(line),
      limits: { idleInTransactionMs: 200, statementMs: 1500 },
    });
  });
  after(async () => {
    for (const client of clients) await client.end().catch(() => {});
    await server.close();
  });

  const connect = async (more: Partial<pg.ClientConfig> = {}): Promise<pg.Client> => {
    const client = new pg.Client({
      host: '127.0.0.1',
      port: server.port,
      user: shopUser,
      password,
      database: shopDatabase,
      ...more,
    });
    client.on('error', () => {});
    await client.connect();
    clients.push(client);
    return client;
  };
  const first = async (client: pg.Client, text: string, values?: unknown[]): Promise<unknown> => {
    const { rows } = await client.query({ text, ...(values && { values }), rowMode: 'array' });
    return rows[0]?.[0];
  };

  it('lets nobody in without the password', async () => {
    await assert.rejects(connect({ password: 'another' }), { code: '28P01' });
    await assert.rejects(connect({ user: 'postgres' }), { code: '28P01' });
  });

  it('has the shop, for a role that owns nothing', async () => {
    const client = await connect();
    assert.equal(await first(client, 'SELECT count(*)::int FROM orders'), 400);
    assert.equal(await first(client, "SELECT current_user || '@' || current_database()"), 'shop_app@shop');
    await assert.rejects(client.query('DROP TABLE orders'), { code: '42501' });
  });

  it('keeps what sessions set and prepare apart', async () => {
    const [one, two] = [
      await connect({ application_name: 'one' }),
      await connect({ application_name: 'two' }),
    ];
    await one.query("SET TimeZone = 'Europe/Lisbon'");
    await two.query('PREPARE p AS SELECT 2');
    await one.query('PREPARE p AS SELECT 1');
    const named = (client: pg.Client, text: string) =>
      client.query({ name: 'same', text, rowMode: 'array' }).then(({ rows }) => rows[0]?.[0]);
    for (let round = 0; round < 3; round++) {
      assert.equal(await first(one, 'SHOW TimeZone'), 'Europe/Lisbon');
      assert.equal(await first(two, 'SHOW TimeZone'), 'UTC');
      assert.equal(await first(one, 'EXECUTE p'), 1);
      assert.equal(await first(two, 'EXECUTE p'), 2);
      assert.equal(await named(one, "SELECT 'of one'"), 'of one');
      assert.equal(await named(two, "SELECT 'of two'"), 'of two');
      assert.equal(await first(one, 'SHOW application_name'), 'one');
    }
  });

  it('gives others their turn only between transactions', async () => {
    const [one, two] = [await connect(), await connect()];
    await one.query('BEGIN');
    await one.query('UPDATE products SET stock = 7 WHERE id = 1');
    const seen = first(two, 'SELECT stock FROM products WHERE id = 1');
    await one.query('COMMIT');
    assert.equal(await seen, 7);
  });

  it('ends a transaction that is left open while others wait', async () => {
    const [one, two] = [await connect(), await connect()];
    await one.query('BEGIN');
    await one.query('UPDATE products SET stock = 8 WHERE id = 1');
    assert.equal(await first(two, 'SELECT stock FROM products WHERE id = 1'), 7);
    await assert.rejects(one.query('SELECT 1'));
  });

  it('rolls back what a client leaves open', async () => {
    const [one, two] = [await connect(), await connect()];
    await one.query('BEGIN');
    await one.query('UPDATE products SET stock = 9 WHERE id = 1');
    await one.end();
    assert.equal(await first(two, 'SELECT stock FROM products WHERE id = 1'), 7);
  });

  it('goes on after errors, also in batches', async () => {
    const client = await connect();
    await assert.rejects(client.query('SELECT 1/0'), { code: '22012' });
    await assert.rejects(client.query('SELECT $1::int', ['no number']), { code: '22P02' });
    await assert.rejects(client.query('COPY products FROM STDIN'), { code: '0A000' });
    await assert.rejects(client.query({ name: 'c', text: 'COPY products FROM STDIN' }), { code: '0A000' });
    assert.equal(await first(client, 'SELECT $1::int', [5]), 5);
  });

  it('starts anew when a statement never ends', { timeout: 60_000 }, async () => {
    const client = await connect();
    await assert.rejects(client.query('SELECT pg_sleep(100000)'), { code: '57P02' });
    assert.match(said.join(), /took too long/);
    assert.equal(await first(await connect(), 'SELECT stock FROM products WHERE id = 1'), 13);
  });
});
