import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { type RunningPostgres, startPostgres } from '../servers/postgres.ts';
import { createShop } from '../servers/shop.ts';
import { DaemonWorkspace } from './daemon-process.ts';

const policy = `gatehouse: v1
kind: Policy
name: shop
applies: { to: [shop-db] }
rules:
  - name: anything
    effect: allow
budgets:
  session: { rows: 30 }
  agent: { rows: 50, cost: 100000 }
  day: { bytes: 1MB }
`;

describe('budgets', () => {
  let server: RunningPostgres;
  let workspace: DaemonWorkspace;
  before(async () => {
    server = await startPostgres({ database: 'shop' });
    await createShop(server);
    workspace = new DaemonWorkspace({ port: server.port, policy });
  });
  after(async () => {
    await workspace?.discard();
    await server?.stop();
  });

  const connect = async () => {
    const client = new pg.Client(await workspace.login());
    client.on('error', () => {});
    await client.connect();
    return client;
  };
  const rows = (client: pg.Client, from: number, to: number) =>
    client.query(`SELECT generate_series(${from}, ${to})`);

  test('end a result in its middle, outlive the daemon, and show in the status', async () => {
    let daemon = await workspace.start();
    const one = await connect();
    assert.equal((await rows(one, 1, 25)).rowCount, 25);
    await assert.rejects(rows(one, 1, 25), (error: pg.DatabaseError) => {
      assert.equal(error.code, '53400');
      assert.match(
        error.message,
        /^Gatehouse: the budget of 30 rows for a session \(\.gatehouse\/policies\/shop\.policy\.yaml:9\) is used up, so the statement was cancelled$/,
      );
      assert.equal(error.detail, '30 of 30 rows are used, 0 are left.');
      assert.match(error.hint ?? '', /not refilled while the session lasts/);
      return true;
    });
    // What returns no rows still passes.
    await one.query('BEGIN');
    await one.query('UPDATE products SET stock = 1 WHERE id = 1');
    await one.query('ROLLBACK');
    await assert.rejects(one.query('SELECT 1'), /the budget of 30 rows for a session .* is used up$/);
    await one.end();

    const two = await connect();
    assert.equal((await rows(two, 1, 10)).rowCount, 10);
    const { stdout } = await workspace.command(['status']);
    assert.match(stdout, /budgets +shop-db · tester +rows +█{13}░{3} +10 left of 50\n/);
    assert.match(stdout, /shop-db · everybody +bytes +█░{15} +999\.5 KB left of 1\.0 MB/);
    assert.match(
      stdout,
      /session \w+ of tester +rows +█{5}░{11} +20 left of 30\n +refilled at 00:00 UTC, in /,
    );
    const status = JSON.parse((await workspace.command(['status', '--json'])).stdout);
    const own = status.budgets.find(
      (each: { per: string; of: string }) => each.per === 'agent' && each.of === 'rows',
    );
    assert.deepEqual([own.used, own.bound, own.agent], [40, 50, 'tester']);
    assert.ok(
      status.budgets.some(
        (each: { per: string; used: number }) => each.per === 'session' && each.used === 10,
      ),
    );
    const spent = status.budgets.find((each: { of: string }) => each.of === 'cost').used;
    assert.ok(spent > 0);
    await two.end();
    await daemon.end('SIGKILL');

    daemon = await workspace.start();
    const three = await connect();
    await assert.rejects(rows(three, 1, 20), (error: pg.DatabaseError) => {
      assert.match(error.message, /the budget of 50 rows for an agent and a day \(.*:10\) is used up/);
      assert.match(error.hint ?? '', /refilled at \d{4}-\d\d-\d\dT00:00:00\.000Z/);
      return true;
    });
    await assert.rejects(
      three.query('SELECT count(*) FROM orders a, orders b, orders c'),
      /is used up|more than is left of the budget of 100,000 planner units for an agent and a day/,
    );
    const after = JSON.parse((await workspace.command(['status', '--json'])).stdout);
    assert.ok(after.budgets.find((each: { of: string }) => each.of === 'cost').used >= spent);
    await three.end();
    await daemon.end();
  });
});
