import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'selector-without-action';
const rule = (effect: string, block: string) => ruleOf(`name: x\neffect: ${effect}\nsql: { ${block} }`);

test('a key that none of the listed actions has is found', () => {
  finds(code, rule('deny', 'actions: [select], «functions»: [public.f]'), [/never matches/]);
  finds(code, rule('allow', 'actions: [set], «tables»: ["public.*"]'), [/never allows anything/]);
  finds(code, rule('deny', 'actions: [copy], «tables»: [public.people]'), [/stands on `alter`/]);
});

test('two keys that no action has together are found, whatever the actions', () => {
  finds(code, rule('deny', 'functions: [public.f], «parameters»: [role]'), [/a rule for each key/]);
  finds(code, rule('deny', 'actions: ["*"], functions: [public.f], «columns»: [email]'), [
    /a rule for each key/,
  ]);
});

test('it is an error where something should be stopped, and else a warning', () => {
  const [denied] = finds(code, rule('approve', 'actions: [values], «objects»: [table]'), [/passes by it/]);
  const [allowed] = finds(code, rule('allow', 'actions: [values], «objects»: [table]'), [/never allows/]);
  if (denied?.severity !== 'error' || allowed?.severity !== 'warning') throw new Error('severities');
});

test('one action that has the key is enough', () => {
  silent(code, rule('deny', 'actions: [select, call], functions: [public.f]'));
  silent(code, rule('allow', 'actions: [select, insert], tables: [public.a], columns: [id]'));
  silent(code, rule('allow', 'tables: [public.a], objects: [index]'));
  silent(code, rule('deny', 'functions: [public.f], tables: [public.id_seq]'));
});

test('rules without a block or with actions alone are no matter', () => {
  silent(code, ruleOf('name: x\neffect: deny'));
  silent(code, rule('allow', 'actions: [show]'));
});

test('the key can be removed', () => {
  mends(code, rule('allow', 'actions: [set], tables: [public.a]'), rule('allow', 'actions: [set]'), {
    safety: 'unsafe',
  });
});
