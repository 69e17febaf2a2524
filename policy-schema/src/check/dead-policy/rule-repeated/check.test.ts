import { test } from 'node:test';
import { finds, mends, policyOf, silent } from '../../check.fixture.ts';

const code = 'rule-repeated';
const rules = (...each: readonly string[]) =>
  policyOf(`rules:\n${each.map((one) => `  - { ${one} }\n`).join('')}`);
const reads = 'effect: allow, sql: { actions: [select, show], tables: ["public.*"] }';

test('a rule under two names is found the second time', () => {
  finds(code, rules(`name: a, ${reads}`, `name: «b», ${reads}`), [/`a` once more/]);
});

test('the order of a list does not hide it', () => {
  finds(
    code,
    rules(
      `name: a, ${reads}`,
      'name: «b», effect: allow, sql: { tables: ["public.*"], actions: [show, select] }',
    ),
    [/once more/],
  );
});

test('nor does another message, but then a person must choose', () => {
  const [found] = finds(
    code,
    rules('name: a, effect: deny, message: No.', 'name: «b», effect: deny, message: Never.'),
    [/one of the two messages/],
  );
  if (found?.fixes?.[0]?.safety !== 'unsafe') throw new Error('the fix must be unsafe');
});

test('rules that differ in what they do are two rules', () => {
  silent(code, rules(`name: a, ${reads}`, `name: b, ${reads.replace('public', 'audit')}`));
  silent(code, rules(`name: a, ${reads}`, `name: b, when: request.sql.hasLimit, ${reads}`));
  silent(
    code,
    rules(
      'name: a, effect: approve, approval: { by: ["group:a"] }',
      'name: b, effect: approve, approval: { by: ["group:b"] }',
    ),
  );
});

test('the same rule in policies for different places is no repetition', () => {
  silent(code, {
    'policies/a.policy.yaml': policyOf(`rules:\n  - { name: a, ${reads} }\n`, { name: 'a' }),
    'policies/b.policy.yaml': policyOf(`rules:\n  - { name: a, ${reads} }\n`, { name: 'b', to: '[dev-db]' }),
  });
});

test('the second can be removed, from lines too', () => {
  const lines = (name: string) => `  - name: ${name}\n    effect: deny\n    sql:\n      actions: [drop]\n`;
  mends(code, policyOf(`rules:\n${lines('a')}${lines('b')}`), policyOf(`rules:\n${lines('a')}`), {
    safety: 'safe',
  });
});
