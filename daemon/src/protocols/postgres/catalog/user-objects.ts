import { TypeOid } from '../type-oids.ts';
import { eq, firstUserOid, ne, ofUser } from './question-parts.ts';

export interface ToldOperator {
  readonly name: string;
  /** pg_type.oid of its operands; 0: there is none on that side. */
  readonly left: number;
  readonly right: number;
}

export interface ToldType {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** pg_type.typtype: b base, c composite, d domain, e enum, m multirange, p pseudo, r range. */
  readonly kind: string;
  /** Of a domain, the type that it is made of. */
  readonly base: number;
  /** A domain that is NOT NULL or has checks. */
  readonly isConstrained: boolean;
}

/** A cast that a user made, and the type that it leads to. */
export interface ToldCast {
  readonly source: number;
  readonly target: number;
  readonly schema: string;
  readonly name: string;
  readonly isImplicit: boolean;
  /** By a function of a user. */
  readonly runsCode: boolean;
}

/** Rows of tables and arrays are known by what they are made of. PostgreSQL's own domains are told for their base types. */
export const userObjectsText = `SELECT 'operator'::pg_catalog.text,
      pg_catalog.json_build_object('name', o.oprname, 'left', o.oprleft::pg_catalog.int8, 'right', o.oprright::pg_catalog.int8)::pg_catalog.text
    FROM pg_catalog.pg_operator o WHERE o.oid ${ofUser}
  UNION ALL SELECT 'type'::pg_catalog.text, pg_catalog.json_build_object('oid', t.oid::pg_catalog.int8,
      'schema', n.nspname, 'name', t.typname, 'kind', t.typtype, 'base', t.typbasetype::pg_catalog.int8,
      'isConstrained', t.typnotnull OR EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.contypid ${eq} t.oid))::pg_catalog.text
    FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid ${eq} t.typnamespace
    WHERE t.typtype ${eq} 'd'::pg_catalog."char" OR (t.oid ${ofUser}
      AND t.typinput::pg_catalog.oid ${ne} 'pg_catalog.array_in'::pg_catalog.regproc::pg_catalog.oid
      AND (t.typrelid ${eq} 0::pg_catalog.oid OR EXISTS (
        SELECT FROM pg_catalog.pg_class c WHERE c.oid ${eq} t.typrelid AND c.relkind ${eq} 'c'::pg_catalog."char")))
  UNION ALL SELECT 'cast'::pg_catalog.text, pg_catalog.json_build_object('source', k.castsource::pg_catalog.int8, 'target', t.oid::pg_catalog.int8,
      'schema', n.nspname, 'name', t.typname, 'isImplicit', k.castcontext ${eq} 'i'::pg_catalog."char",
      'runsCode', k.castfunc ${ofUser})::pg_catalog.text
    FROM pg_catalog.pg_cast k JOIN pg_catalog.pg_type t ON t.oid ${eq} k.casttarget
      JOIN pg_catalog.pg_namespace n ON n.oid ${eq} t.typnamespace
    WHERE k.oid ${ofUser}`;

/**
 * Types of one list become each other by themselves, so that a value that is told as one may be another by the time a
 * cast is looked up. What is in none may be anything: rows, arrays, constants.
 */
const alike: readonly (readonly number[])[] = [
  [TypeOid.text, TypeOid.varchar, TypeOid.bpchar, TypeOid.name],
  [TypeOid.int2, TypeOid.int4, TypeOid.int8, TypeOid.float4, TypeOid.float8, TypeOid.numeric],
  [TypeOid.date, TypeOid.time, TypeOid.timestamp, TypeOid.timestamptz],
  [TypeOid.bool],
  [TypeOid.bytea],
  [TypeOid.uuid],
  [TypeOid.json],
  [TypeOid.jsonb],
];

const alikeOf = new Map(alike.flatMap((types) => types.map((type) => [type, types])));

/** The operators, types and casts of users. */
export class UserObjects {
  readonly #operators: ReadonlyMap<string, readonly ToldOperator[]>;
  readonly #types: ReadonlyMap<string, readonly ToldType[]>;
  readonly #byOid: ReadonlyMap<number, ToldType>;
  /** By the name of the type that they lead to. */
  readonly #casts: ReadonlyMap<string, readonly ToldCast[]>;
  readonly #impliedTypes: ReadonlySet<number>;

