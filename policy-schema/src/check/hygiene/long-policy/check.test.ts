import { test } from 'node:test';
import { finds, policyOf, silent } from '../../check.fixture.ts';

const code = 'long-policy';
const rules = (count: number): string =>
  `rules:\n${Array.from({ length: count }, (_, at) => `  - { name: deny-${at}, effect: deny, sql: { tables: [public.t${at}] } }\n`).join('')}`;

test('a policy of more than sixty rules is found at its name', () => {
  finds(code, policyOf(rules(61)).replace('name: test', 'name: «test»'), [/has 61 rules/]);
  finds(code, policyOf(rules(200)).replace('name: test', 'name: «test»'), [/has 200 rules/]);
});

test('sixty rules and fewer are fine, however long each is', () => {
  silent(code, policyOf(rules(60)));
  silent(code, policyOf('rules: []\n'));
});

test('rules of several files are not counted together', () => {
  silent(code, {
    'a.policy.yaml': policyOf(rules(40), { name: 'a' }),
    'b.policy.yaml': policyOf(rules(40), { name: 'b' }),
  });
});
