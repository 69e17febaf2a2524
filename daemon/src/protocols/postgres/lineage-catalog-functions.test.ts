import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyzeSql } from '@gatehouse/policy-schema/vocabulary/sql/postgres/analyze.ts';
import { lineageOf } from '@gatehouse/policy-schema/vocabulary/sql/postgres/lineage/lineage-of.ts';
import { startPostgres } from '@gatehouse/test-fixtures/servers/postgres.ts';
import { parseSync } from 'libpg-query';
import { onEachServer, readBy } from './lineage-catalog.fixture.ts';

onEachServer(startPostgres, ({ query, learn, relation, body }) => {
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
    await query('SET search_path = app, hr, other');
    const definer = await body('app.definer');
    assert.ok(definer.kind === 'sql');
    assert.deepEqual(readBy(definer.scope, 'people'), [undefined], 'its role may not be able to use hr');
    await query('SET search_path = app, hr');
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

  test('lineage goes through views and functions to the tables', async () => {
    const origins = async (text: string): Promise<string[][]> => {
      const catalog = await learn(text);
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
});
