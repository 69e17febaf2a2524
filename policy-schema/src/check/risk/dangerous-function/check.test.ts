import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'dangerous-function';
const allow = (functions: string) => ruleOf(`name: x\neffect: allow\nsql: { functions: [${functions}] }`);

test('functions that reach files, other databases or settings are found', () => {
  finds(code, allow('public.f, «pg_catalog.pg_read_file», «public.dblink»'), [/files/, /other databases/]);
  finds(code, allow('«pg_catalog.set_config»'), [/past rules about `set`/]);
  finds(code, allow('«pg_catalog.query_to_xml»'), [/past rules about tables/]);
});

test("functions of one's own and useful ones of the server are no matter", () => {
  silent(code, allow('public.order_total, pg_catalog.pg_sleep, pg_catalog.nextval'));
  silent(code, allow('"public.*"'));
});

test('whoever denies or holds them is careful', () => {
  silent(code, ruleOf('name: x\neffect: deny\nsql: { functions: [pg_catalog.pg_read_file] }'));
  silent(code, ruleOf('name: x\neffect: approve\nsql: { functions: [pg_catalog.pg_read_file] }'));
});

test('the function can be taken out', () => {
  mends(code, allow('public.f, pg_catalog.lo_export'), allow('public.f'), { safety: 'unsafe' });
});
