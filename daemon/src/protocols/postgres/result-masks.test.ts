import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { query } from '@gatehouse/test-fixtures/clients/frontend-messages.ts';
import { RawPostgres } from '@gatehouse/test-fixtures/clients/raw-postgres.ts';
import { type RunningPostgres, startPostgres } from '@gatehouse/test-fixtures/servers/postgres.ts';
import { MaskedSession, schema } from './result-masks.fixture.ts';

const secret = /secret|987654321/i;

/** Texts that show a masked value on a direct connection; of a list, the last one does. */
const hidden: Readonly<Record<string, readonly (string | readonly string[])[]>> = {
  'under its own and other names': [
    'SELECT email FROM people',
    'SELECT email AS name FROM people',
    'SELECT * FROM people',
    'TABLE people',
    'SELECT p.* FROM people p',
    'SELECT x."email" FROM ONLY people x',
    'SELECT U&"\\0065mail" FROM people',
    'SELECT e FROM (SELECT email AS e FROM people) x',
    'SELECT x.* FROM (SELECT * FROM people) x',
    'SELECT a FROM people AS p (i, n, a)',
    'SELECT upper(a) FROM people AS p (i, n, a)',
    'SELECT x.a FROM (SELECT * FROM people) x (i, n, a)',
    'SELECT upper(x.a) FROM (SELECT * FROM people) x (i, n, a)',
    'SELECT max(x) FROM (SELECT email FROM people) AS t (x)',
    'SELECT email FROM people TABLESAMPLE BERNOULLI (100)',
    'SELECT DISTINCT ON (email) email FROM people',
    'SELECT email, count(*) FROM people GROUP BY 1',
    'SELECT email FROM people FOR UPDATE',
  ],
  'in expressions': [
    "SELECT email || '' FROM people",
    'SELECT salary + 0 FROM people',
    'SELECT min(email), max(salary) FROM people',
    'SELECT coalesce(email) FROM people',
    'SELECT CASE WHEN true THEN email END FROM people',
    'SELECT email COLLATE "C" FROM people',
    'SELECT email::varchar(100) FROM people',
    "SELECT format('%s', email) FROM people",
    'SELECT first_value(email) OVER () FROM people',
    'SELECT ARRAY(SELECT email FROM people)',
    'SELECT (SELECT email FROM people LIMIT 1)',
    'VALUES ((SELECT email FROM people LIMIT 1))',
    'SELECT unnest(ARRAY[email]) FROM people',
    'SELECT g FROM people, unnest(ARRAY[email]) g',
    'SELECT g.x FROM people, LATERAL (VALUES (email)) g (x)',
    'SELECT l.e FROM ids i, LATERAL (SELECT email AS e FROM people p WHERE p.id = i.id) l',
    'SELECT xmlforest(email) FROM people',
    "SELECT json_build_object('a', email) FROM people",
    'SELECT encode(convert_to(email, $$UTF8$$), $$escape$$) FROM people',
  ],
  'as a part of a row': [
    'SELECT p FROM people p',
    'SELECT people FROM people',
    'SELECT (p).email FROM people p',
    'SELECT (p).* FROM people p',
    'SELECT p::text FROM people p',
    'SELECT (p.*)::text FROM people p',
    'SELECT public.people.*::text FROM public.people',
    'SELECT ROW(p.*) FROM people p',
    'SELECT (email, 1) FROM people',
    'SELECT to_jsonb(p) FROM people p',
    'SELECT json_agg(p) FROM people p',
    'SELECT (array_agg(p))[1].email FROM people p',
    "SELECT concat_ws(',', p.*) FROM people p",
    'SELECT (SELECT p) FROM people p',
    'SELECT (SELECT x FROM (SELECT people) x) FROM people',
    'SELECT x FROM (SELECT * FROM people) x',
    'SELECT x::text FROM (SELECT id, email FROM people) x',
    'SELECT s FROM (SELECT p AS s FROM people p) z',
    'SELECT s.s FROM (SELECT p AS s FROM people p) s',
    "SELECT (z.s).email || '' FROM (SELECT p AS s FROM people p) z",
    "SELECT to_jsonb(z.s) ->> 'email' FROM (SELECT p AS s FROM people p) z",
    'SELECT j FROM ids NATURAL JOIN people j',
    'SELECT to_jsonb(j) FROM (ids JOIN people USING (id)) AS j (a, b, c, d, e)',
    'SELECT x.email FROM people p, jsonb_populate_record(null::people, to_jsonb(p)) x',
    'SELECT x.email FROM people p, jsonb_to_record(to_jsonb(p)) AS x (email text)',
    'SELECT v FROM people p, jsonb_each_text(to_jsonb(p)) AS x (k, v)',
    "SELECT jsonb_path_query(to_jsonb(p), '$.*') FROM people p",
    'SELECT describe(p) FROM people p',
    'SELECT p.describe FROM people p',
    'SELECT (p).describe FROM people p',
  ],
  'through joins, set operations and WITH': [
    'SELECT * FROM ids NATURAL JOIN people',
    'SELECT email FROM people p FULL JOIN people q USING (email)',
    "SELECT j.d || '' FROM (ids JOIN people USING (id)) AS j (a, b, c, d, e)",
    'SELECT name FROM people UNION SELECT email FROM people',
    'SELECT note FROM ids UNION ALL SELECT email FROM people',
    'SELECT x.note FROM (SELECT note FROM ids UNION ALL SELECT email FROM people) x',
    '(SELECT email FROM people) EXCEPT (SELECT name FROM people)',
    'WITH w (a, b) AS (SELECT id, email FROM people) SELECT b FROM w',
    "WITH w (a, b, c) AS (TABLE people) SELECT c || '' FROM w",
    'WITH w AS MATERIALIZED (SELECT email AS e FROM people) SELECT e FROM w',
    'WITH w AS (SELECT * FROM people) SELECT w FROM w',
    'WITH RECURSIVE w AS (SELECT 1 AS n, email AS e FROM people UNION ALL SELECT n + 1, e FROM w WHERE n < 2) SELECT e FROM w',
  ],
  'through views': [
    'SELECT addr FROM contacts',
    'SELECT contacts FROM contacts',
    'SELECT a2 FROM contacts_again',
    'SELECT upper(a2) FROM contacts_again',
    'SELECT addr FROM kept',
    'SELECT name FROM either_one',
    'SELECT u FROM joined',
    'SELECT j FROM row_json',
    'SELECT (p).email FROM row_typed',
    'SELECT j FROM row_of_subquery',
    'SELECT j FROM row_of_cte',
    'SELECT e FROM by_function',
    'SELECT upper(e) FROM by_function',
    'SELECT email FROM by_row_function',
    'SELECT d FROM by_attribute',
    'SELECT o FROM by_operator',
    'SELECT x FROM by_query_text',
    ['CREATE VIEW made_now AS SELECT email AS x FROM people', 'SELECT upper(x) FROM made_now'],
    [
      'SELECT name FROM names',
      'CREATE OR REPLACE VIEW names AS SELECT id, email AS name FROM people',
      'SELECT name FROM names',
    ],
  ],
  'through functions of users': [
    'SELECT email_of(1)',
    'SELECT * FROM everyone()',
    'SELECT (everyone()).email',
    "SELECT query_to_xml('SELECT email FROM people', true, false, '')",
  ],
  'in other columns': [
    'SELECT shout FROM made',
    'SELECT lower(shout) FROM made',
    'SELECT who FROM nested',
    'SELECT (who).email FROM nested',
    'SELECT (w).within[1].email FROM nested',
    'SELECT d FROM nested',
    'SELECT hidden FROM parts_a',
    'SELECT hidden FROM parts',
    'SELECT hidden FROM parts_b',
    'SELECT upper(hidden) FROM parts',
    'SELECT email FROM kid',
    'SELECT b FROM base b',
    'SELECT chunk_data FROM toasted',
    "SELECT most_common_vals FROM pg_stats WHERE tablename = 'people'",
    "SELECT s FROM pg_stats s WHERE tablename = 'people'",
    'SELECT stavalues1 FROM pg_statistic',
    'SELECT s::text FROM pg_statistic s',
    'SELECT v FROM by_statistics',
    'SELECT v FROM by_statistics_table',
  ],
  'by writing': [
    'UPDATE people SET city = city RETURNING email',
    'UPDATE people SET city = city RETURNING *',
    'UPDATE people SET city = city RETURNING people',
    'UPDATE people p SET city = city RETURNING to_jsonb(p)',
    'DELETE FROM people RETURNING upper(email)',
    'UPDATE ids SET note = note FROM people p RETURNING p.email',
    'INSERT INTO ruled VALUES (1, $$x$$)',
    'INSERT INTO ruled_by_code VALUES (1, $$x$$)',
    ['CREATE TEMP TABLE t AS SELECT email AS x FROM people', 'SELECT x FROM t'],
    ['CREATE TEMP TABLE t AS SELECT email AS x FROM people', "SELECT x || '' FROM t"],
    ['SELECT email AS x INTO TEMP t FROM people', 'TABLE t'],
    ['CREATE TEMP TABLE ids AS SELECT id, email AS note FROM people', "SELECT note || '' FROM ids"],
    ['INSERT INTO ids SELECT id + 100, email FROM people RETURNING note'],
    ['UPDATE ids SET note = p.email FROM people p WHERE p.id = ids.id RETURNING note'],
    ['UPDATE people SET name = email RETURNING name'],
    ["SELECT set_config('app.x', email, true) FROM people"],
    ["SELECT setval('numbers', salary) FROM people WHERE id = 1"],
    [
      "SELECT note || '' FROM ids",
      'DO $$ BEGIN CREATE TEMP TABLE ids AS SELECT id, email AS note FROM people; END $$',
      "SELECT note || '' FROM ids",
    ],
    [
      'SELECT name FROM names',
      "DO $$ BEGIN EXECUTE 'CREATE OR REPLACE VIEW names AS SELECT id, email AS name FROM people'; END $$",
      'SELECT name FROM names',
    ],
  ],
  'by cursors, prepared statements, plans and COPY': [
    ['DECLARE c CURSOR FOR SELECT email FROM people', 'FETCH ALL c'],
    ['DECLARE c CURSOR FOR SELECT upper(email) FROM people', 'FETCH ALL c'],
    ['DECLARE c CURSOR FOR SELECT p FROM people p', 'FETCH ALL c'],
    ['PREPARE q AS SELECT email FROM people', 'EXECUTE q', 'DEALLOCATE q'],
    ['PREPARE q (int) AS SELECT p::text FROM people p WHERE id = $1', 'EXECUTE q (1)', 'DEALLOCATE q'],
    'COPY people TO STDOUT',
    'COPY people (email) TO STDOUT',
    'COPY (SELECT p FROM people p) TO STDOUT',
    'COPY (SELECT addr FROM contacts) TO STDOUT',
  ],
};

