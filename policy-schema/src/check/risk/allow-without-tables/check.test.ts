import { test } from 'node:test';
import { finds, mends, policyOf, ruleOf, silent } from '../../check.fixture.ts';

const code = 'allow-without-tables';

test('select of every table is found at the action', () => {
  finds(code, ruleOf('name: x\neffect: allow\nsql: { actions: [begin, «select»] }'), [/`select` on every/]);
});

test('writes of every table are found once, with all their names', () => {
  finds(code, ruleOf('name: x\neffect: allow\nsql:\n  actions:\n    - «insert»\n    - delete'), [
    /`insert`, `delete` on every table/,
  ]);
});

test('a rule with tables, or with columns, says what it means', () => {
  silent(code, ruleOf('name: x\neffect: allow\nsql: { actions: [select], tables: [public.orders] }'));
  silent(code, ruleOf('name: x\neffect: allow\nsql: { actions: [select], columns: [id] }'));
});

test('actions without tables, conditions, other effects and databases for developing are no matter', () => {
  silent(code, ruleOf('name: x\neffect: allow\nsql: { actions: [begin, commit, values, show] }'));
  silent(code, ruleOf('name: x\neffect: allow\nsql: { actions: [select] }\nwhen: request.sql.hasLimit'));
  silent(code, ruleOf('name: x\neffect: approve\nsql: { actions: [delete] }'));
  silent(code, ruleOf('name: x\neffect: deny\nsql: { actions: [delete] }'));
  const rules = 'rules:\n  - { name: x, effect: allow, sql: { actions: [select] } }\n';
  silent(code, policyOf(rules, { to: '[dev-db]' }));
});

test('a rule that only reads can be restricted to a schema', () => {
  mends(
    code,
    ruleOf('name: x\neffect: allow\nsql: { actions: [select] }'),
    ruleOf('name: x\neffect: allow\nsql: { actions: [select], tables: ["public.*"] }'),
    { safety: 'unsafe' },
  );
});
