import type { Names, RelationName } from '../names.ts';
import { actionWords } from './action-words.ts';
import { analyzeSql } from './analyze.ts';
import { builtinEffect } from './functions.ts';
import { type SqlSession, toRequest } from './to-request.ts';

/** A small catalog for tests, with views in a circle, partitions and user functions. */
const relations: readonly RelationName[] = [
  { schema: 'public', name: 'customers', columns: ['id', 'email', 'name', 'ssn'] },
  { schema: 'public', name: 'orders', columns: ['id', 'customer_id', 'status', 'total'] },
  { schema: 'archive', name: 'orders', columns: ['id', 'status'] },
  {
    schema: 'public',
    name: 'active',
    columns: ['id', 'name'],
    reads: [{ schema: 'public', name: 'inner_active' }],
  },
  {
    schema: 'public',
    name: 'inner_active',
    columns: ['id'],
    reads: [
      { schema: 'public', name: 'customers' },
      { schema: 'public', name: 'active' },
    ],
  },
  {
    schema: 'public',
    name: 'events',
    columns: ['id', 'note'],
    reads: [{ schema: 'public', name: 'events_new', columns: 'same' }],
  },
  {
    schema: 'public',
    name: 'events_new',
    columns: ['id', 'note'],
    reads: [{ schema: 'public', name: 'events_newest', columns: 'same' }],
  },
  { schema: 'public', name: 'events_newest', columns: ['note', 'id'] },
  { schema: 'Odd.Schema', name: 'a"b*', columns: ['x'] },
  { schema: 'public', name: 'orders_id_seq', columns: ['last_value'] },
  { schema: 'public', name: 'unknown' },
];
const userFunctions = ['public.full_name', 'public.lower', 'public.refresh', 'audit.log', 'public.length_of'];

/** Names with this catalog behind them. */
export function catalog(searchPath: readonly string[]): Names {
  const find = (schema: string, name: string) =>
    relations.find((relation) => relation.schema === schema && relation.name === name);
  return {
    ...(searchPath[0] === undefined ? {} : { defaultSchema: searchPath[0] }),
    relation: (schema, name) =>
      (schema === undefined ? searchPath : [schema]).map((each) => find(each, name)).find(Boolean),
    functions: (schema, name) => {
      const schemas = schema === undefined ? ['pg_catalog', ...searchPath] : [schema];
      return schemas
        .filter((each) =>
          each === 'pg_catalog'
            ? builtinEffect(name) !== undefined
            : userFunctions.includes(`${each}.${name}`),
        )
        .map((each) => ({ schema: each, name }));
    },
  };
}

export const names = catalog(['public']);
export const quiet: SqlSession = { inTransaction: false, application: '' };

/** The request of a text, with its actions in words. */
export function resolve(sql: string, using: Names = names, session: SqlSession = quiet) {
  const { request, ...rest } = toRequest(sql, analyzeSql(sql), using, session);
  return { ...rest, request, words: request.actions.map(actionWords) };
}