/** New in PostgreSQL 16 to 18. */
const hiddenSince18: readonly string[] = [
  'UPDATE people SET city = city RETURNING old',
  'UPDATE people SET city = city RETURNING old.*',
  'UPDATE people SET city = city RETURNING upper(new.email)',
  'UPDATE people SET city = city RETURNING new::text',
  'UPDATE people SET city = city RETURNING WITH (OLD AS o, NEW AS n) o, n::text',
  'MERGE INTO ids USING people p ON ids.id = p.id WHEN MATCHED THEN UPDATE SET note = note RETURNING p.email',
  'MERGE INTO ids USING people p ON ids.id = p.id WHEN MATCHED THEN UPDATE SET note = note RETURNING p',
  'MERGE INTO people t USING ids ON ids.id = t.id WHEN MATCHED THEN UPDATE SET city = city RETURNING old',
  'COPY kept TO STDOUT',
  'SELECT any_value(email) FROM people',
  'SELECT json_arrayagg(p) FROM people p',
  "SELECT x.* FROM people p, json_table(to_jsonb(p), '$' COLUMNS (z text PATH '$.email')) x",
];

/** Texts that show unmasked columns beside or instead of masked ones, and must go on doing so. */
const shown: readonly string[] = [
  'SELECT id, name, email FROM people',
  'SELECT * FROM people',
  'SELECT upper(name) FROM people',
  'SELECT (SELECT name FROM people LIMIT 1)',
  'SELECT name FROM people UNION ALL SELECT city FROM people',
  'SELECT note FROM ids JOIN people USING (id) WHERE email IS NOT NULL',
  'SELECT people FROM same_names',
  'SELECT people.people FROM same_names people',
  'SELECT name FROM names',
  'SELECT upper(name) FROM names',
  'SELECT plain FROM made',
  'SELECT plain FROM nested',
  'SELECT plain FROM parts',
  'SELECT upper(plain) FROM parts_b',
  'SELECT plain, extra FROM kid',
  'UPDATE people SET city = city RETURNING name',
  'COPY ids TO STDOUT',
  'COPY (SELECT name FROM people) TO STDOUT',
];

for (const version of ['18', 'system'] as const) {
  describe(`masked columns of PostgreSQL ${version}`, () => {
    let server: RunningPostgres;
    let client: RawPostgres;
    let session: MaskedSession;
    before(async () => {
      server = await startPostgres({ version });
      await server.sql(schema);
      client = await RawPostgres.connect(server);
      session = new MaskedSession((sql) => client.exchange(query(sql)));
    });
    after(async () => {
      await client?.end();
      await server?.stop();
    });

    const groups = Object.entries(hidden);
    if (version === '18') groups.push(['by what newer versions brought', hiddenSince18]);
    for (const [way, cases] of groups) {
      test(`are hidden ${way}`, async () => {
        for (const each of cases) {
          const texts = typeof each === 'string' ? [each] : each;
          const { direct, masked } = await session.tell(...texts);
          const words = texts.join('; ');
          assert.match(direct, secret, `shows nothing in the first place: ${words}`);
          assert.doesNotMatch(masked, secret, words);
        }
      });
    }

    test('leave what is clean beside them as it is', async () => {
      for (const text of shown) {
        const { masked } = await session.tell(text);
        assert.match(masked, /CLEAN/, text);
        assert.doesNotMatch(masked, secret, text);
      }
    });
  });
}
