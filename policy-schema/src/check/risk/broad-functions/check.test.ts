import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'broad-functions';
const allow = (block: string) => ruleOf(`name: x\neffect: allow\nsql: { ${block} }`);

test('every function, and every one of the server, are found at the pattern', () => {
  finds(code, allow('actions: [call], functions: [«"*"»]'), [/`pg_read_file`.* more dangerous/]);
  finds(code, allow('actions: [call], functions: [public.f, «"pg_catalog.*"»]'), [/`pg_catalog\.\*` allows/]);
  finds(code, allow('functions: [«"pg_catalog.pg_ls_*"»]'), [/`pg_ls_dir`/]);
});

test('calls without functions are found at the action', () => {
  finds(code, allow('actions: [select, «call»]'), [/Without `functions`/]);
});

test("functions of a schema of one's own, and harmless parts of the server, are no matter", () => {
  silent(code, allow('actions: [call], functions: ["public.*"]'));
  silent(code, allow('actions: [call], functions: ["pg_catalog.pg_advisory_*"]'));
});

test('calls that another key takes away are none', () => {
  silent(code, allow('actions: [select, call], tables: [public.orders]'));
});

test('denials and conditions are no matter', () => {
  silent(code, ruleOf('name: x\neffect: deny\nsql: { actions: [call], functions: ["*"] }'));
  silent(code, ruleOf('name: x\neffect: allow\nsql: { actions: [call] }\nwhen: principal.task == "m"'));
});

test('the pattern can be taken out', () => {
  mends(
    code,
    allow('actions: [call], functions: ["pg_catalog.*", public.f]'),
    allow('actions: [call], functions: [public.f]'),
    { safety: 'unsafe' },
  );
});
