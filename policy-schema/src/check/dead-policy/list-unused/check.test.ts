import { test } from 'node:test';
import { finds, mends, policyOf, silent } from '../../check.fixture.ts';

const code = 'list-unused';
const rule = (table: string) => `rules:\n  - { name: x, effect: allow, sql: { tables: [${table}] } }\n`;

test('a list that nobody uses is found', () => {
  finds(code, policyOf(`lists: { «own»: [public.a] }\n${rule('public.b')}`), [/`\$own`/]);
  finds(code, policyOf(`lists:\n  own: [public.a]\n  «other»: [public.a]\n${rule('$own')}`), [/`\$other`/]);
});

test('a list that only a name with two dollar signs speaks of is unused', () => {
  finds(code, policyOf(`lists: { «own»: [public.a] }\n${rule('"*.$$own"')}`), [/No policy/]);
});

test('rules, masks, scopes and lists use lists, in any file', () => {
  silent(code, policyOf(`lists: { own: [public.a] }\n${rule('$own')}`));
  silent(code, policyOf('lists: { own: [a.b.c] }\nmasks: [{ columns: [$own], with: redact }]\n'));
  silent(code, policyOf('lists: { own: [shop-db] }\nlimits: { rows: 5 }\n', { to: '[$own]' }));
  silent(code, policyOf(`lists: { inner: [public.a], outer: [$inner] }\n${rule('$outer')}`));
  silent(code, {
    'policies/a.policy.yaml': policyOf('lists: { own: [public.a] }\n', { name: 'a' }),
    'policies/b.policy.yaml': policyOf(rule('$own'), { name: 'b' }),
  });
});

test('a file that cannot be read may use it', () => {
  silent(
    code,
    {
      'policies/a.policy.yaml': policyOf('lists: { own: [public.a] }\n', { name: 'a' }),
      'policies/b.policy.yaml': 'gatehouse: v1\nkind: Policy\n',
    },
    { broken: true },
  );
});

test('the list can be removed, and the key with the last', () => {
  mends(
    code,
    policyOf(`lists:\n  own: [public.a]\n  other: [public.a]\n${rule('$own')}`),
    policyOf(`lists:\n  own: [public.a]\n${rule('$own')}`),
    { safety: 'safe' },
  );
  mends(code, policyOf(`lists:\n  own:\n    - public.a\n${rule('public.a')}`), policyOf(rule('public.a')));
});
