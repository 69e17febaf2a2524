import {
  classOid,
  columnsOf,
  eq,
  list,
  nameArray,
  ne,
  ofUser,
  oidArray,
  referencesOf,
} from './catalog/question-parts.ts';

/** The gate's question to the catalog, as one SQL text. Its pieces say by which rules it is written. */

/** What unqualified names mean to a session. */
export interface SessionPath {
  /** The effective search path (`current_schemas(true)`), in order. */
  readonly schemas: readonly string[];
  /** The setting that it comes from. */
  readonly setting: string;
  /** CURRENT_USER. */
  readonly role: string;
}

export interface WantedNames {
  /** Bare names; every schema's relation of that name is told. */
  readonly relations: readonly string[];
  readonly functions: readonly string[];
  /** Relations known by OID alone. */
  readonly oids?: readonly number[];
  /** Types of users, by OID. */
  readonly types?: readonly number[];
}

/** A relation as the catalog tells it. */
export interface CatalogRelation {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** pg_class.relkind: r table, p partitioned table, v view, m materialised view, f foreign table, S sequence, … */
  readonly kind: string;
  /** By attribute number, dropped and system columns left out. */
  readonly columns: ReadonlyMap<number, string>;
  /** What its rules (for a view, its query) refer to: relation and attribute number, 0 for the whole relation. */
  readonly refersTo: readonly (readonly [oid: number, attribute: number])[];
  /** Partitions and inheritance children. */
  readonly children: readonly number[];
  readonly parents: readonly number[];
  /** Generated columns, each with a column that it is computed from. */
  readonly generated: readonly (readonly [attribute: number, from: number])[];
  /** Columns that hold rows of a relation or composite type: its OID in pg_class. */
  readonly embeds: readonly (readonly [attribute: number, oid: number])[];
  /** Its rules (for a view, its query) run functions of users, which may read anything. */
  readonly runsCode: boolean;
  /** The query of a view or materialised view, as pg_get_viewdef() writes it. Absent where the session could not ask for it. */
  readonly definition?: string;
}

/** A relation as one answer tells it, before the types of its columns were followed. */
export interface ToldRelation extends Omit<CatalogRelation, 'embeds'> {
  /** Columns whose type is one of users. */
  readonly types: readonly (readonly [attribute: number, type: number])[];
}

export interface ToldType {
  readonly oid: number;
  /** The relation or composite type whose rows it is; 0: none. */
  readonly relation: number;
  /** Types of users in it: an array's elements, a domain's base, a range's bounds. */
  readonly within: readonly number[];
}

export interface CatalogFunction {
  readonly schema: string;
  readonly name: string;
}

export interface ProbeAnswer {
  readonly relations: readonly ToldRelation[];
  readonly functions: readonly CatalogFunction[];
  readonly types: readonly ToldType[];
}

/** The question about `wanted`; undefined when there is nothing to ask. */
export function probeText(wanted: WantedNames): string | undefined {
  const { relations, functions, oids = [], types = [] } = wanted;
  const parts: string[] = [];
  for (const seed of [
    relations.length > 0 ? `c.relname ${eq} ANY (${nameArray(relations)})` : undefined,
    oids.length > 0 ? `c.oid ${eq} ANY (${oidArray(oids)})` : undefined,
  ]) {
    if (seed !== undefined) parts.push(relationsText(seed), typesText(typesOf(seed)));
  }
  if (types.length > 0) parts.push(typesText(oidArray(types)));
  if (functions.length > 0) {
    parts.push(`SELECT DISTINCT 'function'::pg_catalog.text, pg_catalog.json_build_array(n.nspname, p.proname)::pg_catalog.text
      FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid ${eq} p.pronamespace
      WHERE p.proname ${eq} ANY (${nameArray(functions)})`);
  }
  return parts.length === 0 ? undefined : parts.join(' UNION ALL ');
}

function relationsReadBy(relation: string): string {
  return `${referencesOf(relation)} AND d.refclassid ${eq} ${classOid('pg_class')} AND d.refobjid ${ne} ${relation}`;
}

function typesOf(seed: string): string {
  return `ARRAY(SELECT a.atttypid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid ${eq} c.oid
      WHERE (${seed}) AND a.atttypid ${ofUser})`;
}

function typesText(oids: string): string {
  return `SELECT 'type'::pg_catalog.text, pg_catalog.json_build_array(t.oid::pg_catalog.int8, t.typrelid::pg_catalog.int8,
      ${list(`SELECT pg_catalog.json_agg(w.oid::pg_catalog.int8) FROM (
        SELECT t.typelem UNION ALL SELECT t.typbasetype UNION ALL
        SELECT g.rngsubtype FROM pg_catalog.pg_range g WHERE g.rngtypid ${eq} t.oid OR g.rngmultitypid ${eq} t.oid
      ) AS w(oid) WHERE w.oid ${ofUser}`)})::pg_catalog.text
    FROM pg_catalog.pg_type t WHERE t.oid ${eq} ANY (${oids})`;
}

/** Whether `code`, a function of a user, may do more than compute from its arguments. */
function unread(code: string): string {
  return `EXISTS (SELECT FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid ${eq} p.prolang
      WHERE p.oid ${eq} ${code} AND NOT (p.prokind ${eq} 'f'::pg_catalog."char" AND p.provolatile ${eq} 'i'::pg_catalog."char"
        AND (l.lanname ${eq} 'internal'::pg_catalog.name OR l.lanname ${eq} 'c'::pg_catalog.name)))`;
}

