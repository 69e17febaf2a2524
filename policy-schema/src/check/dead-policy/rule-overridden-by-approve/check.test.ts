import { test } from 'node:test';
import { finds, mends, policyOf, silent } from '../../check.fixture.ts';

const code = 'rule-overridden-by-approve';
const approve = '  - { name: ask, effect: approve, sql: { actions: [update, delete] } }\n';
const allow = (name: string, block: string, more = '') =>
  `  - { name: ${name}, effect: allow, sql: { ${block} }${more} }\n`;

test('an allow rule that is meant as an exception from an approve rule is found', () => {
  finds(
    code,
    policyOf(`rules:\n${approve}${allow('«carts»', 'actions: [update], tables: [public.carts]')}`),
    [/`ask` asks a person/],
  );
});

test('a condition of its own does not help the allow rule', () => {
  finds(
    code,
    policyOf(`rules:\n${approve}${allow('«carts»', 'actions: [update]', ', when: request.sql.hasWhere')}`),
    [/approve beats allow/],
  );
});

test('an approve rule for less, or under a condition, leaves the allow rule something to do', () => {
  silent(code, policyOf(`rules:\n${approve}${allow('writes', 'actions: [insert, update, delete]')}`));
  silent(
    code,
    policyOf(
      `rules:\n  - { name: ask, effect: approve, sql: { actions: [update] }, when: "!request.sql.hasWhere" }\n${allow('writes', 'actions: [update]')}`,
    ),
  );
});

test('an approve rule for columns grants no empty list, which the allow rule does', () => {
  silent(
    code,
    policyOf(
      `rules:\n  - { name: ask, effect: approve, sql: { columns: ["*"] } }\n${allow('x', 'columns: [id]')}`,
    ),
  );
});

test('a rule inside a deny rule too is told of once, by the deny rule', () => {
  silent(
    code,
    policyOf(
      `rules:\n${approve}${allow('x', 'actions: [delete]')}  - { name: never, effect: deny, sql: { actions: [delete] } }\n`,
    ),
  );
});

test('the rule can be removed', () => {
  mends(
    code,
    policyOf(`rules:\n${allow('carts', 'actions: [update]')}${approve}`),
    policyOf(`rules:\n${approve}`),
    { safety: 'unsafe' },
  );
});
