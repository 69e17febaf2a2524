import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as send from '@gatehouse/test-fixtures/clients/frontend-messages.ts';
import {
  type BackendMessage,
  dataRow,
  errorFields,
  RawPostgres,
} from '@gatehouse/test-fixtures/clients/raw-postgres.ts';
import { type ShopGate, startShopGate } from '@gatehouse/test-fixtures/e2e/shop-gate.ts';

/** Ways to make a name mean something else between the decision and the run. */

const policy = `gatehouse: v1
kind: Policy
name: names
applies: { to: [shop-db] }
rules:
  - name: run-a-session
    effect: allow
    sql:
      actions:
        [set, begin, commit, rollback, savepoint, prepare, execute, deallocate, declare, fetch, close, discard, show, values, do, copy]
  - { name: read, effect: allow, sql: { actions: [select], tables: [public.products, public.customers] } }
  - { name: late, effect: allow, sql: { actions: [select, insert], tables: [public.late] } }
  - name: call
    effect: allow
    sql: { actions: [call], functions: [pg_catalog.set_config, public.to_public] }
  - { name: tune, effect: allow, sql: { actions: [alter], tables: [public.late] } }
  - name: held
    effect: approve
    sql: { actions: [update], tables: [public.products] }
    approval: { by: ["*"], within: 2s }
masks:
  - { columns: [public.customers.ssn], with: redact }
`;

/** What no answer may hold: values of the mask, and of the tables that no rule allows. */
const kept = /900-\d\d-\d{4}|stolen/;

/** Whatever changes the catalog makes the gate forget what it knew of it. */
const forgets = 'ALTER TABLE public.late SET (fillfactor = 90)';

/** An older server does not report the search path when it changes. */
let shop: ShopGate;

before(async () => {
  shop = await startShopGate({ version: 'system' }, { policies: { names: policy } });
  await shop.server.sql(`
    CREATE SCHEMA other; CREATE TABLE other.products (id int, name text);
    INSERT INTO other.products VALUES (1, 'stolen');
    CREATE TABLE public.late (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED);
    CREATE FUNCTION public.to_public() RETURNS text LANGUAGE sql
      AS $$ SELECT pg_catalog.set_config('search_path', 'public', false) $$;
    GRANT USAGE ON SCHEMA other TO shop_app;
    GRANT ALL ON other.products TO shop_app;
    ALTER TABLE public.late OWNER TO shop_app;
  `);
});
after(() => shop.stop());

type Step = readonly Buffer[];

/** Take the steps on one connection, each up to its ReadyForQuery, and return all that was said. */
async function take(steps: readonly Step[]): Promise<string> {
  const connection = await RawPostgres.connect(await shop.gate.login('shop-db'));
  const said: string[] = [];
  for (const step of steps) {
    connection.send(...step);
    said.push(short(await connection.until('Z')));
    if (said.at(-1)?.endsWith('closed')) return said.join('; ');
  }
  await connection.end();
  return said.join('; ');
}

function short(messages: readonly BackendMessage[]): string {
  return messages
    .map(({ type, body }) => {
      if (type === 'D') return `D=${dataRow(body).join('|')}`;
      if (type === 'd') return `d=${body.toString('utf8').trim()}`;
      if (type === 'E') return `E=${errorFields(body).C}`;
      if (type === 'Z') return `Z=${body.toString('latin1')}`;
      if (type === 'C') return `C=${body.toString('latin1', 0, body.length - 1)}`;
      return type;
    })
    .join(' ');
}

const query = (text: string): Step => [send.query(text)];
const run = (text: string): Step => [send.parse(text), send.bind(), send.execute()];
const runAndSync = (text: string): Step => [...run(text), send.sync];
const prepare = (name: string, text: string): Step => [send.parse(text, name), send.sync];
const bind = (statement: string, portal: string): Step => [send.bind({ statement, portal }), send.sync];
const execute = (portal: string): Step => [send.execute(portal), send.sync];

const ssn = 'SELECT ssn AS id FROM customers';
const harmless = 'SELECT name AS id FROM products';

