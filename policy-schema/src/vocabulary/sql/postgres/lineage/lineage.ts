/**
 * What the values of a statement depend on: for each result column the columns of tables behind it, and every place
 * where a column decides about rows, groups, order or failure instead of being shown. It knows nothing of masks.
 *
 * Where something is not surely known, it says more than is true, never less.
 */

/** A column of a table; views are followed to the tables behind them. */
export interface BaseColumn {
  /** OID in pg_class. */
  readonly relation: number;
  /** pg_attribute.attnum; 0: the row as a whole, and so each of its columns. */
  readonly attribute: number;
}

/**
 * How a value depends on a column.
 * - `copy`: it is the column's value as it stands there, or NULL where an outer join found no row. A result that mixes
 *   columns with anything else (a UNION with a constant, a CASE) is no copy: who can choose what is mixed in could
 *   compare what becomes of both.
 * - `null-test`: only on whether the value is NULL.
 * - `function`: by this function of a copy alone, given as `schema.name`, so that a policy may call it harmless. What is
 *   computed from such a value further on still depends on the column by that function only.
 * - `computed`: in any other way.
 */
export type Dependence =
  | { readonly how: 'copy' | 'null-test' | 'computed' }
  | { readonly how: 'function'; readonly function: string };

export type Origin = BaseColumn & Dependence;

/** What one value depends on. */
export interface Flow {
  /** Each column and manner once. Empty and not `anything`: only on constants, parameters and the like. */
  readonly origins: readonly Origin[];
  /** It may hold anything that the session can reach: code that nobody read, catalogs that keep texts and samples. */
  readonly anything: boolean;
}

/**
 * A value in the text of the statement, or one that comes with it. A constant is a `literal`, a parameter a `parameter`,
 * only where it meets just that one value or column: what is compared with several things at once ('x' IN (a, b),
 * CASE 'x' WHEN a …, 'x' = ANY (ARRAY[a, b])), or comes out of a subquery, VALUES in FROM, a view or a function, is a
 * `value` of empty flow, and such a parameter is among the exposed ones.
 */
export type Operand =
  /** `start` and `end`: UTF-8 byte offsets of the constant's token (quotes and prefix included, no cast). `value`: as the server reads it. */
  | { readonly kind: 'literal'; readonly start: number; readonly end: number; readonly value: string }
  /** NULL, written as such; of what is written, DEFAULT too. */
  | { readonly kind: 'null' }
  /** `$number`; `isArray`: compared by = ANY, so that each element stands for a value. */
  | { readonly kind: 'parameter'; readonly number: number; readonly isArray: boolean }
  /** Constants inside one array constant: '{a,b}'. */
  | { readonly kind: 'array-literal'; readonly start: number; readonly end: number; readonly value: string }
  /** A value of the database or something computed. Its flow may be empty. */
  | { readonly kind: 'value'; readonly flow: Flow };

/** Where in the statement something is used, for words to people: WHERE, JOIN, CASE, GROUP BY, … */
export type UsePlace =
  | 'WHERE'
  | 'JOIN'
  | 'HAVING'
  | 'FILTER'
  | 'CASE'
  | 'GROUP BY'
  | 'DISTINCT'
  | 'PARTITION BY'
  | 'ORDER BY'
  | 'LIMIT'
  | 'set operation'
  | 'ON CONFLICT'
  | 'MERGE'
  | 'function'
  | 'operator'
  | 'cast';

/**
 * A place where values decide about something that can be seen although they are not shown. Only what depends on some
 * column is told. Uses inside of a view's own query are not told: who reads a view chose none of them.
 * - `equality`: compared by =, IN, = ANY, USING, IS NOT DISTINCT FROM, or their negations (<>, NOT IN, <> ALL, IS DISTINCT FROM).
 *   `value` is a copy of one column; a comparison of anything else is a `condition`.
 * - `grouping`: values that are equal come together (GROUP BY, DISTINCT, PARTITION BY, UNION and its kin); `key`: a whole
 *   key of the table is grouped by with them, so that they decide about nothing.
 * - `condition`: anything else that rows, groups, order, bounds or a CASE depend on.
 * - `risk`: given to something that may fail, return several rows, or act, depending on the value: its success alone tells
 *   of it. `by`: the function (`schema.name`), operator or type.
 */
export type Use =
  | {
      readonly kind: 'equality';
      readonly place: UsePlace;
      readonly value: Flow;
      readonly with: readonly Operand[];
    }
  | { readonly kind: 'grouping'; readonly place: UsePlace; readonly value: Flow; readonly key: boolean }
  | { readonly kind: 'condition'; readonly place: UsePlace; readonly value: Flow }
  | { readonly kind: 'risk'; readonly place: UsePlace; readonly value: Flow; readonly by: string };

/** A column by its name alone. */
export interface NamedColumn {
  /** Undefined: the first of the search path that will take it. */
  readonly schema: string | undefined;
  readonly name: string;
  /** `*`: any of them. */
  readonly column: string;
  readonly temporary: boolean;
}

/**
 * What will be behind a name.
 * - `kept`: values are put there.
 * - `shown`: values are there already, or in other tables, and will go by this name (views, RENAME, INHERIT).
 * - `file`: it is a file or program, and none of the database's names.
 */
export type MadeColumn = NamedColumn & { readonly kind: 'kept' | 'shown' | 'file' };

/** What a statement puts into a column, row by row. */
export interface Write {
  /** An existing column; attribute 0 where it cannot be told which. Undefined: it is known by its name at most. */
  readonly target: BaseColumn | undefined;
  /** A column that the statement makes, or that nobody knows yet. */
  readonly made?: MadeColumn;
  readonly value: Operand;
  /** Something looks at the value (see LineageRelation.checked), so that success or failure tells of it. */
  readonly checked?: true;
}

export interface ResultColumn extends Flow {
  readonly name: string;
}

/** What a result is made of, apart from the columns of a query. */
export type ResultForm =
  /** Rows of `columns` (SELECT, RETURNING, EXECUTE, FETCH, TABLE, VALUES, CALL with OUT parameters). */
  | 'rows'
  /** The same by COPY … TO. */
  | 'copy'
  /** The plan of the statement; `columns` are those of the statement that is explained, and are not shown. */
  | 'plan'
  /** No rows that hold values, or rows that speak of names and settings only. */
  | 'none'
  /** Rows of which nothing is known. */
  | 'unknown';

/** What one statement lets out or puts elsewhere. */
export interface Lineage {
  readonly form: ResultForm;
  readonly columns: readonly ResultColumn[];
  readonly uses: readonly Use[];
  readonly writes: readonly Write[];
  /** It runs code that nobody read, which may read and write anything by itself: DO, a procedure, a function of a user. */
  readonly code: boolean;
  /** Constants that the statement's own text puts into messages, plans or the catalog when it runs (EXPLAIN, PREPARE, CREATE VIEW). */
  readonly keepsText: boolean;
  /**
   * Numbers of the parameters that also stand where they are no operand, so that a value put in their place could be
   * seen or tried out there (`SELECT $1 … WHERE email = $1`). In ascending order.
   */
  readonly exposedParameters: readonly number[];
  /** EXECUTE and FETCH: what they run is known elsewhere, and its lineage stands in the place of this one. */
  readonly refersTo?: Reference;
}

export type Reference =
  /** `arguments`: what EXECUTE puts in the place of $1, $2, …, or CREATE TABLE … AS EXECUTE does. */
  | { readonly kind: 'prepared'; readonly name: string; readonly arguments: readonly Operand[] }
  | { readonly kind: 'cursor'; readonly name: string };
