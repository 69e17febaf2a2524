import { test } from 'node:test';
import { finds, policyOf, ruleOf, silent } from '../../check.fixture.ts';

test('an allow rule without a block is found', () => {
  finds('allow-everything', ruleOf('name: x\neffect: «allow»'), [/lets everything pass/]);
});

test('an empty block and a block of stars are found', () => {
  finds('allow-everything', ruleOf('{ name: x, effect: allow, «sql»: {} }'), [/Name `actions`/]);
  finds('allow-everything', ruleOf('name: x\neffect: allow\n«sql»: { actions: ["*"] }'), [/everything/]);
});

test('on a database for developing it is worth a word only', () => {
  const rules = 'rules:\n  - { name: x, effect: «allow» }\n';
  const [found] = finds('allow-everything', policyOf(rules, { to: '[dev-db]' }), [/everything/]);
  if (found?.severity !== 'information') throw new Error(`severity ${found?.severity}`);
});

test('a condition, tables or actions narrow a rule down', () => {
  silent('allow-everything', ruleOf(`name: x\neffect: allow\nwhen: '"dba" in principal.groups'`));
  silent('allow-everything', ruleOf('name: x\neffect: allow\nsql: { actions: [select] }'));
  silent('allow-everything', ruleOf('name: x\neffect: allow\nsql: { tables: [public.orders] }'));
});

test('whoever denies or holds everything is careful', () => {
  silent('allow-everything', ruleOf('{ name: x, effect: deny }'));
  silent('allow-everything', ruleOf('{ name: x, effect: approve }'));
});
