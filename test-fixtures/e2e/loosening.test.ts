/** Every way by which an agent of the same user could have its policy loosened: none takes effect before a person accepts. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { PolicyStatus } from '@gatehouse/daemon/control/messages.ts';
import { type RunningPostgres, startPostgres } from '../servers/postgres.ts';
import { createShop } from '../servers/shop.ts';
import { DaemonWorkspace } from './daemon-process.ts';

const own = (tables: string) => `gatehouse: v1
kind: Policy
name: shop
applies: { to: [shop-db] }
rules:
  - { name: read, effect: allow, sql: { actions: [select, delete], tables: [${tables}] } }
`;
const base = (effect: 'deny' | 'allow', more = '') => `gatehouse: v1
kind: Policy
name: acme
applies: { to: ["*"] }
rules:
  - { name: no-deletes, effect: ${effect}, sql: { actions: [delete] } }
${more}`;
const noProducts =
  '  - { name: no-products, effect: deny, sql: { actions: [select], tables: [public.products] } }\n';

describe('a policy that its agent would loosen', () => {
  let server: RunningPostgres;
  let workspace: DaemonWorkspace;
  let agent: pg.Client;
  before(async () => {
    server = await startPostgres({ database: 'shop' });
    await createShop(server);
  });
  after(() => server?.stop());

  const baseFolder = () => path.join(workspace.root, 'base');
  const settings = (rev: string, git = `file://${baseFolder()}`, more = '') =>
    workspace.settings({
      port: server.port,
      extends: `[{ name: acme, git: "${git}", rev: ${rev} }]`,
      ...(more && { resources: more }),
    });
  const git = (folder: string, ...args: readonly string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=A', '-c', 'user.email=a@b', ...args], {
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
  const commit = (folder: string) => {
    git(folder, 'add', '-A');
    git(folder, 'commit', '--quiet', '--allow-empty', '-m', 'a change');
    return git(folder, 'rev-parse', 'HEAD');
  };
  const publish = (text: string, tag: string) => {
    writeFileSync(path.join(baseFolder(), '.gatehouse/policies/acme.policy.yaml'), text);
    commit(baseFolder());
    git(baseFolder(), 'tag', '--force', tag);
  };
  const lock = async (...args: readonly string[]) => {
    const ran = await workspace.command(['lock', ...args]);
    assert.equal(ran.status, 0, ran.stderr);
  };
  const status = async (satisfied: (policy: PolicyStatus) => boolean): Promise<PolicyStatus> => {
    const control = await workspace.control();
    try {
      while (true) {
        const { policy } = await control.status();
        if (satisfied(policy)) return policy;
        await sleep(50);
      }
    } finally {
      control.close();
    }
  };
  const pending = async () =>
    (await status((policy) => policy.pending !== undefined)).pending?.loosens.join('\n') ?? '';
  const refuses = (text: string) => assert.rejects(agent.query(text), { code: '42501' }, text);
  /** Both of the workspace's own policy and of the one that it extends. */
  const stillHolds = async () => {
    await refuses('DELETE FROM orders WHERE id = 0');
    await refuses('SELECT * FROM customers');
    assert.equal((await agent.query('SELECT id FROM orders LIMIT 1')).rowCount, 1);
  };

  beforeEach(async () => {
    workspace = new DaemonWorkspace({ port: server.port, policy: own('public.orders, public.products') });
    mkdirSync(path.join(baseFolder(), '.gatehouse/policies'), { recursive: true });
    git(baseFolder(), 'init', '--quiet', '-b', 'main', '.');
    publish(base('deny'), 'v1');
    settings('v1');
    await lock();
    git(workspace.folder, 'init', '--quiet', '-b', 'main', '.');
    commit(workspace.folder);
    await workspace.start();
    agent = new pg.Client(await workspace.login());
    agent.on('error', () => {});
    await agent.connect();
    await stillHolds();
  });
  afterEach(async () => {
    await agent?.end().catch(() => {});
    await workspace?.discard();
  });

  test('by a file: it waits, and holds once a person accepts', async () => {
    workspace.policy(own('public.orders, public.products, public.customers'));
    assert.match(await pending(), /customers/);
    await stillHolds();
    const { pending: change } = await status(() => true);
    assert.equal((await workspace.command(['accept', '--yes', change?.digest ?? ''])).status, 0);
    assert.ok((await agent.query('SELECT id FROM customers')).rowCount);
    await refuses('DELETE FROM orders WHERE id = 0');
  });

  test('by Git: a branch that is checked out, merged, or gone back to', async () => {
    git(workspace.folder, 'switch', '--quiet', '-c', 'wide');
    workspace.policy(own('"*"'));
    commit(workspace.folder);
    assert.match(await pending(), /shop/);
    await stillHolds();
    git(workspace.folder, 'switch', '--quiet', 'main');
    await status((policy) => policy.pending === undefined);
    git(workspace.folder, 'merge', '--quiet', 'wide');
    await pending();
    await stillHolds();
    git(workspace.folder, 'reset', '--quiet', '--hard', 'HEAD~1');
    await status((policy) => policy.pending === undefined);
    // A tightening holds at once; that a commit held before does not bring it back.
    workspace.policy(own('public.orders'));
    const tight = await status((policy) => policy.accepted.digest !== '' && policy.pending === undefined);
    await assert.doesNotReject(async () => {
      while (true) {
        const refused = await agent.query('SELECT id FROM products').then(
          () => false,
          () => true,
        );
        if (refused) return;
        await sleep(50);
      }
    }, String(tight));
    git(workspace.folder, 'checkout', '--quiet', '--', '.');
    assert.match(await pending(), /products/);
    await refuses('SELECT id FROM products');
  });

  test('by what it extends: another revision, another repository, or none', async () => {
    publish(base('allow'), 'v2');
    settings('v2');
    // Not locked: the files are broken, and change nothing.
    assert.match((await status(({ broken }) => broken !== undefined)).broken?.join() ?? '', /gatehouse lock/);
    await stillHolds();
    await lock();
    assert.match(await pending(), /acme/);
    await stillHolds();
    workspace.settings({ port: server.port });
    assert.match(await pending(), /acme/);
    await stillHolds();
    const mine = path.join(workspace.root, 'mine');
    mkdirSync(path.join(mine, '.gatehouse/policies'), { recursive: true });
    writeFileSync(path.join(mine, '.gatehouse/policies/acme.policy.yaml'), base('allow'));
    git(mine, 'init', '--quiet', '-b', 'main', '.');
    commit(mine);
    settings('main', `file://${mine}`);
    await lock();
    assert.match(await pending(), /acme/);
    await stillHolds();
  });

  test('by the tag of what it extends, by the lock file, or by the copy on this machine', async () => {
    const lockFile = path.join(workspace.folder, '.gatehouse/extends.lock.json');
    const locked = readFileSync(lockFile, 'utf8');
    publish(base('allow'), 'v1');
    const moved = await workspace.command(['lock']);
    assert.equal(moved.status, 2);
    assert.match(moved.stderr, /was moved/);
    await stillHolds();
    await lock('--update');
    assert.match(await pending(), /acme/);
    await stillHolds();
    writeFileSync(lockFile, locked);
    await status((policy) => policy.pending === undefined && policy.broken === undefined);
    writeFileSync(lockFile, locked.replace(/sha256:....../, 'sha256:000000'));
    await status(({ broken }) => broken !== undefined);
    await stillHolds();
    writeFileSync(lockFile, locked);
    await status(({ broken }) => broken === undefined);
    for (const copy of globSync(path.join(workspace.stateRoot, 'extends/*.json')))
      writeFileSync(copy, readFileSync(copy, 'utf8').replace('effect: deny', 'effect: allow'));
    // Looked at again with the next change of a file.
    workspace.policy(`${own('public.orders, public.products')}# A word.\n`);
    assert.match(
      (await status(({ broken }) => broken !== undefined)).broken?.join() ?? '',
      /somebody changed it/,
    );
    await stillHolds();
  });

  test('while what it extends tightens, which holds at once', async () => {
    publish(base('deny', noProducts), 'v2');
    settings('v2');
    await lock();
    while (
      await agent.query('SELECT id FROM products').then(
        () => true,
        () => false,
      )
    )
      await sleep(50);
    await stillHolds();
    assert.equal((await status(() => true)).pending, undefined);
    const [refused] = await Promise.allSettled([agent.query('SELECT id FROM products')]);
    assert.ok(refused.status === 'rejected');
    assert.match(
      String(refused.reason.detail ?? refused.reason.message),
      /acme@v2:acme\.policy\.yaml:7|no-products/,
    );
  });

  test('not by a daemon that starts anew without what it extends: what was accepted holds', async () => {
    rmSync(path.join(workspace.stateRoot, 'extends'), { recursive: true });
    await workspace.command(['down']);
    await workspace.start();
    agent = new pg.Client(await workspace.login());
    agent.on('error', () => {});
    await agent.connect();
    await stillHolds();
    assert.match(
      (await status(({ broken }) => broken !== undefined)).broken?.join() ?? '',
      /not on this machine/,
    );
  });
});