function runsCode(relation: string): string {
  return `EXISTS (SELECT FROM ${referencesOf(relation)} AND (
      d.refclassid ${eq} ${classOid('pg_proc')} AND ${unread('d.refobjid')}
      OR d.refclassid ${eq} ${classOid('pg_operator')} AND EXISTS (
        SELECT FROM pg_catalog.pg_operator o WHERE o.oid ${eq} d.refobjid AND ${unread('o.oprcode::pg_catalog.oid')})))`;
}

function generatedIn(relation: string): string {
  return `pg_catalog.pg_attrdef e JOIN pg_catalog.pg_attribute a ON a.attrelid ${eq} e.adrelid AND a.attnum ${eq} e.adnum
      JOIN pg_catalog.pg_depend d ON d.classid ${eq} ${classOid('pg_attrdef')} AND d.objid ${eq} e.oid
        AND d.refclassid ${eq} ${classOid('pg_class')} AND d.refobjid ${eq} e.adrelid
    WHERE e.adrelid ${eq} ${relation} AND a.attgenerated ${ne} ''::pg_catalog."char"`;
}

const pathEntry = (at: number) => `(pg_catalog.current_schemas(true))[${at}]`;

/**
 * pg_get_viewdef() runs a query of its own, whose operators are not qualified (ruleutils.c): under a search path that
 * puts something before pg_catalog, it may answer with the query of another view. Temporary schemas hold no operators.
 */
export const looksInCatalogFirst = `(${pathEntry(1)} ${eq} 'pg_catalog'::pg_catalog.name
      OR pg_catalog.starts_with(${pathEntry(1)}::pg_catalog.text, 'pg_temp_') AND ${pathEntry(2)} ${eq} 'pg_catalog'::pg_catalog.name)`;

function relationsText(seed: string): string {
  return `SELECT 'relation'::pg_catalog.text, pg_catalog.json_build_array(c.oid::pg_catalog.int8, n.nspname, c.relname, c.relkind,
      ${list(`SELECT pg_catalog.json_agg(pg_catalog.json_build_array(a.attnum, a.attname)) FROM ${columnsOf('c.oid')}`)},
      ${list(`SELECT pg_catalog.json_agg(pg_catalog.json_build_array(d.refobjid::pg_catalog.int8, d.refobjsubid)) FROM ${relationsReadBy('c.oid')}`)},
      ${list(`SELECT pg_catalog.json_agg(i.inhrelid::pg_catalog.int8) FROM pg_catalog.pg_inherits i WHERE i.inhparent ${eq} c.oid`)},
      ${list(`SELECT pg_catalog.json_agg(i.inhparent::pg_catalog.int8) FROM pg_catalog.pg_inherits i WHERE i.inhrelid ${eq} c.oid`)},
      ${list(`SELECT pg_catalog.json_agg(pg_catalog.json_build_array(e.adnum, d.refobjsubid)) FROM ${generatedIn('c.oid')}`)},
      ${list(`SELECT pg_catalog.json_agg(pg_catalog.json_build_array(a.attnum, a.atttypid::pg_catalog.int8)) FROM ${columnsOf('c.oid')} AND a.atttypid ${ofUser}`)},
      ${runsCode('c.oid')},
      CASE WHEN (c.relkind ${eq} 'v'::pg_catalog."char" OR c.relkind ${eq} 'm'::pg_catalog."char") AND ${looksInCatalogFirst}
        THEN pg_catalog.pg_get_viewdef(c.oid) END
      )::pg_catalog.text
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid ${eq} c.relnamespace WHERE ${seed}`;
}

type RelationTuple = [
  number,
  string,
  string,
  string,
  [number, string][],
  [number, number][],
  number[],
  number[],
  [number, number][],
  [number, number][],
  boolean,
  string | null,
];

function readRelation(tuple: RelationTuple): ToldRelation {
  const [oid, schema, name, kind, columns, refersTo, children, parents, generated, types, runs, definition] =
    tuple;
  return {
    oid,
    schema,
    name,
    kind,
    columns: new Map(columns),
    refersTo,
    children,
    parents,
    generated,
    types,
    runsCode: runs,
    ...(definition === null ? {} : { definition }),
  };
}

/** Read the rows that {@link probeText} brings. */
export function readProbe(rows: readonly (readonly (string | null)[])[]): ProbeAnswer {
  const relations: ToldRelation[] = [];
  const functions: CatalogFunction[] = [];
  const types: ToldType[] = [];
  for (const [what, told] of rows) {
    const tuple: unknown = JSON.parse(told ?? '[]');
    if (what === 'function') {
      const [schema, name] = tuple as [string, string];
      functions.push({ schema, name });
    } else if (what === 'type') {
      const [oid, relation, within] = tuple as [number, number, number[]];
      types.push({ oid, relation, within });
    } else if (what === 'relation') relations.push(readRelation(tuple as RelationTuple));
  }
  return { relations, functions, types };
}

/** What changes the meaning of unqualified names: the effective search path and who the session acts as. */
export const sessionProbeText =
  "SELECT pg_catalog.array_to_json(pg_catalog.current_schemas(true))::pg_catalog.text, CURRENT_USER::pg_catalog.text, pg_catalog.current_setting('search_path')";

/** The answer to {@link sessionProbeText}. */
export function readSessionProbe([row]: readonly (readonly (string | null)[])[]): SessionPath {
  return {
    schemas: JSON.parse(row?.[0] ?? '[]') as string[],
    role: row?.[1] ?? '',
    setting: row?.[2] ?? '',
  };
}
