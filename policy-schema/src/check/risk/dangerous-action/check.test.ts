import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'dangerous-action';
const allow = (block: string) => ruleOf(`name: x\neffect: allow\nsql: { ${block} }`);

test('files, blocks of code and libraries are found at the action', () => {
  finds(code, allow('actions: [select, «copy», «do»]'), [/files of the server/, /one by one/]);
  finds(code, ruleOf('name: x\neffect: allow\nsql:\n  actions:\n    - «load»'), [/machine code/]);
});

test('files and libraries that are named are no matter', () => {
  silent(code, allow('actions: [copy], names: [/srv/import/orders.csv]'));
});

test('other actions and other effects are no matter', () => {
  silent(code, allow('actions: [select, insert, prepare, execute, listen]'));
  silent(code, ruleOf('name: x\neffect: approve\nsql: { actions: [copy, do, load] }'));
  silent(code, ruleOf('name: x\neffect: deny\nsql: { actions: [copy, do, load] }'));
});

test('the action can be taken out', () => {
  mends(code, allow('actions: [select, copy]'), allow('actions: [select]'), { safety: 'unsafe' });
});
