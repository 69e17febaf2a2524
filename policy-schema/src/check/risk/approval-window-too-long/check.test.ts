import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'approval-window-too-long';
const within = (text: string) =>
  ruleOf(`name: x\neffect: approve\napproval: { by: ["group:dba"], within: ${text} }`);

test('more than an hour is found', () => {
  finds(code, within('«2h»'), [/locks held/]);
  finds(code, within('«"7d"»'), [/Wait an hour/]);
});

test('an hour, less, and nothing said are no matter', () => {
  silent(code, within('60m'));
  silent(code, within('30s'));
  silent(code, ruleOf('name: x\neffect: approve\napproval: { by: ["group:dba"] }'));
  silent(code, ruleOf('{ name: x, effect: approve }'));
});

test('the wait can be shortened', () => {
  mends(code, within('1d'), within('30m'), { safety: 'unsafe' });
});
