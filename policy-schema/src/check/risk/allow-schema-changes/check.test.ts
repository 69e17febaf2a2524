import { test } from 'node:test';
import { finds, mends, policyOf, ruleOf, silent } from '../../check.fixture.ts';

const code = 'allow-schema-changes';
const allow = (block: string) => ruleOf(`name: x\neffect: allow\nsql: { ${block} }`);

test('changes of the schema and of privileges are found once in a rule', () => {
  finds(code, allow('actions: [select, «create», drop, grant]'), [/`create`, `drop`, `grant`/]);
  finds(code, allow('actions: [«alter»], objects: [role]'), [/`alter`/]);
  finds(code, allow('actions: [«create»], tables: ["public.*"]'), [/`create`/]);
});

test('a named table or a temporary one may be created', () => {
  silent(code, allow('actions: [create, drop], tables: [public.scratch]'));
  silent(code, allow('actions: [create, drop], tables: ["pg_temp.*"]'));
  silent(code, allow('actions: [alter], names: [reporting]'));
});

test('what is held, denied or has a condition is no matter', () => {
  silent(code, ruleOf('name: x\neffect: approve\nsql: { actions: [create] }'));
  silent(code, ruleOf('name: x\neffect: deny\nsql: { actions: [create] }'));
  silent(code, ruleOf('name: x\neffect: allow\nsql: { actions: [create] }\nwhen: principal.task == "m"'));
});

test('a database for developing may be changed', () => {
  const rules = 'rules:\n  - { name: x, effect: allow, sql: { actions: [create, drop] } }\n';
  silent(code, policyOf(rules, { to: '[dev-db]' }));
});

test('one such action among others can be taken out', () => {
  mends(code, allow('actions: [select, create]'), allow('actions: [select]'), { safety: 'unsafe' });
});
