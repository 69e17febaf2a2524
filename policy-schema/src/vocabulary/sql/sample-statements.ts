/** Statements to begin with, for people who try a rule: for each kind of action some that do it, the usual ones first. */
import { identifier, spelled } from './statement-text.ts';
import type { SqlActionKind } from './vocabulary.ts';

/** Names to speak of, canonical as rules write them. */
export interface SampleNames {
  readonly table: string;
  /** Absent: no matter which. */
  readonly columns?: readonly string[];
  readonly function: string;
  readonly parameter: string;
  /** Of an object that is no table. */
  readonly name?: string;
}

/** The same, as SQL spells them. */
interface Spelled {
  readonly table: string;
  /** For a SELECT list. */
  readonly shown: string;
  readonly column: string;
  /** Compares a column, and names no other one. */
  readonly where: string;
  readonly sets: string;
  readonly routine: string;
  readonly parameter: string;
  /** A bare or qualified name; the argument where none is given. */
  readonly name: (otherwise: string) => string;
  /** A literal with the name as it is. */
  readonly literal: (otherwise: string) => string;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Objects that are no tables and are made, changed and dropped alike. */
const kindsOfObjects: Readonly<Record<string, string>> = {
  SCHEMA: 'reporting',
  ROLE: 'reporting',
  EXTENSION: 'pgcrypto',
  DATABASE: 'reporting',
  TYPE: 'public.mood',
  DOMAIN: 'public.mood',
  FUNCTION: 'public.f',
  PROCEDURE: 'public.f',
  PUBLICATION: 'changes',
  SUBSCRIPTION: 'changes',
  SERVER: 'elsewhere',
  TABLESPACE: 'fast',
};

const objects = (make: (object: string, otherwise: string) => string): readonly string[] =>
  Object.entries(kindsOfObjects).map(([object, otherwise]) => make(object, otherwise));

const withRoutine = (object: string): string => (/^(?:FUNCTION|PROCEDURE)$/.test(object) ? '()' : '');

/** For every kind. A missing one does not compile. */
const statements: Readonly<Record<SqlActionKind, (names: Spelled) => readonly string[]>> = {
  select: ({ shown, table, where }) => [
    `SELECT ${shown} FROM ${table}${where} LIMIT 10`,
    `SELECT ${shown} FROM ${table}${where}`,
    `SELECT ${shown} FROM ${table} LIMIT 10`,
    `SELECT ${shown} FROM ${table}`,
    `SELECT count(*) FROM ${table}`,
  ],
  insert: ({ table, column }) => [
    `INSERT INTO ${table} (${column}) VALUES (1)`,
    `INSERT INTO ${table} VALUES (1)`,
  ],
  update: ({ table, sets, where }) => [`UPDATE ${table} SET ${sets}${where}`, `UPDATE ${table} SET ${sets}`],
  delete: ({ table, where }) => [`DELETE FROM ${table}${where}`, `DELETE FROM ${table}`],
  truncate: ({ table }) => [`TRUNCATE ${table}`],
  create: ({ table, column, name }) => [
    `CREATE TABLE ${table} (id bigint)`,
    `CREATE INDEX ON ${table} (${column})`,
    `CREATE VIEW ${table} AS SELECT 1`,
    `CREATE MATERIALIZED VIEW ${table} AS SELECT 1`,
    `CREATE SEQUENCE ${table}`,
    `CREATE SCHEMA ${name('reporting')}`,
    `CREATE ROLE ${name('reporting')}`,
    `CREATE EXTENSION ${name('pgcrypto')}`,
    `CREATE DATABASE ${name('reporting')}`,
    `CREATE TYPE ${name('public.mood')} AS ENUM ('calm')`,
    `CREATE DOMAIN ${name('public.mood')} AS text`,
    `CREATE FUNCTION ${name('public.f')}() RETURNS int LANGUAGE sql RETURN 1`,
    `CREATE PROCEDURE ${name('public.f')}() LANGUAGE sql AS 'SELECT 1'`,
    `CREATE TRIGGER ${name('t')} BEFORE INSERT ON ${table} EXECUTE FUNCTION f()`,
    `CREATE POLICY ${name('p')} ON ${table}`,
    `CREATE PUBLICATION ${name('changes')}`,
    `CREATE SERVER ${name('elsewhere')} FOREIGN DATA WRAPPER postgres_fdw`,
  ],
  alter: ({ table, column, name, parameter }) => [
    `ALTER TABLE ${table} ADD COLUMN ${column} text`,
    `ALTER TABLE ${table} SET LOGGED`,
    `ALTER VIEW ${table} ALTER COLUMN ${column} DROP DEFAULT`,
    `ALTER INDEX ${name('public.i')} SET (fillfactor = 70)`,
    `ALTER SEQUENCE ${table} RESTART`,
    `ALTER ROLE ${name('reporting')} NOLOGIN`,
    `ALTER ROLE ${name('reporting')} SET ${parameter} = '1'`,
    `ALTER DATABASE ${name('reporting')} SET ${parameter} = '1'`,
    `ALTER SYSTEM SET ${parameter} = '1'`,
    `ALTER EXTENSION ${name('pgcrypto')} UPDATE`,
    ...objects(
      (object, otherwise) => `ALTER ${object} ${name(otherwise)}${withRoutine(object)} OWNER TO admin`,
    ).filter((text) => !/^ALTER (?:ROLE|EXTENSION) /.test(text)),
  ],
  drop: ({ table, name }) => [
    `DROP TABLE ${table}`,
    `DROP VIEW ${table}`,
    `DROP MATERIALIZED VIEW ${table}`,
    `DROP SEQUENCE ${table}`,
    `DROP INDEX ${name('public.i')}`,
    `DROP TRIGGER ${name('t')} ON ${table}`,
    `DROP POLICY ${name('p')} ON ${table}`,
    ...objects((object, otherwise) => `DROP ${object} ${name(otherwise)}${withRoutine(object)}`),
  ],
  grant: ({ table, column, name }) => [
    `GRANT SELECT ON ${table} TO ${name('reporting')}`,
    `GRANT SELECT (${column}) ON ${table} TO ${name('reporting')}`,
    `GRANT ${name('reporting')} TO somebody`,
    `GRANT USAGE ON SCHEMA ${name('public')} TO reporting`,
    `GRANT EXECUTE ON FUNCTION ${name('public.f')}() TO reporting`,
    `GRANT CONNECT ON DATABASE ${name('shop')} TO reporting`,
  ],
  revoke: ({ table, column, name }) => [
    `REVOKE SELECT ON ${table} FROM ${name('reporting')}`,
    `REVOKE SELECT (${column}) ON ${table} FROM ${name('reporting')}`,
    `REVOKE ${name('reporting')} FROM somebody`,
    `REVOKE USAGE ON SCHEMA ${name('public')} FROM reporting`,
    `REVOKE EXECUTE ON FUNCTION ${name('public.f')}() FROM reporting`,
    `REVOKE CONNECT ON DATABASE ${name('shop')} FROM reporting`,
  ],
  call: ({ routine }) => [`SELECT ${routine}()`],
  do: ({ name }) => [`DO LANGUAGE ${name('plpgsql')} 'BEGIN END'`],
  copy: ({ table, literal }) => [
    `COPY ${table} TO ${literal('/tmp/rows')}`,
    `COPY ${table} TO PROGRAM ${literal('gzip')}`,
  ],
  lock: ({ table }) => [`LOCK TABLE ${table}`],
  set: ({ parameter }) => [`SET ${parameter} = '1'`],
  show: ({ parameter }) => [`SHOW ${parameter}`],
  begin: () => ['BEGIN'],
  commit: ({ literal }) => ['COMMIT', `COMMIT PREPARED ${literal('t')}`],
  rollback: ({ name }) => ['ROLLBACK', `ROLLBACK TO SAVEPOINT ${name('s')}`],
  savepoint: ({ name }) => [`SAVEPOINT ${name('s')}`],
  prepare: ({ name }) => [`PREPARE ${name('p')} AS SELECT 1`],
  execute: ({ name }) => [`PREPARE ${name('p')} AS SELECT 1; EXECUTE ${name('p')}`],
  deallocate: ({ name }) => [`DEALLOCATE ${name('p')}`],
  declare: ({ name, table }) => [`DECLARE ${name('c')} CURSOR FOR SELECT * FROM ${table}`],
  fetch: ({ name }) => [`FETCH ${name('c')}`],
  close: ({ name }) => [`CLOSE ${name('c')}`],
  explain: ({ table }) => [`EXPLAIN SELECT * FROM ${table}`, `EXPLAIN ANALYZE SELECT * FROM ${table}`],
  listen: ({ name }) => [`LISTEN ${name('channel')}`],
  notify: ({ name }) => [`NOTIFY ${name('channel')}`],
  unlisten: ({ name }) => [`UNLISTEN ${name('channel')}`],
  analyze: ({ table, column }) => [`ANALYZE ${table}`, `ANALYZE ${table} (${column})`],
  vacuum: ({ table, column }) => [`VACUUM ${table}`, `VACUUM ${table} (${column})`],
  reindex: ({ table, name }) => [
    `REINDEX TABLE ${table}`,
    `REINDEX INDEX ${name('public.i')}`,
    `REINDEX SCHEMA ${name('public')}`,
    `REINDEX DATABASE ${name('shop')}`,
  ],
  cluster: ({ table, name }) => [`CLUSTER ${table}`, `CLUSTER ${table} USING ${name('i')}`],
  refresh: ({ table }) => [`REFRESH MATERIALIZED VIEW ${table}`],
  checkpoint: () => ['CHECKPOINT'],
  load: ({ literal }) => [`LOAD ${literal('auto_explain')}`],
  discard: () => ['DISCARD ALL', 'DISCARD PLANS', 'DISCARD SEQUENCES', 'DISCARD TEMP'],
  comment: ({ table, column, name }) => [
    `COMMENT ON TABLE ${table} IS 'About it'`,
    `COMMENT ON COLUMN ${table}.${column} IS 'About it'`,
    ...objects(
      (object, otherwise) => `COMMENT ON ${object} ${name(otherwise)}${withRoutine(object)} IS 'About it'`,
    ),
  ],
  'security-label': ({ table, column, name }) => [
    `SECURITY LABEL ON TABLE ${table} IS 'secret'`,
    `SECURITY LABEL ON COLUMN ${table}.${column} IS 'secret'`,
    `SECURITY LABEL ON ROLE ${name('reporting')} IS 'secret'`,
  ],
  import: ({ name }) => [`IMPORT FOREIGN SCHEMA public FROM SERVER ${name('elsewhere')} INTO public`],
  reassign: ({ name }) => [`REASSIGN OWNED BY ${name('reporting')} TO admin`],
  values: () => ['SELECT 1'],
};

/** The kinds that people most often mean, first. */
const likely: readonly string[] = ['select', 'update', 'insert', 'delete'];

/** All kinds, the likely ones first. */
export const sampleKinds: readonly string[] = [
  ...likely,
  ...Object.keys(statements).filter((kind) => !likely.includes(kind)),
];

/** Statements that likely do a kind of thing to what is named. None for a name that SQL cannot spell. */
export function sampleStatements(kind: string, names: SampleNames): readonly string[] {
  const table = spelled(names.table);
  const routine = spelled(names.function);
  const parameter = spelled(names.parameter);
  if (table === undefined || routine === undefined || parameter === undefined) return [];
  if (!Object.hasOwn(statements, kind)) return [];
  const columns = names.columns?.map(identifier);
  const first = columns?.[0];
  const given = names.name === undefined ? undefined : (spelled(names.name) ?? identifier(names.name));
  return statements[kind as SqlActionKind]({
    table,
    shown: columns?.join(', ') ?? '*',
    column: first ?? 'status',
    where: ` WHERE ${first ?? 'id'} = 1`,
    sets: (columns ?? ['status']).map((column) => `${column} = 1`).join(', '),
    routine,
    parameter,
    name: (otherwise) => given ?? otherwise,
    literal: (otherwise) => quoted(names.name ?? otherwise),
  });
}
