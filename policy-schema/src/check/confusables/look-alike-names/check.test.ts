import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finds, policyOf, ruleOf, sampleWorkspace, silent } from '../../check.fixture.ts';

const code = 'look-alike-names';

test('a table that only looks like another is found, with the other one', () => {
  const [found] = finds(
    code,
    ruleOf('name: x\neffect: deny\nsql: { tables: [public.orders, «public.\u043erders»] }'),
    [/table looks like `public\.orders`/],
  );
  assert.equal(found?.related?.length, 1);
});

test('digits and letters that look the same are found across files', () => {
  const rules = (group: string) => `rules:\n  - { name: x, effect: approve, approval: { by: [${group}] } }\n`;
  finds(
    code,
    {
      'policies/a.policy.yaml': policyOf(rules('"group:dba1"')),
      'policies/b.policy.yaml': policyOf(rules('«"group:dbal"»'), { name: 'b' }),
    },
    [/group looks like `dba1`/],
  );
});

test('a resource that looks like a declared one is found', () => {
  const text = sampleWorkspace.replace('dev-db', 'db-01');
  finds(
    code,
    { 'gatehouse.yaml': text, 'policies/a.policy.yaml': policyOf('rules: []\n', { to: '[«db-O1»]' }) },
    [/resource looks like `db-01`/],
  );
});

test('names that differ are no matter, nor is one name in many places', () => {
  silent(
    code,
    ruleOf('name: x\neffect: deny\nsql: { tables: [public.orders, public.order, Public.orders] }'),
  );
  silent(code, {
    'policies/a.policy.yaml': policyOf(
      'rules:\n  - { name: x, effect: deny, sql: { tables: [public.a1] } }\n',
    ),
    'policies/b.policy.yaml': policyOf(
      'rules:\n  - { name: x, effect: deny, sql: { tables: [public.a1] } }\n',
      {
        name: 'b',
      },
    ),
  });
});

test('names of different kinds and patterns are no matter', () => {
  silent(code, ruleOf('name: x\neffect: deny\nsql: { tables: [public.t1, "public.tl*"] }'));
  silent(code, policyOf('rules: []\n', { to: '[shop-db]', name: 'shop-db' }));
});
