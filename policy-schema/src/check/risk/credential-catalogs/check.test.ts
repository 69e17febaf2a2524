import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'credential-catalogs';
const allow = (block: string) => ruleOf(`name: x\neffect: allow\nsql: { ${block} }`);

test('tables with passwords, and patterns that match them, are found', () => {
  finds(code, allow('actions: [select], tables: [«pg_catalog.pg_shadow», public.orders]'), [/passwords/]);
  finds(code, allow('actions: [select], tables: [«"pg_catalog.*"», «"*.pg_auth*"»]'), [
    /matches `pg_catalog.pg_authid`, which holds/,
    /passwords/,
  ]);
});

test('the tables of the catalog that clients look names up in are no matter', () => {
  silent(code, allow('actions: [select], tables: [pg_catalog.pg_class, pg_catalog.pg_attribute]'));
  silent(code, allow('actions: [select], tables: ["information_schema.*"]'));
});

test('named columns, other actions and other effects are no matter', () => {
  silent(code, allow('actions: [select], tables: [pg_catalog.pg_authid], columns: [rolname]'));
  silent(code, allow('actions: [analyze], tables: [pg_catalog.pg_authid]'));
  silent(code, ruleOf('name: x\neffect: deny\nsql: { tables: ["pg_catalog.*"] }'));
});

test('the table can be taken out', () => {
  mends(
    code,
    allow('actions: [select], tables: [public.orders, pg_catalog.pg_shadow]'),
    allow('actions: [select], tables: [public.orders]'),
    { safety: 'unsafe' },
  );
});
