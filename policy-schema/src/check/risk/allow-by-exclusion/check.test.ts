import { test } from 'node:test';
import { finds, policyOf, ruleOf, silent } from '../../check.fixture.ts';

const code = 'allow-by-exclusion';
const allow = (block: string, when: string) =>
  ruleOf(`name: x\neffect: allow\nsql: { ${block} }\nwhen: '${when}'`);

test('all tables but one are found at what is left out', () => {
  finds(code, allow('actions: [select]', '!(«"public.secrets" in request.sql.tables»)'), [/made later/]);
  finds(
    code,
    allow('actions: [select], tables: ["public.*"]', '!«request.sql.columns.exists(c, c == "ssn")»'),
    [/Name what may pass/],
  );
});

test('each table but one is found too', () => {
  finds(
    code,
    allow(
      'actions: [select]',
      'request.sql.hasLimit && «request.sql.tables.all(t, t != "a.b" && !t.startsWith("x."))»',
    ),
    [/deny rule/],
  );
});

test('a demand that each table meets says which are meant', () => {
  silent(code, allow('actions: [select]', 'request.sql.tables.all(t, t.startsWith("public."))'));
  silent(
    code,
    allow('actions: [select]', 'request.sql.tables.all(t, t.startsWith("public.") && t != "public.a")'),
  );
});

test('with tables by name nothing new comes in', () => {
  silent(code, allow('actions: [select], tables: [public.a, public.b]', '!("ssn" in request.sql.columns)'));
});

test('other negations, deny rules and databases for developing are no matter', () => {
  silent(code, allow('actions: [select]', '!("intern" in principal.groups) && !request.sql.inTransaction'));
  silent(code, ruleOf(`name: x\neffect: deny\nwhen: '!("public.a" in request.sql.tables)'`));
  const rules = `rules:\n  - { name: x, effect: allow, when: '!("a.b" in request.sql.tables)' }\n`;
  silent(code, policyOf(rules, { to: '[dev-db]' }));
});
