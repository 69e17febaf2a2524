import type { Names } from '../names.ts';
import { builtinEffect, isCatalogRelation } from './functions.ts';

/**
 * Names without a catalog, for a desk: an unqualified name is one of PostgreSQL's own where there is one, and else
 * lies in the first schema of the path. Columns are not known.
 */
export function deskNames(searchPath: readonly string[] = ['public']): Names {
  const defaultSchema =
    searchPath.find((schema) => schema !== '$user' && schema !== 'pg_catalog') ?? 'public';
  return {
    defaultSchema,
    relation: (schema, name) => ({
      schema: schema ?? (isCatalogRelation(name) ? 'pg_catalog' : defaultSchema),
      name,
    }),
    functions: (schema, name) => {
      const isBuiltin =
        (schema === undefined || schema === 'pg_catalog') && builtinEffect(name) !== undefined;
      if (isBuiltin) return [{ schema: 'pg_catalog', name }];
      return [{ schema: schema ?? defaultSchema, name, assumed: true }];
    },
  };
}
