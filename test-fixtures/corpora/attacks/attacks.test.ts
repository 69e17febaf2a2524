import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { startPostgres } from '../../servers/postgres.ts';
import { createShop } from '../../servers/shop.ts';
import { fingerprint, kept, mount } from './mount.ts';
import { attacks } from './postgres.ts';

const tables = ['products', 'customers', 'orders', 'order_items', 'secrets'];

const keep = tables.map((name) => `CREATE TABLE kept.${name} AS TABLE public.${name};`).join('\n');

/** Undo what an attack did, much faster than a new database would be. */
const restore = `DROP VIEW IF EXISTS harmless; DROP RULE IF EXISTS r ON secrets;
  TRUNCATE ${tables.join(', ')};
  ${tables.map((name) => `INSERT INTO ${name} SELECT * FROM kept.${name};`).join('\n')}`;

test('each attack does harm on a direct connection', async () => {
  const server = await startPostgres({ database: 'shop' });
  const admin = new pg.Client({ ...server });
  try {
    await createShop(server);
    await admin.connect();
    await admin.query(`CREATE SCHEMA kept; ${keep}`);
    const untouched = (await admin.query(fingerprint)).rows[0].all;
    const harmless: string[] = [];
    for (const attack of attacks) {
      const answer = await mount(attack, server);
      const now = (await admin.query(fingerprint)).rows[0].all;
      const harm = attack.harm === 'read' ? kept.test(answer) : now !== untouched;
      if (!harm) harmless.push(attack.name);
      if (now !== untouched) await admin.query(restore);
    }
    assert.deepEqual(harmless, []);
  } finally {
    await admin.end();
    await server.stop();
  }
});
