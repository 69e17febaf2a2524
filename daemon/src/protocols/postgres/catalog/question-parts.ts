/**
 * Pieces of the gate's questions to the catalog. They run on the client's own session, so nothing in them may depend
 * on that session's search path: every function, type and operator is qualified, and `IN`, `CASE x WHEN` and other
 * forms that look an operator up by its bare name are not used. They do not recurse: the planner would think it costly
 * enough to compile them (jit_above_cost), which takes a second.
 */

export const eq = 'OPERATOR(pg_catalog.=)';
export const ne = 'OPERATOR(pg_catalog.<>)';

/** Objects of users have OIDs from here on (FirstNormalObjectId in transam.h). */
export const firstUserOid = 16_384;

export const ofUser = `OPERATOR(pg_catalog.>=) ${firstUserOid}::pg_catalog.oid`;

/** Standard-conforming strings are pinned on, so doubling the quote is all that a literal needs. */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function nameArray(names: readonly string[]): string {
  return `ARRAY[${names.map(literal).join(', ')}]::pg_catalog.name[]`;
}

export function oidArray(oids: readonly number[]): string {
  return `ARRAY[${oids.filter(Number.isSafeInteger).join(', ')}]::pg_catalog.oid[]`;
}

/** The one value of `select`, an aggregate into JSON; an empty list where there are no rows. */
export function list(select: string): string {
  return `COALESCE((${select}), '[]'::pg_catalog.json)`;
}

export function classOid(catalog: string): string {
  return `'pg_catalog.${catalog}'::pg_catalog.regclass::pg_catalog.oid`;
}

/** What the rules of `relation` refer to, as rows `d` of pg_depend; pinned objects have none. */
export function referencesOf(relation: string): string {
  return `pg_catalog.pg_rewrite r JOIN pg_catalog.pg_depend d
      ON d.objid ${eq} r.oid AND d.classid ${eq} ${classOid('pg_rewrite')} WHERE r.ev_class ${eq} ${relation}`;
}

/** Live columns `a` of `relation`. */
export function columnsOf(relation: string): string {
  return `pg_catalog.pg_attribute a
      WHERE a.attrelid ${eq} ${relation} AND a.attnum OPERATOR(pg_catalog.>) 0::pg_catalog.int2 AND NOT a.attisdropped`;
}