  constructor(operators: readonly ToldOperator[], types: readonly ToldType[], casts: readonly ToldCast[]) {
    this.#operators = Map.groupBy(operators, ({ name }) => name);
    this.#types = Map.groupBy(types.filter(isOfUser), ({ name }) => name);
    this.#byOid = new Map(types.map((type) => [type.oid, type]));
    this.#casts = Map.groupBy(
      casts.filter(({ runsCode }) => runsCode),
      ({ name }) => name,
    );
    this.#impliedTypes = new Set(casts.filter(({ isImplicit }) => isImplicit).map(({ target }) => target));
  }

  /**
   * Whether an operator of that name may be meant.
   * @param left pg_type.oid of the operand, if it is known
   */
  hasOperator(name: string, left: number | undefined, right: number | undefined): boolean {
    return (this.#operators.get(name) ?? []).some(
      (operator) => this.#takes(operator.left, left) && this.#takes(operator.right, right),
    );
  }

  /** A value of PostgreSQL's own types becomes one of a user's by a cast that is made for that, and by no other way. */
  #takes(operand: number, given: number | undefined): boolean {
    const isPlain = given !== undefined && given < firstUserOid && given !== TypeOid.unknown;
    return !isPlain || operand < firstUserOid || this.#impliedTypes.has(operand);
  }

  /**
   * @param inSchema the schemas that the name may be of
   * @param from pg_type.oid of the value, if it is known: a cast is looked up by exactly that type, of a domain by its
   *   base (find_coercion_pathway in parse_coerce.c)
   */
  hasType(name: string, inSchema: (schema: string) => boolean, from?: number): boolean {
    const isThere = ({ schema }: { readonly schema: string }) => inSchema(schema);
    const sources = from === undefined ? undefined : alikeOf.get(this.baseType(from));
    const casts = named(this.#casts, name).filter(({ source }) => sources?.includes(source) !== false);
    return [...casts, ...named(this.#types, name)].some(isThere);
  }

  /** Nothing of a user can be run by an operator, a cast, or as values become of a type. */
  get areHarmless(): boolean {
    const types = [...this.#types.values()].flat();
    return this.#operators.size === 0 && this.#casts.size === 0 && types.every((type) => this.#isPlain(type));
  }

  /** Values become of that type, and something else again, without code of a user. */
  isPlainType(name: string, inSchema: (schema: string) => boolean): boolean {
    if (named(this.#casts, name).some(({ schema }) => inSchema(schema))) return false;
    const meant = named(this.#types, name).filter(({ schema }) => inSchema(schema));
    return meant.every((type) => this.#isPlain(type));
  }

  #isPlain(type: ToldType): boolean {
    if (type.kind === 'e') return true;
    if (type.kind !== 'd' || type.isConstrained) return false;
    const base = this.#byOid.get(type.base);
    return base === undefined ? type.base < firstUserOid : base.oid !== type.oid && this.#isPlain(base);
  }

  /** No type or cast of a user brings code of its own, so that every value's text is made by PostgreSQL. */
  get areWithoutCode(): boolean {
    return this.#casts.size === 0 && [...this.#byOid.values()].every(({ kind }) => kind !== 'b');
  }

  isEnum(oid: number): boolean {
    return this.#byOid.get(oid)?.kind === 'e';
  }

  /** A domain that refuses values, itself or what it is made of; types that may hold one count as such. */
  isConstrained(oid: number): boolean {
    const type = this.#byOid.get(oid);
    if (type === undefined) return oid >= firstUserOid;
    if (type.kind === 'e') return false;
    return type.kind !== 'd' || type.isConstrained || (type.base !== oid && this.isConstrained(type.base));
  }

  /** The type that a domain is made of, through all domains; any other type is its own. */
  baseType(oid: number): number {
    let type = this.#byOid.get(oid);
    while (type !== undefined && type.kind === 'd') {
      oid = type.base;
      type = this.#byOid.get(oid);
    }
    return oid;
  }
}

/** What a name may stand for. `_json` is an array of json, and becomes one by the cast of its elements. */
function named<Told>(all: ReadonlyMap<string, readonly Told[]>, name: string): readonly Told[] {
  return [name, ...(name.startsWith('_') ? [name.slice(1)] : [])].flatMap((each) => all.get(each) ?? []);
}

function isOfUser({ oid }: ToldType): boolean {
  return oid >= firstUserOid;
}
