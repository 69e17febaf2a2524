/** What an agent did behind a real gate becomes tests, and shows what tests do not prove. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
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
  - name: read
    effect: allow
    sql: { actions: [select], tables: [public.orders, public.customers] }
  - name: no-blind-deletes
    effect: deny
    when: request.sql.actions.exists(a, a == "delete") && !request.sql.hasWhere
    message: Say which rows.
  - name: deletes
    effect: allow
    sql: { actions: [delete], tables: [public.orders] }
  - name: never-asked
    effect: deny
    sql: { actions: [truncate] }
masks:
  - { columns: [public.customers.email], with: redact }
`;

describe('tests made of what was recorded', () => {
  let server: RunningPostgres;
  let workspace: DaemonWorkspace;
  let session = '';
  let email = '';
  before(async () => {
    server = await startPostgres({ database: 'shop' });
    await createShop(server);
    email = String((await server.sql('SELECT email FROM customers WHERE id = 1'))[0]?.email);
    workspace = new DaemonWorkspace({ port: server.port, policy });
    await workspace.start();
    const client = new pg.Client(await workspace.login());
    await client.connect();
    const shown = await client.query('SELECT id, email FROM customers WHERE id = $1', [1]);
    assert.notEqual(shown.rows[0].email, email);
    for (const text of [
      'SELECT count(*) FROM orders',
      'SELECT count(*) FROM orders',
      'DELETE FROM orders',
      'DROP TABLE orders',
      "DELETE FROM orders WHERE note = 'x: #y'",
    ])
      await client.query(text).catch(() => {});
    await client.end();
    const opened = workspace.lines().find(({ kind }) => kind === 'session.opened');
    session = opened?.kind === 'session.opened' ? opened.session : '';
  });
  after(async () => {
    await workspace?.discard();
    await server?.stop();
  });

  test('a session is written as tests that pass at once, each request once, and nothing unmasked', async () => {
    const captured = await workspace.command(['test', '--capture', session.slice(0, 8)]);
    assert.equal(captured.status, 0, captured.stderr);
    const file = `.gatehouse/tests/session-${session.slice(0, 8)}.test.yaml`;
    assert.ok(captured.stdout.includes(`5 tests written to ${file}`), captured.stdout);
    const text = readFileSync(path.join(workspace.folder, file), 'utf8');
    assert.ok(!text.includes(email));
    assert.equal(text.match(/SELECT count/g)?.length, 2, text);
    assert.match(text, /masks: \{ public\.customers\.email: redact \}/);
    assert.match(text, /parameters: \["1"\]/);
    const ran = await workspace.command(['test']);
    assert.equal(ran.status, 0, ran.stdout);
    assert.match(ran.stdout, /5 tests: 5 passed/);
    const again = await workspace.command(['test', '--capture', session]);
    assert.equal(again.status, 2);
    assert.match(again.stderr, /is there already/);
    for (const out of ['../x.test.yaml', 'x.yaml', '.gatehouse/policies/x.policy.yaml']) {
      const refused = await workspace.command(['test', '--capture', session, '--out', out]);
      assert.equal(refused.status, 2, out);
      assert.match(refused.stderr, /is not one of them/);
    }
  });

  test('a rule is proven by tests, only seen in traffic, or never seen', async () => {
    const only = path.join(workspace.folder, `.gatehouse/tests/session-${session.slice(0, 8)}.test.yaml`);
    writeFileSync(
      only,
      'gatehouse: v1\nkind: Test\ncases:\n  - { name: orders are read, request: select 1 from orders, expect: { decision: allow } }\n',
    );
    const { stdout, status } = await workspace.command(['test', '--coverage', '--traffic']);
    assert.equal(status, 0);
    assert.match(stdout, /shop\/read +proven by tests \(1\), seen 4×/);
    assert.match(stdout, /shop\/no-blind-deletes +only seen in traffic, 1×/);
    assert.match(stdout, /shop\/deletes +only seen in traffic, 1×/);
    assert.match(stdout, /shop\/never-asked +never seen/);
    assert.match(stdout, /never true in tests, true in traffic: request\.sql\.actions/);
    assert.match(stdout, /traffic: 6 recorded requests/);
    const json = JSON.parse((await workspace.command(['test', '--traffic', '--reporter', 'json'])).stdout);
    assert.deepEqual(
      json.coverage.traffic.rules.map(({ rule, deciding }: { rule: string; deciding: number }) => [
        rule,
        deciding,
      ]),
      [
        ['read', 4],
        ['no-blind-deletes', 1],
        ['deletes', 1],
        ['never-asked', 0],
      ],
    );
  });

  test('too little coverage fails, and is written for other programs', async () => {
    const low = await workspace.command(['test', '--threshold', '90', '--lcov', 'lcov.info']);
    assert.equal(low.status, 1);
    assert.match(low.stderr, /too little: 1 of 4 rules decided a test, and 90 % is asked for/);
    assert.equal((await workspace.command(['test', '--threshold', '10'])).status, 0);
    const lines = readFileSync(path.join(workspace.folder, 'lcov.info'), 'utf8').split('\n');
    assert.ok(lines.includes('SF:.gatehouse/policies/shop.policy.yaml'));
    assert.ok(
      lines.includes('FN:6,shop/read') && lines.includes('FNDA:1,shop/read') && lines.includes('DA:6,1'),
    );
    assert.ok(lines.includes('FNF:4') && lines.includes('FNH:1') && lines.includes('BRDA:11,0,0,0'));
  });

  test('tests run again as files change, and broken files are waited out', async () => {
    const running = workspace.background(['test', '--watch']);
    await running.until((said) => said.includes('1 test: 1 passed'));
    workspace.policy(policy.replace('effect: allow', 'effct: allow'));
    while (!running.stderr().includes('Unknown key')) await new Promise((resolve) => setTimeout(resolve, 50));
    workspace.policy(policy.replace('public.orders, public.customers', 'public.customers'));
    await running.until((said) => said.includes('1 failed'));
    running.child.kill('SIGINT');
    assert.equal((await running.ended).code, 1);
  });
});
