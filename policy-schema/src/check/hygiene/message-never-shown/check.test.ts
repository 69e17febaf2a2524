import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'message-never-shown';
const allow = 'name: read\neffect: allow\nsql: { actions: [select], tables: [public.a] }';

test('a message on an allow rule is found, whole', () => {
  finds(code, ruleOf(`${allow}\n«message: Reading is fine.»`), [/neither/]);
  finds(
    code,
    ruleOf('{ name: read, effect: allow, «message: "Reading is fine."», sql: { actions: [show] } }'),
    [/Write a `description`/],
  );
});

test('messages of rules that refuse or hold are shown', () => {
  silent(code, ruleOf('name: no-drops\neffect: deny\nmessage: Schema changes go through a migration.'));
  silent(code, ruleOf('name: ask\neffect: approve\nmessage: A person looks at it first.'));
});

test('an allow rule without a message, or with a description, is fine', () => {
  silent(code, ruleOf(allow));
  silent(code, ruleOf(`${allow}\ndescription: Reading is fine.`));
});

test('the fix removes it', () => {
  mends(code, ruleOf(`${allow}\nmessage: Reading is fine.`), ruleOf(allow), { safety: 'safe' });
});
