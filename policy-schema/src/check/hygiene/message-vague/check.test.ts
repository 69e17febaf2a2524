import { test } from 'node:test';
import { finds, ruleOf, silent } from '../../check.fixture.ts';

const code = 'message-vague';
const saying = (message: string, effect = 'deny'): string =>
  ruleOf(`name: no-drops\neffect: ${effect}\nsql: { actions: [drop] }\nmessage: ${message}`);

test('a message of one short word is found', () => {
  finds(code, saying('«No.»'), [/what to do instead/]);
  finds(code, saying('«"Ask."»', 'approve'), [/whom to ask/]);
});

test('a message that only says that the request was refused is found, however long it says so', () => {
  for (const message of [
    'Not allowed.',
    'Access denied by policy.',
    'This operation is forbidden!',
    'You are not permitted.',
    'Requires approval.',
  ])
    finds(code, saying(`«${message}»`), [/no more than the answer/]);
});

test('a message that says what to do, why, or what is kept, is fine', () => {
  for (const message of [
    'Schema changes go through a migration.',
    'Not allowed on Fridays.',
    'Forbidden: use the archive instead.',
    'Denied. Ask the DBAs.',
    'Orders are kept for the books.',
    'Say which rows you mean.',
  ])
    silent(code, saying(JSON.stringify(message)));
});

test('letters of other scripts are letters', () => {
  silent(code, saying('Сначала спросите администратора.'));
});

test('rules without a message are no matter here, nor is what no one is shown', () => {
  silent(code, ruleOf('name: no-drops\neffect: deny'));
  silent(code, ruleOf('name: x\neffect: allow\nsql: { actions: [show] }\nmessage: No.'));
});
