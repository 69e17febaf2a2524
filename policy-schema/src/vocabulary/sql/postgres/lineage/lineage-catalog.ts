/** What lineage asks of the catalog. Lookups are pure and never throw; undefined: not known, so it may be anything. */
export interface LineageCatalog {
  /** As the server would resolve it, by the session's search path where `schema` is absent. */
  relation(schema: string | undefined, name: string): LineageRelation | undefined;
  /** Every function that a call could mean. Empty: only what PostgreSQL itself has. */
  functions(schema: string | undefined, name: string): readonly LineageFunction[];
  /**
   * Some operator of a user has this name. `left` and `right` are the types (pg_type.oid) of its operands where they are
   * known, so that operators that surely cannot be meant may be left out; nothing says that this has to be done.
   */
  hasUserOperator(name: string, left?: number, right?: number): boolean;
  /**
   * Some type of a user, or a cast that a user made, has this type's name; `schema` absent: by the search path. `from` is
   * the type (pg_type.oid) of the value where it is known, so that casts from other types may be left out.
   */
  hasUserType(schema: string | undefined, name: string, from?: number): boolean;
  /**
   * Of a type that {@link hasUserType} knows: it is an enum, or something else that runs no code of a user when a value
   * is turned into it or out of it (no domain with checks, no cast by a function of a user). Absent: none is.
   */
  isPlainType?(schema: string | undefined, name: string): boolean;
}

export interface LineageColumn {
  readonly name: string;
  /** pg_attribute.attnum. */
  readonly attribute: number;
  /** pg_attribute.atttypid, of a domain its base type's. */
  readonly type: number;
  /**
   * Its form as text, or as jsonb too, is made by PostgreSQL's own code, which does not fail on any value. Told of what
   * is no plain type of PostgreSQL's own: arrays, enums, rows.
   */
  readonly forms?: 'text' | 'text and jsonb';
  /** Columns of the same relation that it is generated from. */
  readonly generatedFrom?: readonly number[];
  /** Of a view: it is an origin itself too, beside what it is made of (where a mask speaks of the view's column). */
  readonly own?: true;
}

export interface LineageRelation {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /**
   * - `table`: values are kept here (tables, partitions, foreign tables, sequences). A materialised view is a `view`.
   * - `view`: `query` in the server's words; bare names in it are those of `scope`.
   * - `anything`: rules stand in its place, or it is a catalog that keeps texts or samples of others (pg_stats, pg_stat_activity, …).
   */
  readonly kind: 'table' | 'view' | 'anything';
  /** In order, without dropped ones. */
  readonly columns: readonly LineageColumn[];
  /** Attribute numbers of its primary key and of unique constraints over columns that are never NULL. */
  readonly keys: readonly (readonly number[])[];
  /**
   * Attribute numbers of columns that something looks at when a row is written, and may refuse it by their values:
   * constraints, unique indexes and those with expressions, lengths, domains with checks, what is generated from them, a
   * partition's bounds, policies, triggers. Absent: none.
   */
  readonly checked?: readonly number[];
  readonly query?: string;
  readonly scope?: LineageCatalog;
}

export interface LineageFunction {
  readonly schema: string;
  readonly name: string;
  /** pg_proc.pronargs, and the names of its input arguments where they have some ('' where not). */
  readonly arguments: readonly string[];
  /** Fewer may be given. What is left out is computed from constants, or else the body is `unread`. */
  readonly hasDefaults: boolean;
  readonly variadic: boolean;
  readonly returnsSet: boolean;
  readonly isAggregate: boolean;
  /** Names of the columns of a row that it returns (OUT arguments, RETURNS TABLE, a composite type); empty for one plain value. */
  readonly columns: readonly string[];
  /**
   * - `sql`: a body in SQL, of statements as `text`.
   * - `queries`: PL/pgSQL of which every statement and expression is known; each is a text of its own.
   * - `unread`: anything else.
   */
  readonly body:
    | { readonly kind: 'sql'; readonly text: string; readonly scope: LineageCatalog }
    | { readonly kind: 'queries'; readonly texts: readonly string[]; readonly scope: LineageCatalog }
    | { readonly kind: 'unread' };
}
