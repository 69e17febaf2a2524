import { test } from 'node:test';
import { finds, policyOf, ruleOf, silent } from '../../check.fixture.ts';

const code = 'wildcard-write';
const allow = (block: string) => ruleOf(`name: x\neffect: allow\nsql: { ${block} }`);

test('writes to every table, or to every one of a schema, are found at the pattern', () => {
  finds(code, allow('actions: [select, insert], tables: [«"*"»]'), [/`insert` on every table, /]);
  finds(code, allow('actions: [update, delete], tables: [public.a, «"public.*"», «"s.*"»]'), [
    /every table of `public`/,
    /every table of `s`/,
  ]);
});

test('reading every table of a schema is another matter', () => {
  silent(code, allow('actions: [select], tables: ["public.*"]'));
});

test('named tables, parts of names, temporary tables and named columns are no matter', () => {
  silent(code, allow('actions: [insert], tables: [public.orders, "public.order_*"]'));
  silent(code, allow('actions: [insert], tables: ["pg_temp.*"]'));
  silent(code, allow('actions: [update], tables: ["public.*"], columns: [note]'));
});

test('what is held or has a condition is no matter', () => {
  silent(code, ruleOf('name: x\neffect: approve\nsql: { actions: [insert], tables: ["*"] }'));
  silent(
    code,
    ruleOf('name: x\neffect: allow\nsql: { actions: [insert], tables: ["*"] }\nwhen: request.sql.hasWhere'),
  );
});

test('a database for developing may be written', () => {
  const rules = 'rules:\n  - { name: x, effect: allow, sql: { actions: [insert], tables: ["public.*"] } }\n';
  silent(code, policyOf(rules, { to: '[dev-db]' }));
  finds(code, policyOf(rules.replace('"public.*"', '«"public.*"»'), { to: '[dev-db, shop-db]' }), [/insert/]);
});

test('a pattern out of a named list is found where the list is used', () => {
  const rest = `lists: { all: ["public.*", public.a] }
rules:
  - { name: x, effect: allow, sql: { actions: [insert], tables: [public.b, «$all»] } }
`;
  finds(code, policyOf(rest), [/every table of `public`/]);
});
