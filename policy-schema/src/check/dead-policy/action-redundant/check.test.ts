import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'action-redundant';
const deny = (actions: string) => ruleOf(`name: x\neffect: deny\nsql: { actions: [${actions}] }`);

test('actions beside `*` are found', () => {
  finds(code, deny('«select», "*"'), [/every action, `select` among them/]);
  finds(code, deny('"*", «drop», «alter»'), [/drop/, /alter/]);
});

test('an action that stands twice is found', () => {
  finds(code, deny('insert, update, «insert»'), [/already/]);
});

test('actions that stand once are no matter, nor is `*` alone', () => {
  silent(code, deny('insert, update, delete'));
  silent(code, deny('"*"'));
  silent(code, ruleOf('name: x\neffect: deny\nsql: { tables: ["*", public.orders] }'));
});

test('the action can be removed', () => {
  mends(code, deny('insert, update, insert'), deny('insert, update'), { safety: 'safe' });
});
