import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { type RunningPostgres, startPostgres } from '@gatehouse/test-fixtures/servers/postgres.ts';
import pg from 'pg';
import { segmentsOf } from '../../../model/pattern.ts';
import type { Action } from '../../vocabulary.ts';
import type { Names } from '../names.ts';
import { actionWords } from './action-words.ts';
import { analyzeSql, loadSqlParser } from './analyze.ts';
import { toRequest } from './to-request.ts';

/**
 * PostgreSQL checks its own privileges when a plan is made ready, column by column. So a role that was granted just
 * what our actions say must be let in: whatever it is refused, we have overlooked.
 */

const tables: Readonly<Record<string, string>> = {
  customers: 'id int PRIMARY KEY, email text, name text, ssn text, credit int, payload jsonb',
  orders: `id int PRIMARY KEY, customer_id int, status text, total int, note text, payload jsonb, placed_at timestamptz,
    doc xml, tags text[], "Email" text, a text, b text, setting text`,
  orders_archive: 'id int, total int',
  orders_old: 'id int',
  archive: 'id int PRIMARY KEY, customer_id int, status text, total int, note text, gone bool',
  a: 'x int, q int, id int',
  b: 'x int, q int, p int',
  c: 'x int, z int',
  t: 'a int, b text',
  x: 'id int, a int',
  t1: 'x int, z int',
  t2: 'x int, z int',
  t3: 'x int, z int',
  log: 'id int, x int',
  Customers: '"Email" text',
};

interface KnownRelation {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly string[];
}

function quoted(canonical: string): string {
  return (segmentsOf(canonical) ?? []).map((segment) => pg.escapeIdentifier(segment)).join('.');
}

/** The GRANT that an action comes to; undefined for one that no privilege on a table covers. */
function grantFor(action: Action, relations: readonly KnownRelation[]): string | undefined {
  const { table, columns } = action.facts;
  if (typeof table !== 'string' || table === '*') return undefined;
  if (!['select', 'insert', 'update', 'delete'].includes(action.kind)) return undefined;
  const target = `ON ${quoted(table)} TO probe`;
  if (action.kind === 'delete' || columns?.includes('*')) return `GRANT ${action.kind} ${target}`;
  const known =
    relations.find(({ schema, name }) => quoted(table) === `"${schema}"."${name}"`)?.columns ?? [];
  const system = ['ctid', 'tableoid'];
  const named = [columns ?? []].flat().filter((column) => known.includes(column) || system.includes(column));
  // To count rows or to lock them any one column will do.
  const list = (named.length > 0 ? named : known.slice(-1)).map((column) => pg.escapeIdentifier(column));
  return list.length === 0 ? undefined : `GRANT ${action.kind} (${list.join(', ')}) ${target}`;
}

describe('the actions of a statement against the privileges that PostgreSQL wants for it', () => {
  let server: RunningPostgres;
  let client: pg.Client;
  let relations: readonly KnownRelation[];
  let functions: readonly { readonly schema: string; readonly name: string }[];

  before(async () => {
    await loadSqlParser();
    server = await startPostgres({ auth: 'trust' });
    const { host, port, user, database } = server;
    client = new pg.Client({ host, port, user, database });
    await client.connect();
    for (const [name, columns] of Object.entries(tables))
      await client.query(`CREATE TABLE "${name}" (${columns})`);
    await client.query(`
      CREATE ROLE probe;
      CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
      CREATE FUNCTION full_name(customers) RETURNS text LANGUAGE sql AS 'SELECT NULL';
      CREATE VIEW customers_view AS SELECT id, email FROM customers;`);
    relations = (
      await client.query(`
        SELECT n.nspname AS schema, c.relname AS name, ARRAY(SELECT attname::text FROM pg_attribute
          WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped ORDER BY attnum) AS columns
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'v')`)
    ).rows;
    functions = (
      await client.query(
        'SELECT DISTINCT n.nspname AS schema, p.proname AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace',
      )
    ).rows;
  });

  after(async () => {
    await client?.end();
    await server?.stop();
  });

  const path = ['pg_catalog', 'public'];
  const names: Names = {
    relation: (schema, name) =>
      (schema === undefined ? path : [schema])
        .map((each) => relations.find((found) => found.schema === each && found.name === name))
        .find((found) => found !== undefined),
    functions: (schema, name) =>
      functions.filter(
        (found) => found.name === name && (schema === undefined ? path : [schema]).includes(found.schema),
      ),
  };

  /** What the server says when a role with the actions' privileges and no others asks for the plan. */
  async function refusal(sql: string, actions: readonly Action[]): Promise<string | undefined> {
    await client.query('BEGIN');
    try {
      for (const action of actions) {
        const grant = grantFor(action, relations);
        if (grant !== undefined) await client.query(grant);
        if (typeof action.facts.function === 'string' && action.kind === 'call') {
          const name = action.facts.function;
          await client.query(
            `GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${quoted(name).split('.')[0]} TO probe`,
          );
        }
      }
      await client.query('SET LOCAL ROLE probe');
      await client.query(`EXPLAIN (GENERIC_PLAN) ${sql}`);
      return 'planned';
    } catch (error) {
      const { code, message } = error as pg.DatabaseError;
      return code === '42501' ? message : undefined;
    } finally {
      await client.query('ROLLBACK');
    }
  }

  it('misses none', async () => {
    let planned = 0;
    for (const file of ['reads', 'writes', 'attacks', 'rare']) {
      const lines = readFileSync(new URL(`./corpus/${file}.sql`, import.meta.url), 'utf8').split('\n');
      for (const sql of lines) {
        const { statements } = analyzeSql(sql);
        const [statement, more] = statements;
        if (sql.startsWith('--') || statement === undefined || more !== undefined) continue;
        if (!['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'].includes(statement.node))
          continue;
        const { request } = toRequest(sql, analyzeSql(sql), names, { inTransaction: false, application: '' });
        const told = await refusal(sql, request.actions);
        if (told === 'planned') planned++;
        else assert.equal(told, undefined, `${sql}\n${request.actions.map(actionWords).join('\n')}`);
      }
    }
    assert.ok(planned >= 150, `${planned} statements were planned`);
  });

  it('notices an action that is missing', async () => {
    const sql = "SELECT id FROM customers WHERE email = 'x'";
    const { request } = toRequest(sql, analyzeSql('SELECT id FROM customers'), names, {
      inTransaction: false,
      application: '',
    });
    assert.match((await refusal(sql, request.actions)) ?? '', /permission denied for table customers/);
  });
});
