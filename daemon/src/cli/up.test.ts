import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { version } from '../core/version.ts';
import { type SampleFolder, sampleFolder, samplePolicy } from '../workspace/samples.ts';
import { gatehouse, type Running, start } from './test-command.ts';

/** `gatehouse up` as it is run, with the real protocols; the database behind it is not there. */

let sample: SampleFolder;
let running: Running[];
beforeEach(() => {
  sample = sampleFolder();
  running = [];
});
afterEach(async () => {
  for (const each of running) {
    each.child.kill('SIGKILL');
    await each.ended;
  }
  sample.discard();
});

async function up(args: readonly string[] = [], input?: string): Promise<Running> {
  const each = start(sample, ['up', ...args], input === undefined ? {} : { input });
  running.push(each);
  await each.until((text) => text.includes(args.includes('--json') ? '"ready"' : 'Ready.'));
  return each;
}

describe('gatehouse up', () => {
  it('says where it listens, serves, and ends cleanly on Ctrl-C', async () => {
    const daemon = await up();
    assert.match(daemon.stdout(), /shop-db +127\.0\.0\.1:\d+ → shop_owner@127\.0\.0\.1:5432\/shop/);
    assert.match(daemon.stdout(), /1 policy, 2 rules/);
    assert.match(daemon.stdout(), /gatehouse exec shop-db -- psql/);
    const port = Number(/127\.0\.0\.1:(\d+) →/.exec(daemon.stdout())?.[1]);
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.destroy();
    assert.equal((await gatehouse(sample, ['status'])).code, 0);
    daemon.child.kill('SIGINT');
    assert.equal((await daemon.ended).code, 0);
    assert.ok(!existsSync(sample.state.daemon));
    assert.equal((await gatehouse(sample, ['status'])).code, 2);
    assert.equal((await gatehouse(sample, ['verify'])).code, 0);
  });

  it('a second one holds the workspace at the daemon that runs, and leaves it as it goes', async () => {
    const first = await up();
    const second = await up(['--json']);
    const [ready] = second.stdout().trim().split('\n');
    assert.equal(JSON.parse(ready ?? '').status.pid, first.child.pid);
    const listed = await gatehouse(sample, ['daemon', 'status', '--json']);
    const clients = JSON.parse(listed.stdout).workspaces.flatMap(
      (each: { clients: string[] }) => each.clients,
    );
    assert.deepEqual(clients, ['gatehouse up', `gatehouse (${version})`]);
    second.child.kill('SIGTERM');
    assert.equal((await second.ended).code, 0);
    assert.equal((await gatehouse(sample, ['status'])).code, 0);
  });

  it('starts again after it was killed', async () => {
    const first = await up();
    first.child.kill('SIGKILL');
    await first.ended;
    const gone = await gatehouse(sample, ['status']);
    assert.equal(gone.code, 2);
    assert.match(gone.stderr, /No daemon runs/);
    await up();
    assert.equal((await gatehouse(sample, ['status'])).code, 0);
  });

  it('does not start on broken files that were never accepted, and says where they break', async () => {
    sample.write(
      '.gatehouse/policies/shop.policy.yaml',
      samplePolicy.replace('effect: deny', 'effect: dney'),
    );
    const refused = await gatehouse(sample, ['up']);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /shop\.policy\.yaml:10:13 /);
    assert.match(refused.stderr, /gatehouse check/);
  });

  it('takes secrets and the control secret from standard input, and tells programs when it is ready', async () => {
    const secret = 'stdin-control-secret-that-is-long-enough';
    const daemon = await up(
      ['--secrets-stdin', '--json'],
      JSON.stringify({ shop: 'canary', 'gatehouse.control': secret }),
    );
    const events = daemon.stdout().trim().split('\n');
    const ready = events.map((line) => JSON.parse(line)).find((event) => event.event === 'ready');
    assert.equal(ready.status.resources[0].name, 'shop-db');
    assert.ok(!existsSync(sample.state.controlSecret));
    const other = await gatehouse(sample, ['approvals']);
    assert.equal(other.code, 2);
    assert.match(other.stderr, /keeps its control secret/);
    // Who only starts agents needs less.
    assert.equal((await gatehouse(sample, ['status'])).code, 0);
    const third = await gatehouse(sample, ['up']);
    assert.equal(third.code, 2);
    assert.match(third.stderr, /keeps its secret/);
    daemon.child.kill('SIGTERM');
    const { code, stdout, stderr } = await daemon.ended;
    assert.equal(code, 0);
    assert.doesNotMatch(stdout + stderr, /canary|stdin-control-secret/);
  });

  it('refuses what is no JSON object without quoting it', async () => {
    const refused = await gatehouse(sample, ['up', '--secrets-stdin'], { input: '{"shop": "canary' });
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /one JSON object of strings/);
    assert.doesNotMatch(refused.stderr, /canary/);
  });
});
