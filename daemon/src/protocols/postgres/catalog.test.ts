import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type RunningPostgres, startPostgres } from '@gatehouse/test-fixtures/servers/postgres.ts';
import pg from 'pg';
import { Catalog } from './catalog.ts';
import { readSessionProbe, sessionProbeText, type WantedNames } from './catalog-probe.ts';
import { MaskMap } from './mask-map.ts';
import { SessionNames } from './session-names.ts';

let server: RunningPostgres;
let client: pg.Client;

const schema = `
  CREATE SCHEMA hr; CREATE SCHEMA app; CREATE SCHEMA "odd.schema";
  CREATE TABLE hr.people (id int, name text, ssn text, gone int);
  ALTER TABLE hr.people DROP COLUMN gone;
  CREATE TABLE app.people (id int, city text);
  CREATE TABLE "odd.schema"."it's" (id int);
  CREATE VIEW app.names AS SELECT id, name FROM hr.people;
  CREATE VIEW app.named AS SELECT name FROM app.names;
  CREATE VIEW app.secret AS SELECT upper(ssn) AS nothing_to_see FROM hr.people;
  CREATE MATERIALIZED VIEW app.kept AS SELECT * FROM app.secret;
  CREATE VIEW app.own AS SELECT id, upper(ssn) AS ssn FROM hr.people;
  CREATE VIEW app.alone AS SELECT id, city AS ssn FROM app.people;
  CREATE VIEW app.rows AS SELECT to_jsonb(p) AS it, p.id FROM hr.people p;
  CREATE TABLE app.events (at date, payload text) PARTITION BY RANGE (at);
  CREATE TABLE app.events_2026 PARTITION OF app.events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
  CREATE FUNCTION app.lower(text) RETURNS text LANGUAGE sql AS 'SELECT $1';
`;

before(async () => {
  server = await startPostgres({ version: '18' });
  client = new pg.Client(server);
  await client.connect();
  await client.query(schema);
});

after(async () => {
  await client.end();
  await server.stop();
});

async function rows(text: string): Promise<(string | null)[][]> {
  return (await client.query({ text, rowMode: 'array' })).rows;
}

async function learn(catalog: Catalog, wanted: WantedNames): Promise<SessionNames> {
  const view = await catalog.learn(wanted, rows);
  return new SessionNames(view, readSessionProbe(await rows(sessionProbeText)).schemas);
}

test('names mean what the search path of the session says', async () => {
  const catalog = new Catalog();
  const wanted = { relations: ['people', 'nowhere', 'pg_class'], functions: ['lower', 'no_such'] };
  await client.query('SET search_path = app, hr');
  const first = await learn(catalog, wanted);
  assert.deepEqual(first.relation(undefined, 'people'), {
    schema: 'app',
    name: 'people',
    columns: ['id', 'city'],
    reads: [],
  });
  assert.equal(first.relation('hr', 'people').columns?.join(), 'id,name,ssn');
  assert.equal(first.relation(undefined, 'pg_class').schema, 'pg_catalog');
  assert.deepEqual(first.relation(undefined, 'nowhere'), { schema: 'app', name: 'nowhere' });
  assert.deepEqual(
    first
      .functions(undefined, 'lower')
      .map((each) => each.schema)
      .sort(),
    ['app', 'pg_catalog'],
  );
  assert.deepEqual(first.functions(undefined, 'no_such'), [
    { schema: 'app', name: 'no_such', assumed: true },
  ]);
  await client.query('SET search_path = hr');
  const second = await learn(catalog, wanted);
  assert.equal(second.relation(undefined, 'people').schema, 'hr');
  assert.equal(catalog.knows(wanted), true);
  await client.query('RESET search_path');
});

test('a temporary table comes first, and is called pg_temp', async () => {
  const catalog = new Catalog();
  await client.query('SET search_path = app; CREATE TEMP TABLE people (x int)');
  const names = await learn(catalog, { relations: ['people'], functions: [] });
  assert.deepEqual(names.relation(undefined, 'people'), {
    schema: 'pg_temp',
    name: 'people',
    columns: ['x'],
    reads: [],
  });
  assert.equal(names.relation('pg_temp', 'people').columns?.join(), 'x');
  await client.query('DROP TABLE pg_temp.people; RESET search_path');
});

test('what a view or a parent reads is told with it, to any depth', async () => {
  const catalog = new Catalog();
  const names = await learn(catalog, { relations: ['named', 'events'], functions: [] });
  assert.deepEqual(names.relation('app', 'named').reads, [{ schema: 'app', name: 'names' }]);
  assert.deepEqual(names.relation('app', 'names').reads, [{ schema: 'hr', name: 'people' }]);
  assert.deepEqual(names.relation('app', 'events').reads, [
    { schema: 'app', name: 'events_2026', columns: 'same' },
  ]);
});

