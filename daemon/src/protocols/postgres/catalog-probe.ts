/**
 * The gate's question to the catalog, as one SQL text. It runs on the client's own session, so nothing in it may depend
 * on that session's search path: every function, type and operator is qualified, and `IN`, `CASE x WHEN` and other
 * forms that look an operator up by its bare name are not used.
 */

export interface WantedNames {
  /** Bare names; every schema's relation of that name is told. */
  readonly relations: readonly string[];
  readonly functions: readonly string[];
  /** Relations known by OID alone. */
  readonly oids?: readonly number[];
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
  /** The query of a view or materialised view, as pg_get_viewdef() writes it. */
  readonly definition?: string;
}

export interface CatalogFunction {
  readonly schema: string;
  readonly name: string;
}

export interface ProbeAnswer {
  readonly relations: readonly CatalogRelation[];
  readonly functions: readonly CatalogFunction[];
}

const eq = 'OPERATOR(pg_catalog.=)';
const ne = 'OPERATOR(pg_catalog.<>)';

/** Objects of users have OIDs from here on (FirstNormalObjectId in transam.h). */
export const firstUserOid = 16_384;

/** Standard-conforming strings are pinned on, so doubling the quote is all that a literal needs. */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function nameArray(names: readonly string[]): string {
  return `ARRAY[${names.map(literal).join(', ')}]::pg_catalog.name[]`;
}

/** The question about `wanted`; undefined when there is nothing to ask. */
export function probeText(wanted: WantedNames): string | undefined {
  const parts: string[] = [];
  const seeds: string[] = [];
  if (wanted.relations.length > 0) seeds.push(`c.relname ${eq} ANY (${nameArray(wanted.relations)})`);
  const oids = (wanted.oids ?? []).filter(Number.isSafeInteger);
  if (oids.length > 0) seeds.push(`c.oid ${eq} ANY (ARRAY[${oids.join(', ')}]::pg_catalog.oid[])`);
  if (seeds.length > 0) parts.push(relationsText(seeds.join(' OR ')));
  if (wanted.functions.length > 0) {
    parts.push(`SELECT DISTINCT 'function'::pg_catalog.text, pg_catalog.json_build_array(n.nspname, p.proname)::pg_catalog.text
      FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid ${eq} p.pronamespace
      WHERE p.proname ${eq} ANY (${nameArray(wanted.functions)})`);
  }
  return parts.length === 0 ? undefined : parts.join(' UNION ALL ');
}

function classOid(catalog: string): string {
  return `'pg_catalog.${catalog}'::pg_catalog.regclass::pg_catalog.oid`;
}

/** What the rules of `relation` refer to, as rows `d` of pg_depend; pinned objects have none. */
function referencesOf(relation: string): string {
  return `pg_catalog.pg_rewrite r JOIN pg_catalog.pg_depend d
      ON d.objid ${eq} r.oid AND d.classid ${eq} ${classOid('pg_rewrite')} WHERE r.ev_class ${eq} ${relation}`;
}

function relationsReadBy(relation: string): string {
  return `${referencesOf(relation)} AND d.refclassid ${eq} ${classOid('pg_class')} AND d.refobjid ${ne} ${relation}`;
}

