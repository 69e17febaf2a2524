import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { query } from '@gatehouse/test-fixtures/clients/frontend-messages.ts';
import { errorFields, RawPostgres } from '@gatehouse/test-fixtures/clients/raw-postgres.ts';
import { type RunningPostgres, startPostgres } from '@gatehouse/test-fixtures/servers/postgres.ts';
import { withoutValues } from './withheld-text.ts';

let server: RunningPostgres;
let client: RawPostgres;

before(async () => {
  server = await startPostgres();
  await server.sql("CREATE TABLE people (id int, email text); INSERT INTO people VALUES (1, 'SECRET-1')");
  client = await RawPostgres.connect(server);
});

after(async () => {
  await client?.end();
  await server?.stop();
});

async function errorOf(sql: string): Promise<Record<string, string>> {
  const error = (await client.exchange(query(sql))).find(({ type }) => type === 'E');
  assert.ok(error, `no error: ${sql}`);
  return errorFields(error.body);
}

/** Expressions that make the server quote a value in an error, under codes of many classes. */
const quoting: readonly string[] = [
  'email::int',
  'email::date',
  'email::jsonb',
  'email::cidr',
  'email::regclass',
  'email::regtype',
  'email::regproc',
  'email::regnamespace',
  'email::regrole',
  'email::regcollation',
  'ARRAY[email]::regclass[]',
  'current_setting(email)',
  "has_table_privilege(email, 'select')",
  "has_schema_privilege(email, 'usage')",
  "has_database_privilege(email, 'connect')",
  "pg_get_serial_sequence(email, 'x')",
  "to_tsquery(email::regconfig, 'a')",
  'nextval(email)',
  'date_trunc(email, now())',
  "encode('a', email)",
  'pg_size_bytes(email)',
  "jsonb_path_query(to_jsonb(p), 'strict $.email.double()')",
];

test('an error that quotes a value goes out without its text', async () => {
  for (const expression of quoting) {
    const fields = await errorOf(`SELECT ${expression} FROM people p`);
    assert.match(JSON.stringify(fields), /secret/i, `quotes nothing in the first place: ${expression}`);
    for (const withheld of ['values', 'all'] as const) {
      const told = withoutValues(fields, withheld);
      assert.ok(told, expression);
      assert.doesNotMatch(JSON.stringify(told), /secret/i);
      assert.equal(told.C, fields.C);
    }
    assert.equal(withoutValues(fields, 'nothing'), undefined);
  }
});

test('where code of users or files are involved, only what the server says on its own account goes out', async () => {
  for (const expression of ['pg_ls_dir(email)', "query_to_xml(email, true, true, '')"]) {
    const fields = await errorOf(`SELECT ${expression} FROM people`);
    assert.match(JSON.stringify(fields), /secret/i);
    assert.doesNotMatch(JSON.stringify(withoutValues(fields, 'all')), /secret/i);
  }
});

test('an error about the text itself goes out as it is', async () => {
  for (const sql of [
    'SELECT nothing FROM people',
    'SELECT email FROM nowhere',
    'SELECT no_function(email) FROM people',
    'SELECT email + 1 FROM people',
    "SELECT 'abc'::int FROM people",
    'SELECT email, count(*) FROM people',
  ]) {
    assert.equal(withoutValues(await errorOf(sql), 'values'), undefined, sql);
  }
});
