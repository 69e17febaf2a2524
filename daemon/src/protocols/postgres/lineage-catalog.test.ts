import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { analyzeSql, loadSqlParser } from '@gatehouse/policy-schema/vocabulary/sql/postgres/analyze.ts';
import { lineageOf } from '@gatehouse/policy-schema/vocabulary/sql/postgres/lineage/lineage-of.ts';
import type {
  LineageCatalog,
  LineageRelation,
} from '@gatehouse/policy-schema/vocabulary/sql/postgres/lineage/lineage-catalog.ts';
import { type RunningPostgres, startPostgres } from '@gatehouse/test-fixtures/servers/postgres.ts';
import pg from 'pg';
import { Catalog } from './catalog.ts';
import { readSessionProbe, sessionProbeText } from './catalog-probe.ts';
import { lineageCatalog } from './lineage-catalog.ts';
import { atomicSchema, extensionSchema, lineageSchema } from './lineage-catalog.fixture.ts';
import { wantedNames } from './wanted-names.ts';

await loadSqlParser();

test('what changes an answer is known to change the catalog', () => {
  for (const text of [
    "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    'ALTER FUNCTION f() SET search_path = hr',
    'ALTER FUNCTION f() SECURITY DEFINER',
    'DROP FUNCTION f()',
    "ALTER TYPE mood ADD VALUE 'fine'",
    'ALTER DOMAIN code ADD CHECK (true)',
    'CREATE DOMAIN code AS text',
    'CREATE OPERATOR === (LEFTARG = text, RIGHTARG = text, FUNCTION = same)',
    'DROP OPERATOR === (text, text)',
    'CREATE CAST (mood AS date) WITH FUNCTION to_date(mood)',
    'DROP CAST (mood AS date)',
    'CREATE RULE away AS ON INSERT TO t DO INSTEAD NOTHING',
    'CREATE OR REPLACE VIEW v AS SELECT 1',
    'CREATE MATERIALIZED VIEW m AS SELECT 1',
    'CREATE TABLE t AS SELECT 1',
    'ALTER TABLE t ADD PRIMARY KEY (id)',
    'ALTER TABLE t INHERIT u',
    'CREATE UNIQUE INDEX ON t (id)',
    'DROP INDEX i',
    'CREATE EXTENSION citext',
    'ALTER EXTENSION citext SET SCHEMA app',
    'ALTER SCHEMA app RENAME TO other',
    'IMPORT FOREIGN SCHEMA public FROM SERVER s INTO app',
    'ALTER VIEW v RENAME TO w',
    'CREATE AGGREGATE a (text) (SFUNC = textcat, STYPE = text)',
    'REASSIGN OWNED BY ada TO bob',
    'DROP OWNED BY ada',
  ]) {
    const { statements, undecidable } = analyzeSql(text);
    assert.equal(undecidable, undefined, text);
    assert.ok(
      statements[0]?.session.some(({ kind }) => kind === 'ddl'),
      text,
    );
  }
});

