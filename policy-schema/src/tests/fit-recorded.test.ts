import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { checkWorkspace } from '../check/check-workspace.ts';
import { compilePolicies } from '../evaluate/decide.ts';
import { loadReaders } from '../vocabulary/readers.ts';
import { loadTests } from './load-tests.ts';
import { recordedFitter } from './fit-recorded.ts';
import type { RecordedDecision } from './recorded-decision.ts';
import type { Tested } from './run-tests.ts';
import { writeTest, writeTests } from './write-test.ts';

const workspace = `gatehouse: v1
kind: Workspace
resources:
  - { name: shop-db, protocol: postgres, host: 127.0.0.1, database: shop, user: o, password: { env: P } }
`;
const policy = `gatehouse: v1
kind: Policy
name: shop
applies: { to: [shop-db] }
rules:
  - name: sales
    effect: allow
    sql: { actions: [select], tables: [sales.orders] }
  - name: in-transactions
    effect: allow
    sql: { actions: [delete], tables: [public.orders] }
    when: request.sql.inTransaction && request.sql.application == "psql"
`;
const recorded: RecordedDecision = {
  request: 'select * from orders',
  resource: 'shop-db',
  principal: { agent: 'codex', person: 'ada', groups: [], task: '', workspace: 'shop' },
  at: '2026-05-04T10:00:00.000Z',
  session: { application: 'psql' },
  decision: 'allow',
  rules: ['shop/sales'],
};

let tested: Tested;
before(async () => {
  await loadReaders();
  const checked = checkWorkspace({
    workspace: { file: '.gatehouse/gatehouse.yaml', text: workspace },
    policies: new Map([['.gatehouse/policies/shop.policy.yaml', policy]]),
    checks: [],
  });
  assert.ok(checked.set && checked.workspace, JSON.stringify(checked.diagnostics));
  tested = { policies: compilePolicies(checked.set), resources: checked.workspace.resources };
});

function fitted(more: Partial<RecordedDecision>, schemas: readonly string[] = [], digest?: string) {
  const about = { schemas, policyDigest: digest ?? tested.policies.digest };
  return recordedFitter(tested)({ ...recorded, ...more }, about);
}

test('names that were resolved elsewhere than in public get that search path', () => {
  const found = fitted({}, ['sales']);
  assert.ok(found.kind === 'passes');
  assert.deepEqual(found.recorded.session, { application: 'psql', searchPath: ['sales'] });
  // No rule reads the workspace.
  assert.equal('workspace' in found.recorded.principal, false);
});

test('a transaction that the answer hangs on was open', () => {
  const found = fitted({ request: 'delete from orders', rules: ['shop/in-transactions'] }, ['public']);
  assert.ok(found.kind === 'passes');
  assert.deepEqual(found.recorded.session, { application: 'psql', inTransaction: true });
});

test('what something else than the rules decided is left out, and what other policies decided is kept', () => {
  const denied = { decision: 'deny', rules: [] } as const;
  const byRate = fitted(denied, ['sales']);
  assert.equal(byRate.kind, 'passes', 'nothing allows it in public');
  const gone = fitted({ request: 'select * from sales.orders', ...denied }, ['sales']);
  assert.ok(gone.kind === 'left out');
  assert.match(gone.why, /its decision would be allow, and deny is recorded: a rate, a budget/);
  const then = fitted({ request: 'select * from sales.orders', ...denied }, ['sales'], 'another');
  assert.equal(then.kind, 'otherwise');
  const unknown = fitted({ resource: 'gone-db' });
  assert.ok(unknown.kind === 'left out');
  assert.match(unknown.why, /gone-db/);
});

test('rules that are gone are not expected, as they would be errors of the file', () => {
  const found = fitted({ request: 'select * from sales.orders', rules: ['shop/old-name'] });
  assert.ok(found.kind === 'passes');
  assert.equal('rules' in found.recorded, false);
});

test('many are written at once as they are one by one, up to what a file may hold', () => {
  const all = ['select 1', 'select\n  2', 'select 1', 'select \u202e3'].map((request) => ({
    ...recorded,
    request,
  }));
  const [first] = all;
  assert.ok(first);
  const one = writeTest(undefined, 'a.test.yaml', first);
  assert.ok(one.ok);
  assert.equal(writeTests('a.test.yaml', [first], 10_000)?.text, one.edit.text);
  const many = writeTests('a.test.yaml', all, 10_000);
  assert.equal(many?.written, 4);
  assert.deepEqual(
    loadTests('a.test.yaml', many?.text ?? '').tests?.cases.map(({ name, text }) => [name, text]),
    [
      ['select 1 is allowed for codex', 'select 1'],
      ['select 2 is allowed for codex', 'select\n  2'],
      ['select 1 is allowed for codex (2)', 'select 1'],
      ['select 3 is allowed for codex', 'select \u202e3'],
    ],
  );
  assert.equal(writeTests('a.test.yaml', all, one.edit.text.length)?.written, 1);
});
