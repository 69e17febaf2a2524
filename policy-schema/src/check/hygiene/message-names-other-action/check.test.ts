import { test } from 'node:test';
import { finds, ruleOf, silent } from '../../check.fixture.ts';

const code = 'message-names-other-action';
const saying = (message: string, actions = '[update]', effect = 'deny'): string =>
  ruleOf(`name: no-changes\neffect: ${effect}\nsql: { actions: ${actions} }\nmessage: ${message}`);

test('a message that was copied from a rule for another kind is found at its word', () => {
  finds(code, saying('«DELETE» is not allowed on orders.'), [
    /speaks of `DELETE`, but the rule is for `update`/,
  ]);
  finds(code, saying('"Never «TRUNCATE» a table of the books."', '[delete, drop]'), [/`delete`, `drop`/]);
});

test('a message that names one of its own kinds may name others too', () => {
  silent(code, saying('UPDATE and DELETE are not allowed on orders.'));
  silent(code, saying('DELETE is not allowed.', '[delete]'));
  silent(code, saying('DELETE is not allowed.', '["*"]'));
});

test('advice names other kinds with reason, and words in small letters are words', () => {
  silent(code, saying('Orders are not changed; INSERT a correction instead.'));
  silent(code, saying('"Not here: use INSERT."'));
  silent(code, saying('We do not delete or update what is in the books.', '[truncate]'));
  silent(code, saying('Do not change it in a loop; one CREATE TABLE AS is faster.', '[update]', 'approve'));
});

test('a rule that is for every kind, or without a message, says nothing wrong', () => {
  silent(code, ruleOf('name: nothing\neffect: deny\nmessage: DELETE is not allowed.'));
  silent(code, ruleOf('name: no-changes\neffect: deny\nsql: { actions: [update] }'));
});
