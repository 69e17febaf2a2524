/**
 * Writes functions.generated.ts and lineage/function-columns.generated.ts: what a real server's catalog says of its own
 * functions and relations.
 * Run it with `node policy-schema/scripts/generate-functions.ts` when the supported PostgreSQL changes.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startPostgres } from '../../test-fixtures/servers/postgres.ts';
import { harmlessVolatile, reaching } from './function-effects.ts';

interface Overload {
  readonly schema: string;
  readonly name: string;
  readonly volatility: string;
  /** It takes or gives what no SQL expression can hold. */
  readonly internal: boolean;
}

const overloadsQuery = `
  SELECT n.nspname AS schema, p.proname AS name, p.provolatile AS volatility,
    p.prorettype::regtype::text = ANY (hidden.types) OR EXISTS (
      SELECT FROM unnest(p.proargtypes) AS argument WHERE argument::regtype::text = ANY (hidden.types)) AS internal
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace,
    (SELECT ARRAY['internal', 'cstring', 'trigger', 'event_trigger', 'language_handler', 'fdw_handler',
      'index_am_handler', 'table_am_handler', 'pg_ddl_command'] AS types) AS hidden
  WHERE n.nspname IN ('pg_catalog', 'information_schema')
  ORDER BY 1, 2`;

const relationsQuery = `
  SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = 'pg_catalog' AND c.relkind IN ('r', 'v') ORDER BY 1`;

/** unnest(tsvector) has columns, and unnest of an array has none. */
const columnsQuery = `
  SELECT p.proname AS name, max((SELECT string_agg(argument.name, ' ' ORDER BY argument.place)
    FROM unnest(p.proargnames, p.proargmodes) WITH ORDINALITY AS argument (name, mode, place)
    WHERE argument.mode IN ('o', 'b', 't'))) AS columns
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE n.nspname = 'pg_catalog' AND p.proname <> 'unnest' AND p.proargmodes && '{o,b,t}'
  GROUP BY 1 ORDER BY 1`;

function isHarmless(name: string, overloads: readonly Overload[]): boolean {
  if (harmlessVolatile.has(name)) return true;
  if (reaching.some((pattern) => pattern.test(name))) return false;
  // What no expression can call does no harm; but a name with nothing else behind it is not vouched for.
  const callable = overloads.filter(({ internal }) => !internal);
  return callable.length > 0 && callable.every(({ volatility }) => volatility !== 'v');
}

function lines(names: readonly string[]): string {
  const out: string[] = [];
  let line = '';
  for (const name of names) {
    if (line.length + name.length > 105) {
      out.push(line);
      line = '';
    }
    line += line === '' ? name : ` ${name}`;
  }
  if (line !== '') out.push(line);
  return out.join('\n');
}

const server = await startPostgres({ version: '18' });
try {
  const overloads = (await server.sql(overloadsQuery)) as unknown as readonly Overload[];
  const relations = (await server.sql(relationsQuery)) as unknown as readonly { readonly name: string }[];
  const bySchema = Map.groupBy(overloads, ({ schema }) => schema);
  const namesOf = (schema: string, harmless: boolean) =>
    [...Map.groupBy(bySchema.get(schema) ?? [], ({ name }) => name)]
      .filter(([name, all]) => isHarmless(name, all) === harmless)
      .map(([name]) => name);
  const text = `// Written by policy-schema/scripts/generate-functions.ts from PostgreSQL ${server.version}. Do not edit.

/** Functions of pg_catalog that neither change anything nor reach beyond their arguments. */
export const harmlessFunctions = \`
${lines(namesOf('pg_catalog', true))}
\`;

/** The other functions of pg_catalog. */
export const reachingFunctions = \`
${lines(namesOf('pg_catalog', false))}
\`;

/** Functions of information_schema, none of which changes anything or reaches far. */
export const informationSchemaFunctions = \`
${lines(namesOf('information_schema', true))}
\`;

/** Tables and views of pg_catalog. */
export const catalogRelations = \`
${lines(relations.map(({ name }) => name))}
\`;
`;
  const target = new URL('../src/vocabulary/sql/postgres/functions.generated.ts', import.meta.url);
  writeFileSync(fileURLToPath(target), text);
  const columns = (await server.sql(columnsQuery)) as unknown as readonly Record<
    'name' | 'columns',
    string
  >[];
  const beside = new URL('lineage/function-columns.generated.ts', target);
  writeFileSync(
    fileURLToPath(beside),
    `// Written by policy-schema/scripts/generate-functions.ts from PostgreSQL ${server.version}. Do not edit.

/** The output arguments of those functions of pg_catalog that have some: a line each, the function's name first. */
export const functionColumns = \`
${columns.map(({ name, columns: names }) => `${name} ${names}`).join('\n')}
\`;
`,
  );
} finally {
  await server.stop();
}