for (const version of ['18', 'system'] as const) {
  describe(`PostgreSQL ${version}`, () => {
    let server: RunningPostgres;
    let client: pg.Client;

    before(async () => {
      server = await startPostgres({ version });
      client = new pg.Client(server);
      await client.connect();
      await client.query(`SET search_path = app, hr; SET check_function_bodies = off`);
      await client.query(lineageSchema);
      await client.query(atomicSchema);
      await client.query(extensionSchema);
    });

    after(async () => {
      await client.end();
      await server.stop();
    });

    async function rows(text: string): Promise<(string | null)[][]> {
      return (await client.query({ text, rowMode: 'array' })).rows;
    }

    /** What lineage is told for the names in `text`, by the session's search path of now. */
    async function learn(text: string, ask = rows, catalog = new Catalog()): Promise<LineageCatalog> {
      const analysis = analyzeSql(text);
      assert.equal(analysis.undecidable, undefined);
      const view = await catalog.learnForLineage(wantedNames(analysis), ask);
      return lineageCatalog(view, readSessionProbe(await rows(sessionProbeText)));
    }

    async function relation(name: string): Promise<LineageRelation> {
      const [schema, bare] = name.split('.');
      const found = (await learn(`TABLE ${name}`)).relation(schema, bare ?? '');
      assert.ok(found, name);
      return found;
    }

    /** A view's query, as the relations behind the names in it. */
    function readBy(scope: LineageCatalog | undefined, ...names: readonly string[]): unknown[] {
      return names.map((name) => {
        const found = scope?.relation(undefined, name);
        return found && `${found.schema}.${found.name}: ${found.kind}`;
      });
    }

    async function body(call: string) {
      const found = (await learn(`SELECT ${call}()`)).functions(...split(call));
      assert.equal(found.length, 1, call);
      return found[0]?.body ?? assert.fail();
    }

    const split = (name: string): [string | undefined, string] => {
      const [first, second] = name.split('.');
      return second === undefined ? [undefined, first ?? ''] : [first, second];
    };

    test('columns come in order, domains as what they are made of, generated ones with their sources', async () => {
      const people = await relation('hr.people');
      assert.deepEqual(
        people.columns.map(({ name, attribute }) => `${attribute} ${name}`),
        '2 id,3 name,4 ssn,5 mood,6 tags,7 address,8 maybe,9 late,10 initial,11 low,12 part'.split(','),
      );
      const types = new Map(people.columns.map(({ name, type }) => [name, type]));
      assert.equal(types.get('id'), 23);
      assert.equal(types.get('ssn'), 25, 'a domain over a domain over text');
      assert.equal(types.get('tags'), 1009);
      assert.ok((types.get('mood') ?? 0) >= 16_384);
      assert.deepEqual(
        people.columns.flatMap((each) =>
          each.generatedFrom ? [[each.name, each.generatedFrom.toSorted()]] : [],
        ),
        [['initial', [3, 4]]],
      );
    });

    test('a key is unique at any time, for every row, and never NULL', async () => {
      assert.deepEqual((await relation('hr.people')).keys.toSorted(), [[12, 11], [2], [3]]);
      assert.deepEqual((await relation('other.people')).keys, [], 'rows of its heirs have keys of their own');
      assert.deepEqual((await relation('app.events')).keys, [[1]]);
      assert.deepEqual((await relation('app.kept')).keys, []);
    });

    test('every kind of relation is told as what it is to a reader', async () => {
      const expected = {
        'app.events': 'table',
        'app.events_2026': 'table',
        'app.numbers': 'table',
        'app.named': 'view',
        'app.kept': 'view',
        'app.ruled': 'anything',
        'app.written': 'anything',
        'pg_catalog.pg_stats': 'anything',
        'pg_catalog.pg_statistic': 'anything',
        'pg_catalog.pg_stat_activity': 'anything',
        'pg_catalog.pg_prepared_statements': 'anything',
        'pg_catalog.pg_class': 'table',
        'pg_catalog.pg_tables': 'view',
      };
      for (const [name, kind] of Object.entries(expected))
        assert.equal((await relation(name)).kind, kind, name);
      const [toast] = await rows(
        `SELECT t.relname FROM pg_class c JOIN pg_class t ON t.oid = c.reltoastrelid WHERE c.oid = 'hr.people'::regclass`,
      );
      assert.equal((await relation(`pg_toast.${toast?.[0]}`)).kind, 'anything');
      assert.equal((await learn('TABLE app.pair')).relation('app', 'pair'), undefined);
    });

    test('a view is followed to its tables, whatever the search path is', async () => {
      for (const path of ['app, hr', 'hr, app, other', '', 'other']) {
        await client.query(`SELECT set_config('search_path', $1, false)`, [path]);
        const two = await relation('app.two');
        assert.deepEqual(readBy(two.scope, 'pg_class'), ['pg_catalog.pg_class: table']);
        assert.equal(two.scope?.functions('app', 'twice').length, 1, path);
        assert.equal(two.scope?.functions(undefined, 'twice')[0]?.body.kind, 'sql');
        const named = two.scope?.relation(undefined, 'named') ?? two.scope?.relation('app', 'named');
        assert.deepEqual(readBy(named?.scope, 'people'), ['hr.people: table'], path);
        assert.deepEqual(two.scope?.functions(undefined, 'count'), []);
      }
      const both = await relation('app.both');
      assert.deepEqual(readBy(both.scope, 'people'), [undefined], 'either may be meant');
      assert.equal(both.scope?.relation('hr', 'people')?.kind, 'table');
      await client.query('SET search_path = app, hr');
    });

    test("PostgreSQL's own views are followed to its catalogs", async () => {
      const columns = await relation('app.columns');
      const own = columns.scope?.relation('information_schema', 'columns');
      assert.deepEqual(readBy(own?.scope, 'pg_attribute'), ['pg_catalog.pg_attribute: table']);
      assert.deepEqual(readBy((await relation('app.samples')).scope, 'pg_stats'), [
        'pg_catalog.pg_stats: anything',
      ]);
      assert.equal((await relation('app.counted')).scope?.relation(undefined, 'counted'), undefined);
    });

    test('functions are told by all that a call could mean', async () => {
      const catalog = await learn('SELECT twice(1), lower(x), nothing() FROM people');
      assert.deepEqual(
        catalog.functions(undefined, 'twice').map((each) => [each.schema, each.arguments, each.hasDefaults]),
        [
          ['app', ['n', 'by'], true],
          ['app', ['n'], false],
        ],
      );
      assert.equal(catalog.functions('other', 'twice').length, 1);
      assert.deepEqual(catalog.functions(undefined, 'lower'), []);
      assert.deepEqual(catalog.functions(undefined, 'never_asked')[0]?.body, { kind: 'unread' });
      const [outs] = (await learn('SELECT outs(1)')).functions(undefined, 'outs');
      assert.deepEqual(
        [outs?.arguments, outs?.columns, outs?.variadic],
        [['a', 'y', 'rest'], ['x', 'y'], true],
      );
      const [table] = (await learn('SELECT as_table(1)')).functions(undefined, 'as_table');
      assert.deepEqual([table?.arguments, table?.columns, table?.returnsSet], [[''], ['id', 'name'], true]);
      const [row] = (await learn('SELECT row_of(1)')).functions(undefined, 'row_of');
      assert.equal(row?.columns.slice(0, 2).join(), 'id,name');
      const [glue] = (await learn('SELECT glue(name)')).functions(undefined, 'glue');
      assert.deepEqual([glue?.isAggregate, glue?.body.kind], [true, 'unread']);
    });

    test('bodies of SQL are read, with what they name', async () => {
      const deep = await body('app.deep');
      assert.ok(deep.kind === 'sql');
      assert.deepEqual(readBy(deep.scope.relation('app', 'named')?.scope, 'people'), ['hr.people: table']);
      const [inner] = deep.scope.functions('app', 'ssn_of');
      assert.ok(inner?.body.kind === 'sql');
      assert.equal(inner.body.scope.relation('hr', 'people')?.kind, 'table');
      const parsed = await body('app.parsed');
      assert.ok(parsed.kind === 'sql');
      assert.equal(analyzeSql(parsed.text).statements.length, 2);
      assert.equal(
        (parsed.scope.relation(undefined, 'people') ?? parsed.scope.relation('hr', 'people'))?.name,
        'people',
      );
      assert.equal(parsed.scope.functions(undefined, 'twice').length, 1);
      const returned = await body('app.returned');
      assert.ok(returned.kind === 'sql');
      assert.match(returned.text, /^SELECT \(?.*twice\(begin/);
      assert.equal(analyzeSql(returned.text).undecidable, undefined);
    });

    test("names in a body are those of the function's search path, or the caller's", async () => {
      const pinned = await body('app.pinned');
      assert.ok(pinned.kind === 'sql');
      assert.deepEqual(readBy(pinned.scope, 'people'), ['hr.people: table']);
      const outer = await body('app.calls_back');
      assert.ok(outer.kind === 'sql');
      const [called] = outer.scope.functions('hr', 'follows_caller');
      assert.ok(called?.body.kind === 'sql');
      assert.deepEqual(readBy(called.body.scope, 'people'), ['other.people: table']);
      await client.query('SET search_path = app, hr, other');
      const definer = await body('app.definer');
      assert.ok(definer.kind === 'sql');
      assert.deepEqual(readBy(definer.scope, 'people'), [undefined], 'its role may not be able to use hr');
      await client.query('SET search_path = app, hr');
      const surely = await body('app.definer');
      assert.ok(surely.kind === 'sql');
      assert.deepEqual(readBy(surely.scope, 'people'), ['hr.people: table']);
    });

    test('PL/pgSQL is read where every query in it is known', async () => {
      const looks = await body('app.looks');
      assert.ok(looks.kind === 'queries');
      assert.ok(looks.texts.some((text) => text.includes('SELECT * FROM hr.people')));
      assert.ok(looks.texts.includes('SELECT app.ssn_of(wanted)'));
      assert.deepEqual(readBy(looks.scope, 'people'), ['hr.people: table']);
      assert.equal(looks.scope.functions('app', 'ssn_of')[0]?.body.kind, 'sql');
      assert.equal((await body('app.works')).kind, 'queries');
      for (const name of ['runs', 'default_reads', 'default_reaches', 'quoting', 'changes_path']) {
        assert.equal((await body(`app.${name}`)).kind, 'unread', name);
      }
    });

    test('operators, types and casts of users are known by name', async () => {
      const catalog = await learn('SELECT 1');
      const mood = (await relation('hr.people')).columns.find(({ name }) => name === 'mood')?.type;
      assert.equal(catalog.hasUserOperator('==='), true);
      assert.equal(catalog.hasUserOperator('=='), false);
      assert.equal(catalog.hasUserOperator('='), true);
      assert.equal(catalog.hasUserOperator('=', 25, 25), false, 'no text becomes a mood by itself');
      assert.equal(catalog.hasUserOperator('=', 25, mood), true);
      assert.equal(catalog.hasUserOperator('=', 25, 705), true);
      assert.equal(catalog.hasUserType(undefined, 'mood'), true);
      assert.equal(catalog.hasUserType('other', 'mood'), false);
      assert.equal(catalog.hasUserType(undefined, 'text'), false);
      assert.equal(catalog.hasUserType(undefined, 'date'), true, 'a cast leads there');
      assert.equal(catalog.isPlainType?.('app', 'mood'), true);
      assert.equal(catalog.isPlainType?.('app', 'code'), true);
      assert.equal(catalog.isPlainType?.('app', 'short'), false);
      assert.equal(catalog.isPlainType?.(undefined, 'date'), false);
      assert.equal(catalog.hasUserType(undefined, 'people'), false);
    });

    test('what extensions bring is no hindrance where it surely is not meant', async () => {
      const catalog = await learn('SELECT pg_stat_statements(true) FROM pg_stat_statements, passwords');
      assert.equal(catalog.relation(undefined, 'passwords')?.kind, 'table');
      const statements = catalog.relation(undefined, 'pg_stat_statements');
      assert.equal(statements?.kind, 'view');
      assert.equal(statements?.scope?.functions(undefined, 'pg_stat_statements')[0]?.body.kind, 'unread');
      assert.equal(catalog.hasUserOperator('<', 25, 25), false);
      assert.equal(catalog.hasUserOperator('<', 1043, 705), false);
      assert.equal(catalog.hasUserOperator('<', undefined, 705), true);
      assert.equal(catalog.hasUserType(undefined, 'citext'), true);
      assert.equal(catalog.isPlainType?.(undefined, 'citext'), false);
    });

    test('lineage goes through views and functions to the tables', async () => {
      const origins = async (text: string): Promise<string[][]> => {
        const catalog = await learn(text);
        const { parseSync } = await import('libpg-query');
        const statement = parseSync(text).stmts?.[0]?.stmt ?? assert.fail();
        const people = await relation('hr.people');
        const names = new Map(people.columns.map(({ attribute, name }) => [attribute, name]));
        return lineageOf(statement, catalog, text).columns.map((column) =>
          column.anything
            ? ['anything']
            : column.origins
                .filter((origin) => origin.relation === people.oid)
                .map((origin) => `${origin.how} ${names.get(origin.attribute)}`)
                .sort(),
        );
      };
      assert.deepEqual(await origins('SELECT name, relname FROM two'), [['copy name'], []]);
      assert.deepEqual(await origins('SELECT ssn FROM kept'), [['copy ssn']]);
      assert.deepEqual(await origins('SELECT ssn_of(1)'), [['computed ssn']]);
      assert.deepEqual(await origins('SELECT initial FROM people'), [
        ['computed name', 'computed ssn', 'copy initial'],
      ]);
      assert.deepEqual(await origins('SELECT most_common_vals FROM samples'), [['anything']]);
      assert.deepEqual(await origins('SELECT query FROM pg_stat_statements'), [['anything']]);
      assert.deepEqual(await origins("SELECT runs('x')"), [['anything']]);
      const [looked] = await origins('SELECT looks(1)');
      assert.ok(looked?.includes('computed ssn'), 'by PL/pgSQL');
    });

    test('a temporary table comes before others, and is called pg_temp', async () => {
      await client.query('CREATE TEMP TABLE people (x int)');
      const catalog = await learn('SELECT * FROM people');
      assert.equal(catalog.relation(undefined, 'people')?.schema, 'pg_temp');
      assert.equal(catalog.relation('pg_temp', 'people')?.columns.length, 1);
      assert.equal(catalog.relation('hr', 'people')?.columns.length, 11);
      await client.query('DROP TABLE pg_temp.people');
    });

    test('what was learned is not asked for again, and no question seems dear to the planner', async () => {
      const questions: string[] = [];
      const ask = (question: string) => {
        questions.push(question);
        return rows(question);
      };
      const catalog = new Catalog();
      const text = 'SELECT deep(1), looks(2), glue(name) FROM two, information_schema.columns';
      await learn(text, ask, catalog);
      for (const question of questions) {
        const plan = await rows(`EXPLAIN (FORMAT JSON) ${question}`);
        const told = plan[0]?.[0] as unknown as readonly {
          readonly Plan: { readonly 'Total Cost': number };
        }[];
        const cost = told[0]?.Plan['Total Cost'] ?? Number.POSITIVE_INFINITY;
        assert.ok(cost < 50_000, `half of jit_above_cost: ${cost}: ${question}`);
      }
      const asked = questions.length;
      assert.equal(catalog.knowsForLineage(wantedNames(analyzeSql(text))), true);
      await learn(text, ask, catalog);
      assert.equal(questions.length, asked);
      catalog.invalidate();
      assert.equal(catalog.knowsForLineage(wantedNames(analyzeSql(text))), false);
    });

    test('what is forgotten while one waits is learned again', async () => {
      const catalog = new Catalog();
      let questions = 0;
      const found = await learn(
        'SELECT deep(1)',
        (question) => {
          if (++questions % 2 === 0 && questions < 8) catalog.invalidate();
          return rows(question);
        },
        catalog,
      );
      const [deep] = found.functions(undefined, 'deep');
      assert.ok(deep?.body.kind === 'sql');
      assert.equal(deep.body.scope.relation('app', 'named')?.kind, 'view');
      assert.ok(questions > 8);
    });

    test('a hostile search path changes no answer, and where it could, there is none', async () => {
      await client.query(`
        CREATE SCHEMA evil;
        CREATE FUNCTION evil.always(oid, oid) RETURNS boolean LANGUAGE sql AS 'SELECT true';
        CREATE FUNCTION evil.always(name, name) RETURNS boolean LANGUAGE sql AS 'SELECT true';
        CREATE OPERATOR evil.= (LEFTARG = oid, RIGHTARG = oid, FUNCTION = evil.always);
        CREATE OPERATOR evil.= (LEFTARG = name, RIGHTARG = name, FUNCTION = evil.always);
        CREATE TABLE evil.pg_class (oid oid);
        SET search_path = evil, pg_catalog, app, hr`);
      const hostile = await learn('SELECT ssn_of(1) FROM two, hr.people');
      assert.equal(hostile.relation('app', 'two'), undefined, 'its query cannot be asked for');
      assert.equal(hostile.relation('hr', 'people')?.keys.length, 3);
      assert.equal(hostile.functions(undefined, 'ssn_of')[0]?.body.kind, 'sql');
      await client.query('SET search_path = evil');
      const two = await relation('app.two');
      assert.equal(two.scope?.relation('app', 'named')?.kind, 'view');
      assert.equal(two.scope?.relation(undefined, 'pg_class')?.schema, 'pg_catalog');
      await client.query('SET search_path = app, hr; DROP SCHEMA evil CASCADE');
    });
  });
}
