import { classOid, eq, list, ne, ofUser } from './question-parts.ts';

/** A function, procedure or aggregate of a user. */
export interface FunctionFacts {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** pg_proc.prokind: f function, p procedure, a aggregate, w window function. */
  readonly kind: string;
  /** Names of its input arguments, '' where they have none. */
  readonly arguments: readonly string[];
  /** The expressions of arguments that may be left out, as a list in SQL. */
  readonly defaults: string | undefined;
  readonly variadic: boolean;
  readonly returnsSet: boolean;
  /** Columns of a row that it returns. */
  readonly columns: readonly string[];
  readonly language: string;
  /** pg_proc.prosrc; empty for SQL that the server keeps parsed. */
  readonly source: string;
  /** CREATE FUNCTION, of languages that are read. */
  readonly definition: string | undefined;
  /** Settings while it runs, as `name=value`. */
  readonly settings: readonly string[];
  /** The role that it runs as, if not the caller. */
  readonly definer: string | undefined;
  /** What the server knows it to depend on, in defaults and in SQL that is kept parsed: OIDs of relations, and of functions of users. */
  readonly relations: readonly number[];
  readonly calls: readonly number[];
  /** As above: operators of users. */
  readonly usesOperators: boolean;
}

function dependenciesOf(procedure: string, on: string): string {
  return `pg_catalog.pg_depend d WHERE d.classid ${eq} ${classOid('pg_proc')} AND d.objid ${eq} ${procedure}
      AND d.refclassid ${eq} ${classOid(on)}`;
}

/** @param seed a condition on `p`, a row of pg_proc */
export function functionFactsText(seed: string): string {
  const oids = (on: string) =>
    list(`SELECT pg_catalog.json_agg(d.refobjid::pg_catalog.int8) FROM ${dependenciesOf('p.oid', on)}`);
  return `SELECT 'function'::pg_catalog.text, pg_catalog.json_build_object(
      'oid', p.oid::pg_catalog.int8, 'schema', n.nspname, 'name', p.proname, 'kind', p.prokind, 'count', p.pronargs,
      'names', pg_catalog.array_to_json(p.proargnames), 'modes', pg_catalog.array_to_json(p.proargmodes),
      'defaults', pg_catalog.pg_get_expr(p.proargdefaults, 0::pg_catalog.oid),
      'variadic', p.provariadic ${ne} 0::pg_catalog.oid, 'returnsSet', p.proretset,
      'composite', ${list(`SELECT pg_catalog.json_agg(pg_catalog.json_build_array(a.attnum, a.attname)) FROM pg_catalog.pg_type t
        JOIN pg_catalog.pg_attribute a ON a.attrelid ${eq} t.typrelid WHERE t.oid ${eq} p.prorettype
        AND a.attnum OPERATOR(pg_catalog.>) 0::pg_catalog.int2 AND NOT a.attisdropped`)},
      'language', l.lanname, 'source', p.prosrc,
      'definition', CASE WHEN p.prokind ${ne} 'a'::pg_catalog."char"
        AND (l.lanname ${eq} 'sql'::pg_catalog.name OR l.lanname ${eq} 'plpgsql'::pg_catalog.name)
        THEN pg_catalog.pg_get_functiondef(p.oid) END,
      'settings', pg_catalog.array_to_json(p.proconfig),
      'definer', CASE WHEN p.prosecdef THEN pg_catalog.pg_get_userbyid(p.proowner) END,
      'relations', ${oids('pg_class')}, 'calls', ${oids('pg_proc')},
      'usesOperators', EXISTS (SELECT FROM ${dependenciesOf('p.oid', 'pg_operator')})
      )::pg_catalog.text
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid ${eq} p.pronamespace
      JOIN pg_catalog.pg_language l ON l.oid ${eq} p.prolang
    WHERE p.oid ${ofUser} AND ${seed}`;
}

interface Told {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
  readonly count: number;
  readonly names: readonly string[] | null;
  readonly modes: readonly string[] | null;
  readonly defaults: string | null;
  readonly variadic: boolean;
  readonly returnsSet: boolean;
  readonly composite: readonly (readonly [number, string])[];
  readonly language: string;
  readonly source: string | null;
  readonly definition: string | null;
  readonly settings: readonly string[] | null;
  readonly definer: string | null;
  readonly relations: readonly number[];
  readonly calls: readonly number[];
  readonly usesOperators: boolean;
}

/** pg_proc.proargmodes: i IN, o OUT, b INOUT, v VARIADIC, t column of RETURNS TABLE. */
const inputModes = 'ibv';
const outputModes = 'obt';

export function readFunctionFacts(answer: unknown): FunctionFacts {
  const { count, names, modes, composite, ...told } = answer as Told;
  const named = (wanted: string) =>
    (modes ?? []).flatMap((mode, index) => (wanted.includes(mode) ? [names?.[index] ?? ''] : []));
  const inputs = modes === null ? (names ?? []) : named(inputModes);
  const outputs = named(outputModes);
  return {
    ...told,
    arguments: Array.from({ length: count }, (_, index) => inputs[index] ?? ''),
    columns:
      outputs.length > 0
        ? outputs
        : composite.toSorted(([one], [other]) => one - other).map(([, column]) => column),
    source: told.source ?? '',
    defaults: told.defaults ?? undefined,
    definition: told.definition ?? undefined,
    settings: told.settings ?? [],
    definer: told.definer ?? undefined,
  };
}
