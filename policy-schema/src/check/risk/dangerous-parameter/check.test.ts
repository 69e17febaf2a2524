import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'dangerous-parameter';
const allow = (block: string) => ruleOf(`name: x\neffect: allow\nsql: { ${block} }`);

test('parameters that change whose rights hold, and patterns that match them, are found', () => {
  finds(code, allow('actions: [set], parameters: [timezone, «role», «"session_*"»]'), [
    /`role` lets the session act/,
    /`session_\*` matches `session_authorization`, which/,
  ]);
});

test('set without parameters is found at the action', () => {
  finds(code, allow('actions: [show, «set»]'), [/every parameter/]);
});

test('show, and parameters that clients need, are no matter', () => {
  silent(code, allow('actions: [show]'));
  silent(code, allow('actions: [show], parameters: [role]'));
  silent(code, allow('actions: [set, show], parameters: [statement_timeout, timezone, "app.*"]'));
});

test('denials are no matter', () => {
  silent(code, ruleOf('name: x\neffect: deny\nsql: { actions: [set], parameters: [role] }'));
});

test('the parameter can be taken out', () => {
  mends(
    code,
    allow('actions: [set], parameters: [timezone, role]'),
    allow('actions: [set], parameters: [timezone]'),
    { safety: 'unsafe' },
  );
});
