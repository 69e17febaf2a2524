import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'unknown-builtin-function';
const deny = (functions: string) => ruleOf(`name: x\neffect: deny\nsql: { functions: [${functions}] }`);

test('a name that PostgreSQL does not have is found, with the one that is near', () => {
  finds(code, deny('«pg_catalog.pg_slep»'), [/Did you mean `pg_catalog\.pg_sleep`/]);
  finds(code, deny('public.f, «pg_catalog.PG_SLEEP»'), [/pg_sleep/]);
});

test('a function of an extension lies elsewhere', () => {
  finds(code, deny('«pg_catalog.dblink_connect»'), [/such as `public`/]);
});

test('names that PostgreSQL has, patterns and other schemas are fine', () => {
  silent(code, deny('pg_catalog.pg_sleep, pg_catalog.pg_read_file'));
  silent(code, deny('"pg_catalog.pg_slep*", "*.nothing"'));
  silent(code, deny('public.pg_slep, app.x'));
});

test('the name that is near can be written', () => {
  mends(code, deny('pg_catalog.pg_slep'), deny('pg_catalog.pg_sleep'), { safety: 'unsafe' });
});
