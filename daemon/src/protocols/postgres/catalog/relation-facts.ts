import { classOid, columnsOf, eq, list, ne, oidArray, referencesOf } from './question-parts.ts';

export interface ToldColumn {
  readonly attribute: number;
  /** pg_attribute.atttypid. */
  readonly type: number;
  /** Surely never NULL: constraints that are not validated left out. */
  readonly isNotNull: boolean;
}

/** What lineage needs of a relation beside its name and what it reads. */
export interface RelationFacts {
  readonly oid: number;
  /** In order, without dropped ones. */
  readonly columns: readonly ToldColumn[];
  /** Columns of its valid unique indexes that hold for every row at any time. They may be NULL. */
  readonly unique: readonly (readonly number[])[];
  /** Rules other than the one that makes a view. */
  readonly hasRules: boolean;
  /** Functions of users that its rules depend on (for a view, its query): OIDs. */
  readonly calls: readonly number[];
}

/** PostgreSQL 18 has NOT NULL constraints that old rows need not fulfil, and tells them in attnotnull like others. */
const notNull = `a.attnotnull AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid ${eq} a.attrelid
      AND k.contype ${eq} 'n'::pg_catalog."char" AND NOT k.convalidated AND a.attnum ${eq} ANY (k.conkey))`;

export function relationFactsText(oids: readonly number[]): string {
  return `SELECT 'relation'::pg_catalog.text, pg_catalog.json_build_array(c.oid::pg_catalog.int8,
      ${list(`SELECT pg_catalog.json_agg(pg_catalog.json_build_array(a.attnum, a.atttypid::pg_catalog.int8, ${notNull})) FROM ${columnsOf('c.oid')}`)},
      ${list(`SELECT pg_catalog.json_agg(pg_catalog.json_build_array(i.indnkeyatts, i.indkey::pg_catalog.text))
        FROM pg_catalog.pg_index i WHERE i.indrelid ${eq} c.oid AND i.indisunique AND i.indisvalid AND i.indimmediate
        AND i.indpred IS NULL AND i.indexprs IS NULL`)},
      EXISTS (SELECT FROM pg_catalog.pg_rewrite r WHERE r.ev_class ${eq} c.oid AND r.ev_type ${ne} '1'::pg_catalog."char"),
      ${list(`SELECT pg_catalog.json_agg(d.refobjid::pg_catalog.int8) FROM ${referencesOf('c.oid')} AND d.refclassid ${eq} ${classOid('pg_proc')}`)}
      )::pg_catalog.text
    FROM pg_catalog.pg_class c WHERE c.oid ${eq} ANY (${oidArray(oids)})`;
}

type RelationTuple = [number, [number, number, boolean][], [number, string][], boolean, number[]];

export function readRelationFacts(told: unknown): RelationFacts {
  const [oid, columns, indexes, hasRules, calls] = told as RelationTuple;
  return {
    oid,
    columns: columns
      .map(([attribute, type, isNotNull]) => ({ attribute, type, isNotNull }))
      .sort((a, b) => a.attribute - b.attribute),
    // Columns that are only INCLUDEd come behind the others.
    unique: indexes.map(([keys, attributes]) => attributes.split(' ').slice(0, keys).map(Number)),
    hasRules,
    calls,
  };
}
