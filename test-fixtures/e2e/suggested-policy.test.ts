/** The least policy for what an agent did behind a real gate. */
import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { type RunningPostgres, startPostgres } from '../servers/postgres.ts';
import { createShop } from '../servers/shop.ts';
import { DaemonWorkspace } from './daemon-process.ts';

const wide = `gatehouse: v1
kind: Policy
name: shop
applies: { to: [shop-db] }
rules:
  - { name: all, effect: allow, sql: { actions: ["*"] } }
  - { name: no-drops, effect: deny, sql: { actions: [drop, truncate] } }
masks:
  - { columns: [public.customers.email], with: redact }
`;

describe('a policy from traffic', () => {
  let server: RunningPostgres;
  let workspace: DaemonWorkspace;
  before(async () => {
    server = await startPostgres({ database: 'shop' });
    await createShop(server);
    workspace = new DaemonWorkspace({ port: server.port, policy: wide });
    await workspace.start();
    const client = new pg.Client(await workspace.login());
    await client.connect();
    for (const text of [
      'SELECT id, email FROM customers LIMIT 1',
      'SELECT count(*) FROM orders',
      'BEGIN',
      "INSERT INTO orders (customer_id, note) VALUES (1, 'a # b: c')",
      'ROLLBACK',
      'DROP TABLE orders',
    ])
      await client.query(text).catch(() => {});
    await client.end();
  });
  after(async () => {
    await workspace?.discard();
    await server?.stop();
  });

  test('allows what passed, keeps the mask, and refuses the rest; it is in force by itself', async () => {
    const file = '.gatehouse/policies/tester.policy.yaml';
    const made = await workspace.command(['suggest', '--out', file]);
    assert.equal(made.status, 0, made.stderr);
    assert.match(made.stderr, /all 5 requests that passed would pass/);
    assert.match(
      made.stderr,
      /Refused then, and by it too: 1 different request \(asked 1 time\):\n {2}DROP TABLE orders/,
    );
    const text = readFileSync(path.join(workspace.folder, file), 'utf8');
    assert.match(text, /^# What tester needed on shop-db: 5 requests from /);
    assert.match(text, /name: tester-on-shop-db/);
    assert.match(text, /actions: \[insert, select\], tables: \[public\.orders\]/);
    assert.match(text, /actions: \[select\], tables: \[public\.customers\]/);
    assert.match(text, /- \{ columns: \[public\.customers\.email\], with: redact \}/);
    assert.doesNotMatch(text, /drop/i);
    assert.equal((await workspace.command(['check'])).status, 0);
    const again = await workspace.command(['suggest', '--out', file]);
    assert.equal(again.status, 2);
    assert.match(again.stderr, /is there already/);
    rmSync(path.join(workspace.folder, '.gatehouse/policies/shop.policy.yaml'));
    const decided = async (statement: string) =>
      (await workspace.command(['decide', statement, '--agent', 'tester'])).stdout;
    assert.match(await decided('SELECT id FROM orders'), /^✓ allow/);
    assert.match(await decided('SELECT id FROM products'), /^✗ deny/);
    assert.match(await decided('DELETE FROM orders'), /^✗ deny/);
    workspace.policy(wide);
    rmSync(path.join(workspace.folder, file));
  });

  test('is narrower or wider as it is asked, and the same each time', async () => {
    const of = async (level: string) => (await workspace.command(['suggest', '--level', level])).stdout;
    assert.match(await of('columns'), /tables: \[public\.customers\], columns: \[email, id\]/);
    assert.match(await of('schemas'), /tables: \[public\.\*\]/);
    assert.equal(await of('tables'), await of('tables'));
    const json = JSON.parse((await workspace.command(['suggest', '--json'])).stdout);
    assert.deepEqual(
      [json.agent, json.proof.lost, json.proof.refused],
      ['tester', [], ['DROP TABLE orders']],
    );
    const none = await workspace.command(['suggest', '--agent', 'nobody']);
    assert.equal(none.status, 2);
    assert.match(none.stderr, /Nothing that passed is recorded/);
  });
});