const attacks: Readonly<Record<string, readonly Step[]>> = {
  'a cursor takes the name of a closed portal': [
    query('BEGIN'),
    prepare('s', harmless),
    bind('s', 'p'),
    query('CLOSE p'),
    query(`DECLARE p CURSOR FOR ${ssn}`),
    execute('p'),
  ],
  'a cursor takes the name of a closed portal in one batch': [
    query('BEGIN'),
    [
      send.parse(harmless, 's'),
      send.bind({ statement: 's', portal: 'p' }),
      ...run('CLOSE p'),
      ...run(`DECLARE p CURSOR FOR ${ssn}`),
      send.execute('p'),
      send.sync,
    ],
  ],
  'a portal takes the name of an old cursor': [
    query('BEGIN'),
    query(`DECLARE p CURSOR FOR ${harmless}`),
    query('COMMIT'),
    query('BEGIN'),
    prepare('s', 'SELECT upper(ssn) AS id FROM customers'),
    bind('s', 'p'),
    query('FETCH ALL FROM p'),
  ],
  'a portal that fetches, and another cursor': [
    query('BEGIN'),
    query(`DECLARE c CURSOR FOR ${harmless}`),
    prepare('s', 'FETCH ALL FROM c'),
    bind('s', 'p'),
    query('CLOSE c'),
    query(`DECLARE c CURSOR FOR ${ssn}`),
    execute('p'),
  ],
  'a portal that executes, and another statement': [
    query('BEGIN'),
    query(`PREPARE x AS ${harmless}`),
    prepare('s', 'EXECUTE x'),
    bind('s', 'p'),
    query('DEALLOCATE x'),
    query(`PREPARE x AS ${ssn}`),
    execute('p'),
  ],
  'a statement is prepared anew and executed in one batch': [
    query(`PREPARE x AS ${harmless}`),
    [...run('DEALLOCATE x'), ...run(`PREPARE x AS ${ssn}`), ...runAndSync('EXECUTE x')],
  ],
  'a cursor is declared anew and fetched from in one batch': [
    query('BEGIN'),
    query(`DECLARE c CURSOR FOR ${harmless}`),
    [...run('CLOSE c'), ...run(`DECLARE c CURSOR FOR ${ssn}`), ...runAndSync('FETCH ALL FROM c')],
  ],
  'a statement is prepared anew and executed in two pieces of a batch': [
    query(`PREPARE x AS ${harmless}`),
    [...run('DEALLOCATE x'), ...run(`PREPARE x AS ${ssn}`), send.flush, ...runAndSync('EXECUTE x')],
  ],
  'the search path is changed in the same batch': [
    query(harmless),
    [...run('SET search_path = other'), ...runAndSync(harmless)],
  ],
  'the search path is changed in an earlier piece of the batch': [
    query(harmless),
    [...run('SET search_path = other'), send.flush, ...runAndSync(harmless)],
  ],
  'the search path is changed before a portal that copies is run': [
    query('BEGIN'),
    prepare('s', 'COPY products TO STDOUT'),
    bind('s', 'p'),
    query('SET search_path = other'),
    execute('p'),
  ],
  'the search path is changed in the batch before a portal that copies is run': [
    query('BEGIN'),
    [
      send.parse('COPY products TO STDOUT', 's'),
      send.bind({ statement: 's', portal: 'p' }),
      ...run('SET search_path = other'),
      send.execute('p'),
      send.sync,
    ],
  ],
  'the search path is changed by executing a prepared SET': [
    query(harmless),
    prepare('s', 'SET search_path = other'),
    query('EXECUTE s'),
    query(harmless),
  ],
  'the search path is changed by executing a prepared SET in the same text': [
    query(harmless),
    prepare('s', 'SET search_path = other'),
    query(`EXECUTE s; ${harmless}`),
  ],
  'the search path goes back when a COMMIT fails': [
    query('SET search_path = other'),
    query('BEGIN'),
    query('SET search_path = public'),
    query('INSERT INTO public.late VALUES (1), (1)'),
    query(harmless),
    query('COMMIT'),
    query(harmless),
  ],
  'the search path goes back from where a function took it': [
    query('SET search_path = other'),
    query('BEGIN'),
    query('SELECT public.to_public()'),
    query(harmless),
    query('ROLLBACK'),
    query(harmless),
  ],
  'a function is called by a FunctionCall message to change the search path': [
    query(harmless),
    [send.functionCall(2078, ['search_path', 'other', 'f'])],
    query(harmless),
  ],
  'a block fails after it has changed the search path for good': [
    query(harmless),
    query("DO $$ BEGIN PERFORM set_config('search_path', 'other', false); COMMIT; RAISE 'no'; END $$"),
    query(harmless),
  ],
  'a block prepares another statement under a known name': [
    query(`PREPARE x AS ${harmless}`),
    prepare('s', harmless),
    query(`DO $$ BEGIN EXECUTE 'DEALLOCATE x'; EXECUTE 'PREPARE x AS ${ssn}';
      EXECUTE 'DEALLOCATE s'; EXECUTE 'PREPARE s AS ${ssn}'; END $$`),
    query('EXECUTE x'),
    [send.bind({ statement: 's' }), send.execute(), send.sync],
  ],
  'a block opens another cursor under a known name': [
    query('BEGIN'),
    query(`DECLARE c CURSOR FOR ${harmless}`),
    query(`DO $$ DECLARE r refcursor := 'c'; BEGIN CLOSE r; OPEN r FOR ${ssn}; END $$`),
    query('FETCH ALL FROM c'),
  ],
  'a block opens a cursor under the name of a portal': [
    query('BEGIN'),
    prepare('s', harmless),
    bind('s', 'p'),
    query(`DO $$ DECLARE r refcursor := 'p'; BEGIN CLOSE r; OPEN r FOR ${ssn}; END $$`),
    execute('p'),
  ],
  'statements that execute one another': [
    query(`PREPARE inmost AS SELECT upper(ssn) AS id FROM customers`),
    prepare('inner', 'EXECUTE inmost'),
    prepare('outer', 'EXECUTE inner'),
    query('EXECUTE outer'),
    [send.bind({ statement: 'outer' }), send.execute(), send.sync],
  ],
  'names in a batch that was denied': [
    prepare('s', ssn),
    [send.parse(harmless, 's'), ...run('DELETE FROM products'), send.sync],
    [send.bind({ statement: 's' }), send.execute(), send.sync],
  ],
};

