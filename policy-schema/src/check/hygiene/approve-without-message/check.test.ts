import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'approve-without-message';

test('a rule without a message is found at its effect', () => {
  finds(code, ruleOf('name: no-drops\neffect: «approve»\nsql: { actions: [drop] }'), [/Say in `message`/]);
  finds(code, ruleOf('{ name: no-drops, effect: «approve» }'), [/Say in `message`/]);
});

test('rules with a message are fine, and so are those of other effects', () => {
  silent(code, ruleOf('name: no-drops\neffect: approve\nmessage: Schema changes go through a migration.'));
  silent(code, ruleOf('name: x\neffect: allow\nsql: { actions: [select], tables: [public.a] }'));
  silent(code, ruleOf('name: x\neffect: deny'));
});

test('the fix makes a sentence of the name, for a person to make better', () => {
  mends(
    code,
    ruleOf('name: no-deletes-in-production\neffect: approve\nsql: { actions: [delete] }'),
    ruleOf(
      'name: no-deletes-in-production\neffect: approve\nsql: { actions: [delete] }\nmessage: "No deletes in production."',
    ),
    { safety: 'unsafe' },
  );
  mends(
    code,
    ruleOf('{ name: no-drops, effect: approve }'),
    ruleOf('{ name: no-drops, effect: approve, message: "No drops." }'),
  );
});

test('a name of one word makes no sentence', () => {
  const [found] = finds(code, ruleOf('name: drops\neffect: «approve»'), [/message/]);
  assert.equal(found?.fixes, undefined);
});
