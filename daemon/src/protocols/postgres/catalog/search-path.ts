import { temporarySchema } from '../session-names.ts';

/** The names in a value of `search_path`, as the server splits it (SplitIdentifierString in varlena.c). */
export function schemaList(setting: string): readonly string[] {
  return [...setting.matchAll(/"((?:[^"]|"")*)"|([^\s,"]+)/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare?.toLowerCase() ?? '',
  );
}

/**
 * The schemas that unqualified names are looked for in (recomputeNamespacePath in namespace.c), in order. Some may not
 * exist, or be closed to the role.
 * @param temporary the session's temporary schema, if it has one
 */
export function effectivePath(
  setting: readonly string[],
  role: string,
  temporary: string | undefined,
): readonly string[] {
  const path = setting.flatMap((name) => {
    if (name === '$user') return [role];
    if (name === temporarySchema) return temporary === undefined ? [] : [temporary];
    return [name];
  });
  if (!path.includes('pg_catalog')) path.unshift('pg_catalog');
  if (temporary !== undefined && !path.includes(temporary)) path.unshift(temporary);
  return path;
}
