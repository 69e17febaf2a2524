import type {
  LineageCatalog,
  LineageColumn,
  LineageFunction,
  LineageRelation,
} from '@gatehouse/policy-schema/vocabulary/sql/postgres/lineage/lineage-catalog.ts';

/** Runs a query and returns its rows. */
export type Ask = (text: string, values?: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>;

const relationsQuery = `
  SELECT c.oid::int AS oid, c.relname AS name, c.relkind::text AS kind,
    CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END AS query
  FROM pg_class c WHERE c.relnamespace = $1::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p')`;
const columnsQuery = `
  SELECT a.attrelid::int AS relation, a.attname AS name, a.attnum::int AS attribute, a.atttypid::int AS type,
    (SELECT array_agg(d.refobjsubid::int) FROM pg_attrdef e JOIN pg_depend d ON d.classid = 'pg_attrdef'::regclass
      AND d.objid = e.oid AND d.refobjid = a.attrelid AND d.refobjsubid <> a.attnum
      WHERE e.adrelid = a.attrelid AND e.adnum = a.attnum AND a.attgenerated <> '') AS sources
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
  WHERE c.relnamespace = $1::regnamespace AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, 3`;
const keysQuery = `
  SELECT i.indrelid::int AS relation, i.indkey::int2[]::int[] AS key
  FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
  WHERE c.relnamespace = $1::regnamespace AND i.indisprimary`;
const functionsQuery = `
  SELECT p.proname AS name, p.prosrc AS body, l.lanname AS language, p.pronargs::int AS inputs,
    p.pronargdefaults > 0 AS defaults, p.provariadic <> 0 AS variadic, p.proretset AS set,
    coalesce(p.proargnames, '{}') AS names, coalesce(p.proargmodes::text[], '{}') AS modes
  FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang WHERE p.pronamespace = $1::regnamespace`;

interface RelationRow {
  readonly oid: number;
  readonly name: string;
  readonly kind: string;
  readonly query: string | null;
}
interface ColumnRow {
  readonly relation: number;
  readonly name: string;
  readonly attribute: number;
  readonly type: number;
  readonly sources: readonly number[] | null;
}
interface FunctionRow {
  readonly name: string;
  readonly body: string;
  readonly language: string;
  readonly inputs: number;
  readonly defaults: boolean;
  readonly variadic: boolean;
  readonly set: boolean;
  readonly names: readonly string[];
  readonly modes: readonly string[];
}

/** One schema of a real server, with its tables, views and functions in SQL. */
export async function serverCatalog(schema: string, ask: Ask): Promise<ServerCatalog> {
  const [relations, columns, keys, functions] = await Promise.all(
    [relationsQuery, columnsQuery, keysQuery, functionsQuery].map((query) => ask(query, [schema])),
  );
  return new ServerCatalog(
    schema,
    relations as unknown as readonly RelationRow[],
    Map.groupBy(columns as unknown as readonly ColumnRow[], ({ relation }) => relation),
    Map.groupBy(
      keys as unknown as readonly { readonly relation: number; readonly key: readonly number[] }[],
      ({ relation }) => relation,
    ),
    functions as unknown as readonly FunctionRow[],
  );
}

export class ServerCatalog implements LineageCatalog {
  readonly #relations = new Map<string, LineageRelation>();
  readonly #functions: readonly LineageFunction[];
  readonly #schema: string;

  constructor(
    schema: string,
    relations: readonly RelationRow[],
    columns: ReadonlyMap<number, readonly ColumnRow[]>,
    keys: ReadonlyMap<number, readonly { readonly key: readonly number[] }[]>,
    functions: readonly FunctionRow[],
  ) {
    this.#schema = schema;
    for (const { oid, name, kind, query } of relations) {
      this.#relations.set(name, {
        oid,
        schema,
        name,
        kind: kind === 'v' || kind === 'm' ? 'view' : 'table',
        columns: (columns.get(oid) ?? []).map(columnOf),
        keys: (keys.get(oid) ?? []).map(({ key }) => key),
        ...(query === null ? {} : { query, scope: this }),
      });
    }
    this.#functions = functions.map((row) => this.#functionOf(row));
  }

  #functionOf(row: FunctionRow): LineageFunction {
    const isOutput = (index: number) => /[obt]/.test(row.modes[index] ?? 'i');
    return {
      schema: this.#schema,
      name: row.name,
      arguments: Array.from({ length: row.inputs }, (_, index) => row.names[index] ?? ''),
      hasDefaults: row.defaults,
      variadic: row.variadic,
      returnsSet: row.set,
      isAggregate: false,
      columns: row.names.filter((_, index) => isOutput(index)),
      body: row.language === 'sql' ? { kind: 'sql', text: row.body, scope: this } : { kind: 'unread' },
    };
  }

  get relations(): readonly LineageRelation[] {
    return [...this.#relations.values()];
  }

  relation(schema: string | undefined, name: string): LineageRelation | undefined {
    return schema === undefined || schema === this.#schema ? this.#relations.get(name) : undefined;
  }

  functions(schema: string | undefined, name: string): readonly LineageFunction[] {
    if (schema !== undefined && schema !== this.#schema) return [];
    return this.#functions.filter((each) => each.name === name);
  }

  hasUserOperator(): boolean {
    return false;
  }

  hasUserType(): boolean {
    return false;
  }
}

function columnOf({ name, attribute, type, sources }: ColumnRow): LineageColumn {
  return { name, attribute, type, ...(sources === null ? {} : { generatedFrom: sources }) };
}