/** Columns `a` of `relation`, and each relation `held` whose rows they hold: directly, in arrays, domains or ranges. */
function embeddedIn(relation: string): string {
  return `pg_catalog.pg_attribute a CROSS JOIN LATERAL (
      WITH RECURSIVE inside(type) AS (
        SELECT a.atttypid
        UNION
        SELECT step.type FROM inside JOIN pg_catalog.pg_type t ON t.oid ${eq} inside.type CROSS JOIN LATERAL (
          SELECT t.typelem UNION ALL SELECT t.typbasetype UNION ALL
          SELECT g.rngsubtype FROM pg_catalog.pg_range g WHERE g.rngtypid ${eq} t.oid OR g.rngmultitypid ${eq} t.oid
        ) AS step(type) WHERE step.type ${ne} 0::pg_catalog.oid)
      SELECT t.typrelid FROM inside JOIN pg_catalog.pg_type t ON t.oid ${eq} inside.type
      WHERE t.typrelid ${ne} 0::pg_catalog.oid) AS held(oid)
    WHERE a.attrelid ${eq} ${relation} AND a.attnum OPERATOR(pg_catalog.>) 0::pg_catalog.int2 AND NOT a.attisdropped
      AND a.atttypid OPERATOR(pg_catalog.>=) ${firstUserOid}::pg_catalog.oid`;
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

/** Relations that match `seed`, and all that they read, hold rows of, or are read through, to any depth. */
function relationsText(seed: string): string {
  const list = (select: string) => `COALESCE((${select}), '[]'::pg_catalog.json)`;
  return `SELECT * FROM (WITH RECURSIVE reached(oid) AS (
      SELECT c.oid FROM pg_catalog.pg_class c WHERE ${seed}
      UNION
      SELECT pg_catalog.unnest(ARRAY(
        SELECT d.refobjid FROM ${relationsReadBy('reached.oid')}
        UNION ALL SELECT held.oid FROM ${embeddedIn('reached.oid')}
        UNION ALL SELECT i.inhrelid FROM pg_catalog.pg_inherits i WHERE i.inhparent ${eq} reached.oid
        UNION ALL SELECT i.inhparent FROM pg_catalog.pg_inherits i WHERE i.inhrelid ${eq} reached.oid)) FROM reached)
    SELECT 'relation'::pg_catalog.text AS what, pg_catalog.json_build_array(c.oid::pg_catalog.int8, n.nspname, c.relname, c.relkind,
      ${list(`SELECT pg_catalog.json_agg(pg_catalog.json_build_array(a.attnum, a.attname)) FROM pg_catalog.pg_attribute a
        WHERE a.attrelid ${eq} c.oid AND a.attnum OPERATOR(pg_catalog.>) 0::pg_catalog.int2 AND NOT a.attisdropped`)},
      ${list(`SELECT pg_catalog.json_agg(pg_catalog.json_build_array(d.refobjid::pg_catalog.int8, d.refobjsubid)) FROM ${relationsReadBy('c.oid')}`)},
      ${list(`SELECT pg_catalog.json_agg(i.inhrelid::pg_catalog.int8) FROM pg_catalog.pg_inherits i WHERE i.inhparent ${eq} c.oid`)},
      ${list(`SELECT pg_catalog.json_agg(i.inhparent::pg_catalog.int8) FROM pg_catalog.pg_inherits i WHERE i.inhrelid ${eq} c.oid`)},
      ${list(`SELECT pg_catalog.json_agg(pg_catalog.json_build_array(e.adnum, d.refobjsubid)) FROM ${generatedIn('c.oid')}`)},
      ${list(`SELECT pg_catalog.json_agg(pg_catalog.json_build_array(a.attnum, held.oid::pg_catalog.int8)) FROM ${embeddedIn('c.oid')}`)},
      ${runsCode('c.oid')},
      CASE WHEN c.relkind ${eq} 'v'::pg_catalog."char" OR c.relkind ${eq} 'm'::pg_catalog."char" THEN pg_catalog.pg_get_viewdef(c.oid) END
      )::pg_catalog.text AS told
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid ${eq} c.relnamespace
    WHERE c.oid ${eq} ANY (ARRAY(SELECT reached.oid FROM reached))) AS relations`;
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

function readRelation(tuple: RelationTuple): CatalogRelation {
  const [oid, schema, name, kind, columns, refersTo, children, parents, generated, embeds, runs, definition] =
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
    embeds,
    runsCode: runs,
    ...(definition === null ? {} : { definition }),
  };
}

/** Read the rows that {@link probeText} brings. */
export function readProbe(rows: readonly (readonly (string | null)[])[]): ProbeAnswer {
  const relations: CatalogRelation[] = [];
  const functions: CatalogFunction[] = [];
  for (const [what, told] of rows) {
    if (what === 'function') {
      const [schema, name] = JSON.parse(told ?? '[]') as [string, string];
      functions.push({ schema, name });
    } else if (what === 'relation') {
      relations.push(readRelation(JSON.parse(told ?? '[]') as RelationTuple));
    }
  }
  return { relations, functions };
}

/** What changes the meaning of unqualified names: the effective search path and who the session acts as. */
export const sessionProbeText =
  'SELECT pg_catalog.array_to_json(pg_catalog.current_schemas(true))::pg_catalog.text, CURRENT_USER::pg_catalog.text';

/** The effective search path, in order, from the answer to {@link sessionProbeText}. */
export function readSessionProbe(rows: readonly (readonly (string | null)[])[]): readonly string[] {
  return JSON.parse(rows[0]?.[0] ?? '[]') as string[];
}
