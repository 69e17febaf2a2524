import {
  catalogRelations,
  harmlessFunctions,
  informationSchemaFunctions,
  reachingFunctions,
} from './functions.generated.ts';

/**
 * What a call of one of PostgreSQL's own functions is: `harmless` when it neither changes anything nor reaches beyond
 * its arguments, `call` when it is an action of its own. By name, so the worst of all that share one.
 */
export type BuiltinEffect = 'harmless' | 'call';

const words = (text: string): string[] => text.trim().split(/\s+/);

const builtins: ReadonlyMap<string, BuiltinEffect> = new Map([
  ...words(harmlessFunctions).map((name) => [name, 'harmless'] as const),
  ...words(reachingFunctions).map((name) => [name, 'call'] as const),
]);
const informationSchema: ReadonlySet<string> = new Set(words(informationSchemaFunctions));
const relations: ReadonlySet<string> = new Set(words(catalogRelations));

/** The effect of a function of pg_catalog; undefined for a name that PostgreSQL 18 does not have there. */
export function builtinEffect(name: string): BuiltinEffect | undefined {
  return builtins.get(name);
}

/** Names of the functions of pg_catalog whose effect is `harmless`. */
export function harmlessBuiltins(): readonly string[] {
  return words(harmlessFunctions).filter((name) => builtins.get(name) === 'harmless');
}

/** Names of all functions of pg_catalog. */
export function builtinNames(): readonly string[] {
  return [...builtins.keys()];
}

/** The effect of a function of any schema. What is not known to be harmless is a call. */
export function functionEffect(schema: string, name: string): BuiltinEffect {
  if (schema === 'pg_catalog') return builtins.get(name) ?? 'call';
  return schema === 'information_schema' && informationSchema.has(name) ? 'harmless' : 'call';
}

/** Whether pg_catalog, which comes first in every search path, has a table or view of this name. */
export function isCatalogRelation(name: string): boolean {
  return relations.has(name);
}
