import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finds, mends, policyOf, silent } from '../../check.fixture.ts';

const code = 'name-style';
const rule = (name: string): string =>
  `  - { name: ${name}, effect: deny, message: Ask the owners first., sql: { tables: [public.${name.length}] } }\n`;
const rules = (...names: readonly string[]): string => `rules:\n${names.map(rule).join('')}`;

test('a rule named otherwise than the others is found at its name', () => {
  finds(code, policyOf(rules('no-drops', 'no-writes', '«noDeletes»', '«No_Grants»')), [
    /Write `no-deletes`/,
    /Write `no-grants`/,
  ]);
});

test('policies and lists are found as well', () => {
  finds(
    code,
    policyOf(`lists: { «ledgerTables»: [public.a] }\n${rules('no-drops', 'no-writes')}`, {
      name: '«Shop_Rules»',
    }),
    [/`shop-rules`/, /`ledger-tables`/],
  );
});

test('names in the usual style, of one word, with digits or dots are fine', () => {
  silent(code, policyOf(rules('no-drops', 'reads', 'v2', 'team.no-writes', 'step-2')));
});

test('a workspace with a style of its own keeps it', () => {
  silent(code, policyOf(rules('no_drops', 'no_writes', 'no-grants')));
  silent(code, {
    'a.policy.yaml': policyOf(rules('noDrops'), { name: 'a' }),
    'b.policy.yaml': policyOf(rules('noDrops', 'noWrites'), { name: 'b' }),
  });
});

test('the fix renames what nothing refers to', () => {
  mends(
    code,
    policyOf(rules('no-drops', 'noHTTPCalls')),
    policyOf(rules('no-drops', 'noHTTPCalls')).replace('noHTTPCalls', 'no-http-calls'),
    { safety: 'safe' },
  );
});

test('a list is renamed wherever it is used, for a person to look at', () => {
  const files = (name: string) => ({
    'a.policy.yaml': policyOf(`lists: { ${name}: [public.a] }\n${rules('no-drops')}`, { name: 'a' }),
    'b.policy.yaml': policyOf(
      `rules:\n  - { name: no-writes, effect: deny, message: Ask first., sql: { tables: [$${name}] } }\n`,
      { name: 'b' },
    ),
  });
  mends(code, files('ledgerTables'), files('ledger-tables'), { safety: 'unsafe' });
});

test('a name that is taken is no fix', () => {
  const [found] = finds(code, policyOf(rules('no-drops', '«noDrops»')), [/`no-drops`/]);
  assert.equal(found?.fixes, undefined);
});
