import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { compilePolicies } from '../evaluate/decide.ts';
import { loadPolicySet } from '../model/policy-set.ts';
import type { PolicySet } from '../model/policy.ts';
import { loadWorkspace } from '../model/load-workspace.ts';
import { loadReaders } from '../vocabulary/readers.ts';
import { CoverageCount, coverageTotals } from './coverage.ts';
import { loadTests } from './load-tests.ts';
import { runTest, type TestResult } from './run-tests.ts';

const workspace = `gatehouse: v1
kind: Workspace
resources:
  - { name: shop-db, protocol: postgres, labels: { env: prod }, host: localhost, database: shop, user: rw }
`;
const policy = `gatehouse: v1
kind: Policy
name: shop
applies: { to: [shop-db] }
rules:
  - name: read
    effect: allow
    sql: { actions: [select], tables: [public.orders, public.customers] }
  - name: no-drops
    effect: deny
    sql: { actions: [drop] }
    message: Schema changes go through a migration.
  - name: night
    effect: deny
    when: now.getHours("UTC") >= 22 && principal.agent != "night-shift"
  - name: big
    effect: approve
    sql: { actions: [select], tables: [public.orders] }
    when: request.sql.estimatedRows > 100
  - name: never-asked
    effect: deny
    sql: { actions: [grant] }
masks:
  - { columns: [public.customers.email], with: tokenize, unless: { groups: [privacy] } }
limits: { rows: 1000, bytes: 5MB }
`;

let set: PolicySet;
before(async () => {
  await loadReaders();
  set = loadPolicySet(new Map([['policies/shop.policy.yaml', policy]])).set ?? assert.fail();
});

function results(cases: string, count?: CoverageCount, given = workspace): readonly TestResult[] {
  const { tests, diagnostics } = loadTests('t.test.yaml', `gatehouse: v1\nkind: Test\ncases:\n${cases}`);
  assert.deepEqual(diagnostics, []);
  const resources = loadWorkspace('gatehouse.yaml', given).workspace?.resources ?? [];
  const tested = { policies: compilePolicies(set), resources };
  return (tests?.cases ?? []).map((each) => runTest(each, tested, count));
}

function only(keys: string): TestResult {
  return results(`  - { name: a, ${keys} }\n`)[0] ?? assert.fail();
}

const passing: Readonly<Record<string, string>> = {
  'a decision': 'request: select * from customers, expect: { decision: allow }',
  'the rules that decide': 'request: drop table orders, expect: { decision: deny, rules: [shop/no-drops] }',
  'a denial by default': 'request: select * from wages, expect: { decision: deny, rules: [] }',
  'the message': 'request: drop table orders, expect: { decision: deny, message: through a migration }',
  'a mask': 'request: select 1, expect: { decision: deny, masks: { public.customers.email: tokenize } }',
  'no mask for who is let off':
    'request: select 1, principal: { groups: [privacy] }, expect: { decision: deny, masks: { public.customers.email: none } }',
  'a limit': 'request: select * from customers, expect: { decision: allow, limits: { bytes: 5MB } }',
  'a fixed clock':
    'request: select * from customers, now: 2026-05-04T23:00:00Z, expect: { decision: deny, rules: [shop/night] }',
  'a principal':
    'request: select * from customers, principal: { agent: night-shift }, now: 2026-05-04T23:00:00Z, expect: { decision: allow }',
  'what the planner says':
    'request: select * from orders, facts: { estimatedRows: 101 }, expect: { decision: approve, rules: [shop/big] }',
  'few rows': 'request: select * from orders, facts: { estimatedRows: 1 }, expect: { decision: allow }',
  'the path of names':
    'request: select * from customers, session: { searchPath: [hr] }, expect: { decision: deny }',
  'a text that cannot be read': 'request: selec 1, expect: { decision: deny, rules: [] }',
  'a request without actions, which a rule for all denies':
    'request: "-- nothing", now: 2026-05-04T23:00:00Z, expect: { decision: deny, rules: [shop/night] }',
};

for (const [what, keys] of Object.entries(passing)) {
  test(`a test passes on ${what}`, () => {
    const result = only(keys);
    assert.equal(result.outcome, 'passed', JSON.stringify(result, null, 1));
  });
}

test('a test that fails says what differs, where, and what decided', () => {
  const result = only('request: drop table orders, expect: { decision: allow, rules: [shop/read] }');
  assert.ok(result.outcome === 'failed');
  assert.deepEqual(
    result.differences.map(({ what, expected, actual }) => ({ what, expected, actual })),
    [
      { what: 'decision', expected: 'allow', actual: 'deny' },
      { what: 'rules', expected: 'shop/read', actual: 'shop/no-drops' },
    ],
  );
  const words = result.explanation.join('\n');
  assert.match(words, /deny shop\/no-drops \(policies\/shop.policy.yaml:9\): matches/);
  assert.match(words, /allow shop\/read .*does not match; actions: drop is none of select/);
  assert.ok(!words.includes('never-asked'), 'rules that have nothing to do with it stay away');
});

test('what depends on the plan is no answer until the test says what the planner says', () => {
  const result = only('request: select * from orders, expect: { decision: approve }');
  assert.ok(result.outcome === 'failed');
  assert.deepEqual(
    result.differences.map(({ what }) => what),
    ['plan'],
  );
  assert.match(result.differences[0]?.actual ?? '', /facts: \{ estimatedRows/);
});

test('a test of a resource that is not there could not run', () => {
  const result = only('request: select 1, resource: shop, expect: { decision: deny }');
  assert.ok(result.outcome === 'broken');
  assert.match(result.message, /No resource is named "shop"/);
});

test('coverage counts what decided, what only matched, and both answers of conditions with their parts', () => {
  const count = new CoverageCount();
  results(
    `  - { name: a, request: select * from customers, expect: { decision: allow } }
  - { name: b, request: select * from customers, now: 2026-05-04T23:00:00Z, expect: { decision: deny } }
  - { name: c, request: drop table orders, expect: { decision: deny } }
`,
    count,
  );
  const rules = count.of(set);
  const counted = rules.map(({ rule, deciding, contributing }) => [rule, deciding, contributing]);
  assert.deepEqual(counted, [
    ['read', 1, 1],
    ['no-drops', 1, 0],
    ['night', 1, 0],
    ['big', 0, 0],
    ['never-asked', 0, 0],
  ]);
  assert.deepEqual(
    rules[2]?.condition.map((each) => [each.text, each.true, each.false]),
    [
      ['now.getHours("UTC") >= 22 && principal.agent != "night-shift"', 1, 2],
      ['now.getHours("UTC") >= 22', 1, 2],
      ['principal.agent != "night-shift"', 1, 0],
    ],
  );
  assert.equal(rules[0]?.location.line, 6);
  assert.deepEqual(coverageTotals(rules), {
    rules: { covered: 3, total: 5 },
    answers: { covered: 5, total: 8 },
  });
});
