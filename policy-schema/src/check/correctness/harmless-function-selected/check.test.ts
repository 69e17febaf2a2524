import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'harmless-function-selected';
const rule = (effect: string, functions: string) =>
  ruleOf(`name: x\neffect: ${effect}\nsql: { functions: [${functions}] }`);

test('a deny rule for a harmless function never matches', () => {
  const [found] = finds(code, rule('deny', '«pg_catalog.lower»'), [
    /"pg_catalog\.lower" in request\.sql\.functions/,
  ]);
  if (found?.severity !== 'warning') throw new Error('it must be a warning');
});

test('an allow rule for one is not needed', () => {
  const [found] = finds(code, rule('allow', 'public.f, «pg_catalog.count»'), [/needs no rule/]);
  if (found?.severity !== 'information') throw new Error('it must be an information');
});

test("functions that act and functions of one's own are actions", () => {
  silent(code, rule('deny', 'pg_catalog.pg_sleep, pg_catalog.pg_read_file'));
  silent(code, rule('allow', 'public.lower, app.count'));
});

test('patterns speak of more, and current_setting is an action where its argument is not known', () => {
  silent(code, rule('deny', '"pg_catalog.*"'));
  silent(code, rule('deny', 'pg_catalog.current_setting'));
});

test('the function can be removed', () => {
  mends(code, rule('allow', 'public.f, pg_catalog.count'), rule('allow', 'public.f'), { safety: 'unsafe' });
});