test('a hostile search path and quotes in names change nothing', async () => {
  await client.query(`
    CREATE SCHEMA evil;
    CREATE FUNCTION evil.never(name, name) RETURNS boolean LANGUAGE sql AS 'SELECT false';
    CREATE OPERATOR evil.= (LEFTARG = name, RIGHTARG = name, FUNCTION = evil.never);
    CREATE FUNCTION evil.json_build_array(VARIADIC "any") RETURNS json LANGUAGE internal AS 'json_build_array';
    CREATE TABLE evil.pg_class (oid oid, relname name);
    SET search_path = evil, pg_catalog`);
  const names = await learn(new Catalog(), { relations: ["it's", 'people'], functions: [] });
  assert.equal(names.relation('odd.schema', "it's").columns?.join(), 'id');
  assert.equal(names.relation('hr', 'people').columns?.length, 3);
  await client.query('RESET search_path; DROP SCHEMA evil CASCADE');
});

test('a mask on a column holds for whatever is made of it', async () => {
  const catalog = new Catalog();
  await learn(catalog, {
    relations: ['people', 'names', 'named', 'secret', 'kept', 'rows', 'own', 'alone', 'events'],
    functions: [],
  });
  const mask = { with: 'redact', policy: 'p', location: { file: 'p', line: 1, column: 1 } } as const;
  const map = new MaskMap(
    [
      { ...mask, columns: ['*.ssn'] },
      { ...mask, columns: ['app.events_2026.payload'], with: 'null' },
    ],
    catalog,
    { doubtsTemporary: false, hasTokens: () => true },
  );
  const masked = (schemaName: string, name: string) => {
    const relation = catalog.qualified(schemaName, name);
    assert.ok(relation, name);
    return [...map.columns(relation)].map(
      ([attribute, each]) => `${relation.columns.get(attribute)}: ${each.with}`,
    );
  };
  assert.deepEqual(masked('hr', 'people'), ['ssn: redact']);
  assert.deepEqual(masked('app', 'people'), []);
  assert.deepEqual(masked('app', 'names'), []);
  assert.deepEqual(masked('app', 'named'), []);
  // What a view reads is told by lineage; here only masks that speak of its own columns count.
  for (const name of ['secret', 'kept', 'rows']) assert.deepEqual(masked('app', name), []);
  assert.deepEqual(masked('app', 'own'), ['ssn: redact']);
  const ofView = (name: string) => map.ofView(catalog.qualified('app', name)?.oid ?? 0);
  assert.equal(ofView('secret'), 'none');
  assert.deepEqual(ofView('own'), new Set([2]));
  assert.equal(ofView('alone'), 'whole');
  assert.deepEqual(masked('app', 'events'), ['payload: null']);
  assert.deepEqual(masked('app', 'events_2026'), ['payload: null']);
});

test('answers are believed for a while and not longer', async () => {
  let now = 0;
  const catalog = new Catalog(1000, () => now);
  const wanted = { relations: ['t'], functions: ['f'] };
  const before = await catalog.learn(wanted, async () => []);
  assert.deepEqual(before.relationsNamed('t'), []);
  assert.equal(catalog.knows(wanted), true);
  const { version } = catalog;
  now = 999;
  catalog.expire();
  assert.equal(catalog.version, version);
  now = 1001;
  catalog.expire();
  assert.notEqual(catalog.version, version);
  assert.equal(catalog.knows(wanted), false);
  assert.deepEqual(before.relationsNamed('t'), [], 'what was told stays with whom it was told');
});

test('no two catalogs have answers of the same version', () => {
  assert.notEqual(new Catalog().version, new Catalog().version);
});

test('what is forgotten while one waits is asked for again, not taken for absent', async () => {
  const catalog = new Catalog();
  await catalog.learn({ relations: ['people'], functions: [] }, rows);
  let questions = 0;
  const view = await catalog.learn({ relations: ['people', 'named'], functions: [] }, async (question) => {
    questions++;
    if (questions === 1) catalog.invalidate();
    return rows(question);
  });
  assert.equal(view.relationsNamed('people')?.length, 2);
  assert.equal(view.relationsNamed('named')?.length, 1);
  assert.ok(view.qualified('hr', 'people'), 'with all that it reads');
  assert.ok(questions > 1);
});

test('a table takes one question, and no question seems dear to the planner', async () => {
  const questions: string[] = [];
  const ask = (question: string) => {
    questions.push(question);
    return rows(question);
  };
  await new Catalog().learn({ relations: ['people'], functions: [] }, ask);
  assert.equal(questions.length, 1);
  const wanted = { relations: ['named', 'kept', 'rows', 'events', 'people'], functions: ['lower'] };
  await new Catalog().learn(wanted, ask);
  for (const question of questions) {
    const plan = await rows(`EXPLAIN (FORMAT JSON) ${question}`);
    const told = plan[0]?.[0] as unknown as readonly { readonly Plan: { readonly 'Total Cost': number } }[];
    const cost = told[0]?.Plan['Total Cost'] ?? Number.POSITIVE_INFINITY;
    assert.ok(cost < 50_000, `half of jit_above_cost: ${cost}`);
  }
});
