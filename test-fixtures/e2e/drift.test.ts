/** What policies say and a real agent behind a real gate did not need. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { type RunningPostgres, startPostgres } from '../servers/postgres.ts';
import { createShop } from '../servers/shop.ts';
import { DaemonWorkspace } from './daemon-process.ts';

const policy = `gatehouse: v1
kind: Policy
name: shop
applies: { to: [shop-db], agents: [tester, codex] }
rules:
  - { name: read, effect: allow, sql: { actions: [select], tables: ["public.*"] } }
  - { name: write, effect: allow, when: request.sql.hasWhere, sql: { actions: [update, delete], tables: [public.orders, public.products] } }
  - { name: sessions, effect: allow, sql: { actions: [begin, rollback] } }
  - { name: archive, effect: allow, sql: { actions: [insert], tables: [public.archive] } }
  - { name: no-drops, effect: deny, sql: { actions: [drop] } }
masks:
  - { columns: [public.customers.iban], with: redact }
`;

describe('policies that are wider than their use', () => {
  let server: RunningPostgres;
  let workspace: DaemonWorkspace;
  before(async () => {
    server = await startPostgres({ database: 'shop' });
    await createShop(server);
    workspace = new DaemonWorkspace({ port: server.port, policy });
    await workspace.start();
    const client = new pg.Client(await workspace.login());
    await client.connect();
    for (const text of [
      'SELECT count(*) FROM orders',
      'BEGIN',
      "UPDATE orders SET note = 'x' WHERE id = 1",
      'ROLLBACK',
    ])
      await client.query(text);
    await client.end();
  });
  after(async () => {
    await workspace?.discard();
    await server?.stop();
  });

  type Found = {
    kind: string;
    rule?: string;
    key?: string;
    needless?: string[];
    narrower?: string[];
    entries?: string[];
  };
  const drift = async () => {
    const { status, stdout, stderr } = await workspace.command(['drift', '--json']);
    return {
      status,
      stderr,
      ...(JSON.parse(stdout) as {
        drift: Found[];
        conditions: { rule: string; always: boolean }[];
        unseen: Record<string, string>;
      }),
    };
  };

  test('are told by rule and list, with what was used and what the database does not have', async () => {
    const found = await drift();
    assert.equal(found.status, 1);
    const of = (rule: string | undefined, key?: string) =>
      found.drift.filter((each) => each.rule === rule && each.key === key);
    assert.deepEqual(
      of('read', 'tables').map(({ kind, narrower }) => [kind, narrower]),
      [['wider', ['public.orders']]],
    );
    assert.deepEqual(
      of('write', 'tables').map(({ needless, narrower }) => [needless, narrower]),
      [[['public.products'], ['public.orders']]],
    );
    assert.deepEqual(
      of('write', 'actions').map(({ needless }) => needless),
      [['delete']],
    );
    assert.deepEqual(
      of(undefined, 'agents').map(({ needless }) => needless),
      [['codex']],
    );
    assert.deepEqual(
      of('archive').map(({ kind }) => kind),
      ['unused'],
    );
    assert.deepEqual(
      of('archive', 'tables').map(({ kind, entries }) => [kind, entries]),
      [['vanished', ['public.archive']]],
    );
    assert.deepEqual(
      of(undefined, 'columns').map(({ entries }) => entries),
      [['public.customers.iban']],
    );
    assert.deepEqual(of('sessions'), []);
    assert.deepEqual(of('no-drops'), []);
    assert.deepEqual(
      found.conditions.map(({ rule, always }) => [rule, always]),
      [['write', true]],
    );
    assert.deepEqual(found.unseen, {});
    const { stdout } = await workspace.command(['drift']);
    assert.match(
      stdout,
      /shop\/write {2}\.gatehouse\/policies\/shop\.policy\.yaml:7\n {4}actions that nothing needed: delete/,
    );
    assert.match(stdout, /the database has no such tables: public\.archive/);
    assert.match(stdout, /never false: request\.sql\.hasWhere/);
  });

  test('a table that is dropped is gone from the database, and not from the policy', async () => {
    await server.sql('DROP TABLE order_items');
    workspace.policy(policy.replace('public.orders, public.products', 'public.orders, public.order_items'));
    const gone = (await drift()).drift.filter(({ kind, rule }) => kind === 'vanished' && rule === 'write');
    assert.deepEqual(
      gone.map(({ entries }) => entries),
      [['public.order_items']],
    );
  });

  test('without a daemon names are not looked up, and that is said; nothing wider is 0', async () => {
    await workspace.command(['down']);
    workspace.policy(
      policy
        .replace('["public.*"]', '[public.orders]')
        .replace(
          '[update, delete], tables: [public.orders, public.products]',
          '[update], tables: [public.orders]',
        )
        .replace('when: request.sql.hasWhere, ', '')
        .replace('[tester, codex]', '[tester]')
        .replace(/ {2}- \{ name: archive.*\n/, ''),
    );
    const { status, stdout, stderr } = await workspace.command(['drift']);
    assert.equal(status, 0, stdout);
    assert.match(stdout, /✓ nothing is wider than 4 recorded requests of the last 30d needed/);
    assert.match(stderr, /The names of shop-db were not looked up: No daemon runs/);
  });
});
