import { test } from 'node:test';
import { finds, mends, policyOf, ruleOf, silent } from '../../check.fixture.ts';

const code = 'pattern-redundant';
const tables = (list: string) => ruleOf(`name: x\neffect: allow\nsql: { tables: [${list}] }`);

test('a pattern inside a wider one of its list is found, wherever it stands', () => {
  finds(code, tables('«public.orders», "public.*", audit.log'), [/`public\.\*` of this list covers/]);
  finds(code, tables('"*", «"public.*"», «public.orders»'), [/`\*`/, /`\*`/]);
});

test('a pattern that stands twice is found the second time', () => {
  finds(code, tables('public.orders, public.carts, «public.orders»'), [/stands in this list already/]);
});

test('masks, resources, agents, groups and lists have patterns too', () => {
  finds(
    code,
    policyOf('masks:\n  - { columns: ["public.*.email", «public.people.email»], with: redact }\n'),
    [/email/],
  );
  finds(
    code,
    policyOf('masks:\n  - columns: [a.b.c]\n    with: redact\n    unless: { groups: [dba, «dba»] }\n'),
    [/dba/],
  );
  finds(code, policyOf('limits: { rows: 5 }\n', { to: '["*", «shop-db», «env=prod»]' }), [
    /shop-db/,
    /env=prod/,
  ]);
  finds(
    code,
    'gatehouse: v1\nkind: Policy\nname: a\napplies: { to: [shop-db], agents: [«claude», "cl*"] }\nlimits: { rows: 5 }\n',
    [/cl\*/],
  );
  finds(code, policyOf('lists: { own: ["public.*", «public.a»] }\n'), [/public\.a/]);
});

test('patterns that only overlap are both needed', () => {
  silent(code, tables('"public.*", "*.orders", audit.log'));
  silent(code, policyOf('masks:\n  - { columns: ["*.email", "public.*"], with: redact }\n'));
});

test('a name covers no label, and a label no other', () => {
  silent(code, policyOf('limits: { rows: 5 }\n', { to: '["shop*", env=prod, "env=d*", dev-db]' }));
  silent(code, policyOf('lists: { own: ["s*", shop=prod] }\n'));
});

test('actions are told of by a check of their own', () => {
  silent(code, ruleOf('name: x\neffect: deny\nsql: { actions: [select, "*"] }'));
});

test('the pattern can be removed, from a line and from lines', () => {
  mends(code, tables('public.orders, "public.*"'), tables('"public.*"'), { safety: 'safe' });
  const lines = (more: string) =>
    ruleOf(`name: x\neffect: deny\nsql:\n  tables:\n    - "public.*" # ours\n${more}    - audit.log`);
  mends(code, lines('    - public.orders\n'), lines(''), { safety: 'safe' });
});
