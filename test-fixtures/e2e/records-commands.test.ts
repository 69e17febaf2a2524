import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { type RunningPostgres, startPostgres } from '../servers/postgres.ts';
import { createShop } from '../servers/shop.ts';
import { type DaemonProcess, DaemonWorkspace } from './daemon-process.ts';

describe('looking back', () => {
  let server: RunningPostgres;
  let workspace: DaemonWorkspace;
  let daemon: DaemonProcess;
  let client: pg.Client;
  before(async () => {
    server = await startPostgres({ database: 'shop' });
    await createShop(server);
    workspace = new DaemonWorkspace({ port: server.port });
    daemon = await workspace.start();
    client = await connect();
  });
  after(async () => {
    await workspace?.discard();
    await server?.stop();
  });

  const connect = async () => {
    const fresh = new pg.Client(await workspace.login());
    fresh.on('error', () => {});
    await fresh.connect();
    return fresh;
  };
  const sessions = async (...args: string[]) => {
    const ran = await workspace.command(['sessions', '--json', ...args]);
    assert.deepEqual([ran.status, ran.stderr], [0, '']);
    return ran.stdout
      .trim()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { id: string; state: string; requests: number; denied: number });
  };

  test('`log --follow --json` tells each decision as it is made', async () => {
    const follower = workspace.background(['log', '--follow', '--json', '-n', '0']);
    const seen = (text: string) => follower.stdout().includes(text);
    // Asked again until it is heard, as the first may come before the follower does.
    for (let at = 0; !seen('is anybody there'); at++) {
      await client.query(`SELECT id FROM products WHERE id = ${at} /* is anybody there */`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await client.query("INSERT INTO orders (customer_id, note) VALUES (1, 'followed')");
    await assert.rejects(client.query('DROP TABLE orders'), { code: '42501' });
    await follower.until((text) => text.includes('DROP TABLE orders'));
    const events = follower
      .stdout()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const placed = events.find((event) => event.text.includes('followed'));
    assert.equal(placed.standing, 'allow');
    assert.deepEqual(placed.rules, ['shop/place-orders']);
    assert.equal(placed.agent, 'tester');
    assert.equal(placed.outcome, 'completed');
    assert.match(placed.place, /shop\.policy\.yaml:\d+$/);
    const dropped = events.find((event) => event.text.includes('DROP'));
    assert.equal(dropped.standing, 'deny');
  });

  const looksBack = async () => {
    const [first] = (await sessions()).slice(-1);
    assert.ok(first !== undefined);
    assert.equal(first.denied, 1);
    const log = await workspace.command(['log', '-n', '1', '--effect', 'deny', '--json']);
    assert.equal(JSON.parse(log.stdout).text, 'DROP TABLE orders');
    const replay = await workspace.command(['replay', first.id.slice(0, 6), '--json']);
    assert.equal(replay.status, 0, replay.stderr);
    const steps = replay.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.equal(steps[0].kind, 'opened');
    assert.equal(steps.filter((step) => step.kind === 'request' && step.decided.effect === 'deny').length, 1);
    const shown = await workspace.command(['replay', first.id]);
    assert.match(shown.stdout, /allow by shop\/place-orders/);
    const verified = await workspace.command(['verify', '--json']);
    assert.equal(verified.status, 0, verified.stdout);
    assert.equal(JSON.parse(verified.stdout).ok, true);
    const unknown = await workspace.command(['replay', 'zzzz']);
    assert.equal(unknown.status, 2);
    assert.doesNotMatch(unknown.stderr, / {4}at /);
    return first;
  };

  test('with a running daemon', async () => {
    assert.equal((await looksBack()).state, 'open');
    assert.equal((await sessions('--open')).length, 1);
  });

  test('after it was killed: no session looks open, and following says that there is no daemon', async () => {
    const follower = workspace.background(['log', '--follow']);
    await follower.until((text) => text.includes('DROP TABLE'));
    await daemon.end('SIGKILL');
    await follower.ended;
    assert.match(follower.stderr(), /The daemon has ended/);
    const alone = await workspace.command(['log', '--follow']);
    assert.equal(alone.status, 2);
    assert.match(alone.stderr, /No daemon runs/);
    await looksBack();
    daemon = await workspace.start();
    assert.notEqual((await looksBack()).state, 'open');
    assert.deepEqual(await sessions('--open'), []);
  });

  test('after it ended, with the sessions closed', async () => {
    client = await connect();
    await client.query('SELECT 1 FROM products');
    await daemon.end();
    await looksBack();
    const [last] = await sessions();
    assert.equal(last?.state, 'closed');
    assert.deepEqual(await sessions('--open'), []);
    const status = await workspace.command(['status']);
    assert.equal(status.status, 2);
    assert.match(status.stderr, /No daemon runs/);
  });
});
