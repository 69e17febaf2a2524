import { classOid, columnsOf, eq, list, ne, oidArray, referencesOf } from './question-parts.ts';

export interface ToldColumn {
  readonly attribute: number;
  /** pg_attribute.atttypid. */
  readonly type: number;
  /** Surely never NULL: constraints that are not validated left out. */
  readonly isNotNull: boolean;
  /** It has a length or precision, by which values of other columns may be too long for it. */
  readonly isBounded: boolean;
}

/** What lineage needs of a relation beside its name and what it reads. */
export interface RelationFacts {
  readonly oid: number;
  /** In order, without dropped ones. */
  readonly columns: readonly ToldColumn[];
  /** Columns of its valid unique indexes that hold for every row at any time. They may be NULL. */
  readonly unique: readonly (readonly number[])[];
  /** Columns by which the server may refuse a row that is written; 0: by any. Domains and generated columns left out. */
  readonly checked: readonly number[];
  /** Rules other than the one that makes a view. */
  readonly hasRules: boolean;
  /** Functions of users that its rules depend on (for a view, its query): OIDs. */
  readonly calls: readonly number[];
}

/** PostgreSQL 18 has NOT NULL constraints that old rows need not fulfil, and tells them in attnotnull like others. */
const notNull = `a.attnotnull AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid ${eq} a.attrelid
      AND k.contype ${eq} 'n'::pg_catalog."char" AND NOT k.convalidated AND a.attnum ${eq} ANY (k.conkey))`;

/**
 * What policies, triggers, the bounds and parts of a partitioned table, and the servers of foreign tables look at is not
 * told, so it may be any column; so it is with an index made of nothing but expressions. What an index computes may fail.
 * Foreign keys look at the columns that they refer to, too; their own triggers are internal.
 */
const checked = list(`SELECT pg_catalog.json_agg(DISTINCT s.attribute::pg_catalog.int4) FROM (
      SELECT 0::pg_catalog.int4 WHERE c.relrowsecurity OR c.relispartition
          OR c.relkind ${eq} 'p'::pg_catalog."char" OR c.relkind ${eq} 'f'::pg_catalog."char"
          OR EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhparent ${eq} c.oid)
          OR EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.tgrelid ${eq} c.oid AND NOT t.tgisinternal
            AND t.tgenabled ${ne} 'D'::pg_catalog."char")
      UNION ALL SELECT a.attnum::pg_catalog.int4 FROM ${columnsOf('c.oid')} AND a.attnotnull
      UNION ALL SELECT pg_catalog.unnest(k.conkey)::pg_catalog.int4 FROM pg_catalog.pg_constraint k WHERE k.conrelid ${eq} c.oid
      UNION ALL SELECT pg_catalog.unnest(k.confkey)::pg_catalog.int4 FROM pg_catalog.pg_constraint k WHERE k.confrelid ${eq} c.oid
      UNION ALL SELECT u.attribute::pg_catalog.int4
        FROM pg_catalog.pg_index i, LATERAL pg_catalog.unnest(i.indkey) AS u(attribute)
        WHERE i.indrelid ${eq} c.oid AND (i.indisunique OR i.indisexclusion) AND u.attribute ${ne} 0::pg_catalog.int2
      UNION ALL SELECT d.refobjsubid FROM pg_catalog.pg_index i JOIN pg_catalog.pg_depend d
          ON d.classid ${eq} ${classOid('pg_class')} AND d.objid ${eq} i.indexrelid
            AND d.refclassid ${eq} ${classOid('pg_class')} AND d.refobjid ${eq} c.oid
        WHERE i.indrelid ${eq} c.oid AND (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL)
    ) AS s(attribute)`);

export function relationFactsText(oids: readonly number[]): string {
  return `SELECT 'relation'::pg_catalog.text, pg_catalog.json_build_array(c.oid::pg_catalog.int8,
      ${list(`SELECT pg_catalog.json_agg(pg_catalog.json_build_array(a.attnum, a.atttypid::pg_catalog.int8, ${notNull}, a.atttypmod ${ne} -1)) FROM ${columnsOf('c.oid')}`)},
      ${list(`SELECT pg_catalog.json_agg(pg_catalog.json_build_array(i.indnkeyatts, i.indkey::pg_catalog.text))
        FROM pg_catalog.pg_index i WHERE i.indrelid ${eq} c.oid AND i.indisunique AND i.indisvalid AND i.indimmediate
        AND i.indpred IS NULL AND i.indexprs IS NULL`)},
      ${checked},
      EXISTS (SELECT FROM pg_catalog.pg_rewrite r WHERE r.ev_class ${eq} c.oid AND r.ev_type ${ne} '1'::pg_catalog."char"),
      ${list(`SELECT pg_catalog.json_agg(d.refobjid::pg_catalog.int8) FROM ${referencesOf('c.oid')} AND d.refclassid ${eq} ${classOid('pg_proc')}`)}
      )::pg_catalog.text
    FROM pg_catalog.pg_class c WHERE c.oid ${eq} ANY (${oidArray(oids)})`;
}

type RelationTuple = [
  number,
  [number, number, boolean, boolean][],
  [number, string][],
  number[],
  boolean,
  number[],
];

export function readRelationFacts(told: unknown): RelationFacts {
  const [oid, columns, indexes, checks, hasRules, calls] = told as RelationTuple;
  return {
    oid,
    columns: columns
      .map(([attribute, type, isNotNull, isBounded]) => ({ attribute, type, isNotNull, isBounded }))
      .sort((a, b) => a.attribute - b.attribute),
    // Columns that are only INCLUDEd come behind the others.
    unique: indexes.map(([keys, attributes]) => attributes.split(' ').slice(0, keys).map(Number)),
    checked: checks,
    hasRules,
    calls,
  };
}
