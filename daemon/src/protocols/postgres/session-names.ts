import type {
  FunctionName,
  Names,
  ReadRelation,
  RelationName,
} from '@gatehouse/policy-schema/vocabulary/sql/names.ts';
import type { CatalogView } from './catalog.ts';
import type { CatalogRelation } from './catalog-probe.ts';

/** The name under which policies speak of any session's temporary schema. */
export const temporarySchema = 'pg_temp';

/** A session's temporary schema, as the catalog names it. */
export function isTemporary(schema: string): boolean {
  return /^pg_temp_\d+$/.test(schema);
}

/** The schema as policies name it. */
function spoken(schema: string): string {
  return isTemporary(schema) ? temporarySchema : schema;
}

/**
 * Resolves names as the server would for one session. A name that the catalog does not have is taken to mean one in
 * the first schema of the search path, where it would be if somebody created it now: so it is still decided, and the
 * server says that it does not exist.
 */
export class SessionNames implements Names {
  /** What the names were taken from. */
  readonly catalog: CatalogView;
  readonly #path: readonly string[];

  /** @param path The effective search path (`current_schemas(true)`), in order. */
  constructor(catalog: CatalogView, path: readonly string[]) {
    this.catalog = catalog;
    this.#path = path;
  }

  /** Where an unqualified name is created. */
  get defaultSchema(): string {
    return this.#path.find((schema) => !schema.startsWith('pg_')) ?? 'public';
  }

  relation(schema: string | undefined, name: string): RelationName {
    const schemas = schema === undefined ? this.#path : [this.#actual(schema)];
    const found = schemas
      .map((each) => this.catalog.qualified(each, name))
      .find((each) => each !== undefined);
    if (found !== undefined) return this.#told(found);
    return { schema: schema ?? this.defaultSchema, name };
  }

  functions(schema: string | undefined, name: string): readonly FunctionName[] {
    const candidates = this.catalog.functionsNamed(name) ?? [];
    const schemas = schema === undefined ? this.#path : [this.#actual(schema)];
    const found = candidates.filter((each) => schemas.includes(each.schema));
    return found.length > 0 ? found : [{ schema: schema ?? this.defaultSchema, name, assumed: true }];
  }

  #told(relation: CatalogRelation): RelationName {
    const { schema, name, columns, children, refersTo } = relation;
    const reads: ReadRelation[] = [];
    const add = (oid: number, how: Pick<ReadRelation, 'columns'>) => {
      const read = this.catalog.relation(oid);
      if (read !== undefined) reads.push({ schema: spoken(read.schema), name: read.name, ...how });
    };
    for (const oid of children) add(oid, { columns: 'same' });
    for (const oid of new Set(refersTo.map(([referred]) => referred))) add(oid, {});
    return { schema: spoken(schema), name, columns: [...columns.values()], reads };
  }

  /** `pg_temp` is an alias of the session's own temporary schema. */
  #actual(schema: string): string {
    return schema === temporarySchema ? (this.#path.find(isTemporary) ?? schema) : schema;
  }
}
