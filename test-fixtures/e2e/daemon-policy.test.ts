import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { type RunningPostgres, startPostgres } from '../servers/postgres.ts';
import { createShop } from '../servers/shop.ts';
import { type DaemonProcess, DaemonWorkspace, shopPolicy } from './daemon-process.ts';

const place = "INSERT INTO orders (customer_id, note) VALUES (1, 'policy')";

describe('policy files that change while sessions run', () => {
  let server: RunningPostgres;
  let workspace: DaemonWorkspace;
  let daemon: DaemonProcess;
  let client: pg.Client;
  before(async () => {
    server = await startPostgres({ database: 'shop' });
    await createShop(server);
    workspace = new DaemonWorkspace({ port: server.port });
  });
  after(async () => {
    await client?.end();
    await workspace?.discard();
    await server?.stop();
  });

  const logged = (words: string, since = 0) => daemon.until((said) => said.slice(since).includes(words));

  test('files that are broken on the first start are refused, and accepted once they are mended', async () => {
    workspace.policy(shopPolicy.replace('effect: approve', 'effect: ask'));
    const refused = await workspace.command(['up', '--secrets-stdin'], { input: '{"shop":"x"}' });
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /shop\.policy\.yaml:\d+:\d+ /);
    workspace.policy(shopPolicy);
    daemon = await workspace.start();
    assert.equal(daemon.status.policy.accepted.rules, 5);
    assert.equal(daemon.status.policy.pending, undefined);
    client = new pg.Client(await workspace.login());
    client.on('error', () => {});
    await client.connect();
    await client.query(place);
  });

  test('a tightening edit applies to the next statement of an open session, also to a prepared one', async () => {
    const prepared = { name: 'place', text: place };
    await client.query(prepared);
    await client.query('BEGIN');
    workspace.policy(
      shopPolicy
        .replace('actions: [insert]', 'actions: [update]')
        .replace('name: place-orders', 'name: place-orders\n    when: "false"'),
    );
    await logged('allow no more than before; they are in force');
    await assert.rejects(client.query(place), { code: '42501' });
    await assert.rejects(client.query(prepared), { code: '42501' });
    assert.equal((await client.query('SELECT count(*)::int AS n FROM products')).rows[0].n, 40);
    await client.query('COMMIT');
  });

  test('a loosening edit waits for a person, in status too, then applies to the open session', async () => {
    const since = daemon.said().length;
    workspace.policy(shopPolicy);
    await logged('waits for `gatehouse accept`', since);
    await assert.rejects(client.query(place), { code: '42501' });
    const status = await workspace.command(['status']);
    assert.match(status.stdout, /a change of the files waits for a person: gatehouse accept/);
    const { policy } = JSON.parse((await workspace.command(['status', '--json'])).stdout);
    assert.ok(policy.pending.loosens.length > 0);
    const unasked = await workspace.command(['accept']);
    assert.equal(unasked.status, 2);
    await assert.rejects(client.query(place), { code: '42501' });
    const accepted = await workspace.command(['accept', '--yes', policy.pending.digest]);
    assert.equal(accepted.status, 0, accepted.stderr);
    await client.query(place);
    assert.doesNotMatch((await workspace.command(['status'])).stdout, /waits for a person/);
  });

  test('a broken edit keeps the last good policy, and status says where it breaks', async () => {
    const since = daemon.said().length;
    workspace.policy(`${shopPolicy}  - { name: half`);
    await logged('files have errors; what was accepted stays in force', since);
    await client.query(place);
    await assert.rejects(client.query('DROP TABLE orders'), { code: '42501' });
    const status = await workspace.command(['status']);
    assert.equal(status.status, 0);
    assert.match(status.stdout, /the files have errors; the accepted policy stays in force/);
    assert.match(status.stdout, /shop\.policy\.yaml:\d+:\d+ /);
    const accept = await workspace.command(['accept']);
    assert.equal(accept.status, 2);
    assert.match(accept.stderr, /gatehouse check/);
  });

  test('what is in force outlives a restart with broken files, and all of it is recorded', async () => {
    assert.deepEqual(await daemon.end(), { code: 0, signal: null });
    daemon = await workspace.start();
    assert.equal(daemon.status.policy.accepted.rules, 5);
    assert.ok((daemon.status.policy.broken?.length ?? 0) > 0);
    client = new pg.Client(await workspace.login());
    client.on('error', () => {});
    await client.connect();
    await client.query(place);
    const changes = workspace.lines().flatMap((line) => (line.kind === 'policy.changed' ? [line.state] : []));
    assert.deepEqual(changes, ['accepted', 'accepted', 'pending', 'accepted', 'broken', 'broken']);
    const verified = await workspace.command(['verify']);
    assert.equal(verified.status, 0, verified.stdout);
  });
});