for (const [name, steps] of Object.entries(attacks)) {
  test(name, async () => {
    const said = await take(steps);
    assert.doesNotMatch(said, kept);
    assert.doesNotMatch(said, /closed/);
  });
}

test('a name that a denied batch gave does not stand for what needs a person', async () => {
  const said = await take([
    prepare('s', "UPDATE products SET name = 'changed' WHERE id = 1"),
    [send.parse('SELECT 1', 's'), ...run('DELETE FROM products'), send.sync],
    [send.bind({ statement: 's' }), send.execute(), send.sync],
  ]);
  assert.match(said, /N E=42501 Z=I$/);
  const [row] = await shop.server.sql('SELECT name FROM public.products WHERE id = 1');
  assert.notEqual(row?.name, 'changed');
});

test('an approval is for what the names meant when it was asked for', async () => {
  for (const extended of [false, true]) {
    const connection = await RawPostgres.connect(await shop.gate.login('shop-db'));
    await connection.exchange(...query('SET search_path = nascent, public'));
    const text = "UPDATE products SET name = 'by ' || name";
    connection.send(...(extended ? runAndSync(`${text} /* held */`) : query(`${text} /* held */`)));
    await connection.until('N');
    await shop.server.sql(`CREATE SCHEMA nascent; CREATE TABLE nascent.products (name text);
      INSERT INTO nascent.products VALUES ('kept');
      GRANT USAGE ON SCHEMA nascent TO shop_app; GRANT ALL ON nascent.products TO shop_app`);
    const other = await RawPostgres.connect(await shop.gate.login('shop-db'));
    assert.equal(short(await other.exchange(...query(forgets))), 'C=ALTER TABLE Z=I');
    const [held] = await shop.gate.control.approvals();
    await shop.gate.control.answer({ id: held?.id ?? '', answer: 'approve' });
    assert.equal(short(await connection.until('Z')), 'E=42501 Z=I');
    const [row] = await shop.server.sql('SELECT name FROM nascent.products');
    assert.equal(row?.name, 'kept');
    await connection.end();
    await other.end();
    await shop.server.sql('DROP SCHEMA nascent CASCADE');
  }
});

test('a schema of the search path that comes to be later is seen', async () => {
  const connection = await RawPostgres.connect(await shop.gate.login('shop-db'));
  await connection.exchange(...query('SET search_path = nascent, public'));
  assert.match(short(await connection.exchange(...query(harmless))), /C=SELECT 40/);
  await shop.server.sql(`CREATE SCHEMA nascent; CREATE TABLE nascent.products (name text);
    INSERT INTO nascent.products VALUES ('stolen');
    GRANT USAGE ON SCHEMA nascent TO shop_app; GRANT SELECT ON nascent.products TO shop_app`);
  // What makes the gate forget the catalog makes it forget the path.
  const other = await RawPostgres.connect(await shop.gate.login('shop-db'));
  assert.equal(short(await other.exchange(...query(forgets))), 'C=ALTER TABLE Z=I');
  assert.doesNotMatch(short(await connection.exchange(...query(harmless))), kept);
  await connection.end();
  await other.end();
  await shop.server.sql('DROP SCHEMA nascent CASCADE');
});

test('the role of the resource does not change how texts are read', async () => {
  await shop.server.sql('ALTER ROLE shop_app SET standard_conforming_strings = off');
  try {
    const said = await take([
      query("SELECT 'a\\', upper(ssn), ' ' FROM customers WHERE id = 1 --'"),
      query('SHOW standard_conforming_strings'),
    ]);
    assert.doesNotMatch(said, kept);
    assert.match(said, /D=on/);
  } finally {
    await shop.server.sql('ALTER ROLE shop_app RESET standard_conforming_strings');
  }
});
