import { test } from 'node:test';
import { finds, mends, policyOf, silent } from '../../check.fixture.ts';

const code = 'rule-redundant';
const rules = (...each: readonly string[]) =>
  policyOf(`rules:\n${each.map((one) => `  - { ${one} }\n`).join('')}`);
const wide = 'name: wide, effect: allow, sql: { actions: [select], tables: ["public.*"] }';

test('an allow rule inside a wider one is found, with a condition or without', () => {
  finds(
    code,
    rules(wide, 'name: «orders», effect: allow, sql: { actions: [select], tables: [public.orders] }'),
    [/`wide` allows as well/],
  );
  finds(
    code,
    rules(
      'name: «late», effect: allow, when: now.getHours() > 20, sql: { actions: [select], tables: [public.orders] }',
      wide,
    ),
    [/wide/],
  );
});

test('deny and approve rules inside wider ones are found where nobody would see the difference', () => {
  finds(
    code,
    rules(
      'name: all, effect: deny, message: No., sql: { actions: [drop, truncate] }',
      'name: «drops», effect: deny, message: No., sql: { actions: [drop] }',
    ),
    [/denies as well/],
  );
  finds(
    code,
    rules(
      'name: all, effect: approve, approval: { by: ["group:dba"], within: 5m }, sql: { actions: [update, delete] }',
      'name: «one», effect: approve, approval: { within: 10m }, sql: { actions: [delete] }',
    ),
    [/holds for approval as well/],
  );
});

test('the wider rule may stand in another policy', () => {
  finds(
    code,
    {
      'policies/z.policy.yaml': policyOf(`rules:\n  - { ${wide} }\n`, { name: 'z', to: '["*-db"]' }),
      'policies/b.policy.yaml': policyOf(
        'rules:\n  - { name: «x», effect: allow, sql: { actions: [select], tables: [public.a] } }\n',
        { name: 'b' },
      ),
    },
    [/policy `z`/],
  );
});

test('a rule with a message of its own says something', () => {
  silent(
    code,
    rules(
      'name: all, effect: deny, message: No., sql: { actions: [drop, truncate] }',
      'name: drops, effect: deny, message: Write a migration., sql: { actions: [drop] }',
    ),
  );
});

test('a rule that reaches further, or asks for more, is no repetition', () => {
  silent(code, rules(wide, 'name: x, effect: allow, sql: { actions: [select], tables: ["*.orders"] }'));
  silent(
    code,
    rules(
      'name: all, effect: approve, sql: { actions: [update, delete] }',
      'name: one, effect: approve, approval: { by: ["group:dba"] }, sql: { actions: [delete] }',
    ),
  );
  silent(
    code,
    rules(
      'name: all, effect: approve, sql: { actions: [update, delete] }',
      'name: one, effect: approve, when: request.sql.hasWhere, sql: { actions: [delete] }',
    ),
  );
});

test('of two rules that cover each other the second goes', () => {
  mends(
    code,
    rules(
      'name: a, effect: allow, sql: { actions: [select], tables: ["*"] }',
      'name: b, effect: allow, sql: { actions: [select], tables: ["*", public.a] }',
    ),
    rules('name: a, effect: allow, sql: { actions: [select], tables: ["*"] }'),
    { safety: 'safe' },
  );
});

test('nothing is held against a file that cannot be read whole', () => {
  silent(
    code,
    {
      'policies/a.policy.yaml': `${rules(wide)}lmits: {}\n`,
      'policies/b.policy.yaml': policyOf(
        'rules:\n  - { name: x, effect: allow, sql: { actions: [select], tables: [public.a] } }\n',
        { name: 'b' },
      ),
    },
    { broken: true },
  );
});
