import { test } from 'node:test';
import { finds, mends, policyOf, silent } from '../../check.fixture.ts';

const code = 'no-cost-limit';
const reading =
  'rules:\n  - { name: read, effect: allow, sql: { actions: [begin, select], tables: [public.orders] } }\n';
const marked = reading.replace('select', '«select»');

test('production that may be read without any such bound is found at the first rule that reads', () => {
  finds(code, policyOf(marked), [/busy for hours/]);
  finds(code, policyOf(`${marked}limits: { rows: 10 }\n`), [/`shop-db`/]);
});

test('a resource is found once, in the first policy that lets it be read', () => {
  const files = {
    'a.policy.yaml': policyOf(marked, { name: 'a' }),
    'b.policy.yaml': policyOf(reading, { name: 'b', to: '["*"]' }),
  };
  finds(code, files, [/`shop-db`/]);
});

test('several resources of production are told of together', () => {
  const resources = ['a-db', 'b-db', 'c-db'].map(
    (name) =>
      `  - { name: ${name}, protocol: postgres, labels: { env: prod }, host: localhost, database: shop, user: rw }\n`,
  );
  const files = {
    'gatehouse.yaml': `gatehouse: v1\nkind: Workspace\nresources:\n${resources.join('')}`,
    'a.policy.yaml': policyOf(marked, { to: '[env=prod]' }),
  };
  finds(code, files, [/`a-db` and 2 more resources/]);
});

test('a bound in any policy that applies there is enough', () => {
  silent(code, policyOf(`${reading}limits: { estimatedRows: 1000 }\n`));
  const files = {
    'a.policy.yaml': policyOf(reading, { name: 'a' }),
    'b.policy.yaml': policyOf('limits: { estimatedRows: 1000 }\n', { name: 'b', to: '[env=prod]' }),
  };
  silent(code, files);
});

test('a bound that is for another resource, or only observed, holds nothing there', () => {
  for (const [to, mode] of [
    ['[dev-db]', ''],
    ['[shop-db]', 'mode: observe\n'],
  ] as const) {
    const files = {
      'a.policy.yaml': policyOf(marked, { name: 'a' }),
      'b.policy.yaml': policyOf(`${mode}limits: { estimatedRows: 1000 }\n`, { name: 'b', to }),
    };
    finds(code, files, [/`shop-db`/]);
  }
});

test('databases for developing, rules that are held or deny, and files that cannot be read say nothing', () => {
  silent(code, policyOf(reading, { to: '[dev-db]' }));
  silent(code, policyOf(reading.replace('allow', 'approve')));
  silent(code, policyOf(reading.replace('allow', 'deny')));
  silent(code, policyOf(`mode: observe\n${reading}`));
  silent(
    code,
    { 'a.policy.yaml': policyOf(reading, { name: 'a' }), 'b.policy.yaml': 'oops: 1\n' },
    { broken: true },
  );
});

test('the fix adds the bound to the limits that are there, or makes them', () => {
  mends(code, policyOf(reading), policyOf(`${reading}limits: { duration: 60s }\n`), { safety: 'unsafe' });
  mends(
    code,
    policyOf(`${reading}limits: { rows: 10 }\n`),
    policyOf(`${reading}limits: { rows: 10, duration: 60s }\n`),
  );
});
