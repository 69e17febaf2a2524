import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startPostgres } from '@gatehouse/test-fixtures/servers/postgres.ts';
import { onEachServer, readBy } from './lineage-catalog.fixture.ts';

onEachServer(startPostgres, ({ query, rows, learn, relation }) => {
  const checkedOf = async (name: string) => {
    const { checked = [], columns } = await relation(name);
    return columns.filter(({ attribute }) => checked.includes(attribute)).map((column) => column.name);
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

  test('columns that something looks at when a row is written are told', async () => {
    await query(`
      CREATE TABLE app.free (id int, word text, note varchar);
      CREATE TABLE app.watched (id int PRIMARY KEY, guess text CHECK (guess <> 'x'), short varchar(9), small app.short,
        plain app.code, source text, free text, made text GENERATED ALWAYS AS (upper(source)) STORED, low text, part text, open text,
        spot text, there text NOT NULL, parent int REFERENCES app.watched (id), EXCLUDE (spot WITH =));
      CREATE UNIQUE INDEX ON app.watched (low, upper(open));
      CREATE UNIQUE INDEX ON app.watched (id) WHERE part > 'm';
      CREATE TABLE app.whole (a text, b text, CHECK (whole IS NOT NULL));
      CREATE TABLE app.guarded (a text, b text); ALTER TABLE app.guarded ENABLE ROW LEVEL SECURITY;
      CREATE FUNCTION app.fires() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE TABLE app.fired (a text, b text);
      CREATE TRIGGER fires BEFORE INSERT ON app.fired FOR EACH ROW EXECUTE FUNCTION app.fires()`);
    assert.deepEqual(await checkedOf('app.free'), []);
    assert.deepEqual(
      await checkedOf('app.watched'),
      'id,guess,short,small,source,low,part,open,spot,there,parent'.split(','),
    );
    for (const whole of ['app.whole', 'app.guarded', 'app.fired'])
      assert.deepEqual(await checkedOf(whole), ['a', 'b'], whole);
    for (const parted of ['app.events', 'app.events_2026'])
      assert.deepEqual(await checkedOf(parted), ['at', 'payload'], parted);
    await query(
      'DROP TABLE app.free, app.watched, app.whole, app.guarded, app.fired; DROP FUNCTION app.fires()',
    );
  });

  test('an index made of nothing but expressions may look at any column', async () => {
    await query(`
      CREATE TABLE app.computed (a text, b text); CREATE INDEX ON app.computed (lower(a));
      CREATE TABLE app.partly (a text, b text, c text); CREATE INDEX ON app.partly (a, lower(b))`);
    assert.deepEqual(await checkedOf('app.computed'), ['a', 'b']);
    assert.deepEqual(await checkedOf('app.partly'), ['a', 'b']);
    await query('DROP TABLE app.computed, app.partly');
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
      'pg_catalog.pg_tables': 'table',
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
      await query(`SELECT set_config('search_path', $1, false)`, [path]);
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
    await query('SET search_path = app, hr');
  });

  test("PostgreSQL's own views are taken for tables, but for those that hold samples", async () => {
    const columns = await relation('app.columns');
    assert.equal(columns.scope?.relation('information_schema', 'columns')?.kind, 'table');
    assert.deepEqual(readBy((await relation('app.samples')).scope, 'pg_stats'), [
      'pg_catalog.pg_stats: anything',
    ]);
    assert.equal((await relation('app.counted')).scope?.relation(undefined, 'counted'), undefined);
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
    assert.equal(catalog.hasUserType(undefined, 'date', mood), true);
    assert.equal(catalog.hasUserType(undefined, 'date', 25), false, 'but not from text');
    assert.equal(catalog.hasUserType(undefined, '_date', 1009), true, 'an array by its elements');
    for (const loose of [705, 2249, 2287])
      assert.equal(catalog.hasUserType(undefined, 'date', loose), true, 'it may turn out to be any');
    assert.equal(catalog.hasUserType(undefined, 'mood', 25), true, 'the type itself is of a user');
    assert.equal(catalog.isPlainType?.('app', 'mood'), true);
    assert.equal(catalog.isPlainType?.('app', 'code'), true);
    assert.equal(catalog.isPlainType?.('app', 'short'), false);
    for (const name of ['date', '_date', '_short'])
      assert.equal(catalog.isPlainType?.(undefined, name), false, name);
    assert.equal(catalog.hasUserType('app', '_short'), true);
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

  test('a cast of a user counts for values of the types that may go by it', async () => {
    await query(`
      CREATE EXTENSION hstore SCHEMA public;
      CREATE FUNCTION app.json_of(varchar) RETURNS json LANGUAGE sql AS 'SELECT to_json($1)';
      CREATE CAST (varchar AS json) WITH FUNCTION app.json_of(varchar)`);
    const catalog = await learn('SELECT 1');
    const goes = (from: number | undefined) => catalog.hasUserType(undefined, 'jsonb', from);
    assert.deepEqual([undefined, 25, 23, 1184, 114].map(goes), [true, false, false, false, false], 'hstore');
    for (const loose of [705, 2249, 2287, 1009, 90_000]) assert.equal(goes(loose), true, `${loose}`);
    // What is told as text may be varchar.
    for (const from of [25, 1043, 1042]) assert.equal(catalog.hasUserType(undefined, 'json', from), true);
    assert.equal(catalog.hasUserType(undefined, 'json', 23), false);
    await query('DROP EXTENSION hstore; DROP FUNCTION app.json_of CASCADE');
  });

  test('a temporary table comes before others, and is called pg_temp', async () => {
    await query('CREATE TEMP TABLE people (x int)');
    const catalog = await learn('SELECT * FROM people');
    assert.equal(catalog.relation(undefined, 'people')?.schema, 'pg_temp');
    assert.equal(catalog.relation('pg_temp', 'people')?.columns.length, 1);
    assert.equal(catalog.relation('hr', 'people')?.columns.length, 11);
    await query('DROP TABLE pg_temp.people');
  });

  test('a hostile search path changes no answer, and where it could, there is none', async () => {
    await query(`
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
    await query('SET search_path = evil');
    const two = await relation('app.two');
    assert.equal(two.scope?.relation('app', 'named')?.kind, 'view');
    assert.equal(two.scope?.relation(undefined, 'pg_class')?.schema, 'pg_catalog');
    await query('SET search_path = app, hr; DROP SCHEMA evil CASCADE');
  });
});
