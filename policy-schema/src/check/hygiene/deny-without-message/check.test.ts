import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'deny-without-message';

test('a rule without a message is found at its effect', () => {
  finds(code, ruleOf('name: no-drops\neffect: «deny»\nsql: { actions: [drop] }'), [/Say in `message`/]);
  finds(code, ruleOf('{ name: no-drops, effect: «deny» }'), [/Say in `message`/]);
});

test('rules with a message are fine, and so are those of other effects', () => {
  silent(code, ruleOf('name: no-drops\neffect: deny\nmessage: Schema changes go through a migration.'));
  silent(code, ruleOf('name: x\neffect: allow\nsql: { actions: [select], tables: [public.a] }'));
  silent(code, ruleOf('name: x\neffect: approve'));
});

test('the fix makes a sentence of the name, for a person to make better', () => {
  mends(
    code,
    ruleOf('name: no-deletes-in-production\neffect: deny\nsql: { actions: [delete] }'),
    ruleOf(
      'name: no-deletes-in-production\neffect: deny\nsql: { actions: [delete] }\nmessage: "No deletes in production."',
    ),
    { safety: 'unsafe' },
  );
  mends(
    code,
    ruleOf('{ name: no-drops, effect: deny }'),
    ruleOf('{ name: no-drops, effect: deny, message: "No drops." }'),
  );
});

test('a name of one word makes no sentence', () => {
  const [found] = finds(code, ruleOf('name: drops\neffect: «deny»'), [/message/]);
  assert.equal(found?.fixes, undefined);
});
