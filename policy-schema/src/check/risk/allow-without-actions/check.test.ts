import { test } from 'node:test';
import { finds, mends, policyOf, ruleOf, silent } from '../../check.fixture.ts';

const code = 'allow-without-actions';

test('tables without actions are found', () => {
  finds(code, ruleOf('name: x\neffect: allow\nsql: { «tables»: [public.orders] }'), [/drop, truncate/]);
});

test('a star among the actions is found', () => {
  finds(code, ruleOf('name: x\neffect: allow\nsql: { actions: [«"*"»], tables: [public.orders] }'), [
    /every action/,
  ]);
});

test('actions, columns or a condition say what is meant', () => {
  silent(code, ruleOf('name: x\neffect: allow\nsql: { actions: [select], tables: [public.orders] }'));
  silent(code, ruleOf('name: x\neffect: allow\nsql: { tables: [public.orders], columns: [id] }'));
  silent(
    code,
    ruleOf('name: x\neffect: allow\nsql: { tables: [public.orders] }\nwhen: request.sql.hasLimit'),
  );
});

test('a denial of everything on a table is a good rule', () => {
  silent(code, ruleOf('name: x\neffect: deny\nsql: { tables: [public.secrets] }'));
});

test('tables of a database for developing may be used freely', () => {
  const rules = 'rules:\n  - { name: x, effect: allow, sql: { tables: ["public.*"] } }\n';
  silent(code, policyOf(rules, { to: '["env=dev"]' }));
});

test('select can be put in', () => {
  mends(
    code,
    ruleOf('name: x\neffect: allow\nsql:\n  tables: [public.orders]'),
    ruleOf('name: x\neffect: allow\nsql:\n  tables: [public.orders]\n  actions: [select]'),
    { title: /select/, safety: 'unsafe' },
  );
});
