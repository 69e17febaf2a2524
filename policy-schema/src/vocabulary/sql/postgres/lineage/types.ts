import type { TypeName } from 'libpg-query';
import { strings } from '../ast.ts';
import type { LineageCatalog } from './lineage-catalog.ts';

/** PostgreSQL's own types by the names that a cast gives them, and pg_type.oid. */
const oids: ReadonlyMap<string, number> = new Map([
  ['bool', 16],
  ['bytea', 17],
  ['char', 18],
  ['name', 19],
  ['int8', 20],
  ['int2', 21],
  ['int4', 23],
  ['text', 25],
  ['oid', 26],
  ['json', 114],
  ['xml', 142],
  ['cidr', 650],
  ['float4', 700],
  ['float8', 701],
  ['unknown', 705],
  ['money', 790],
  ['macaddr', 829],
  ['inet', 869],
  ['bpchar', 1042],
  ['varchar', 1043],
  ['date', 1082],
  ['time', 1083],
  ['timestamp', 1114],
  ['timestamptz', 1184],
  ['interval', 1186],
  ['timetz', 1266],
  ['bit', 1560],
  ['varbit', 1562],
  ['numeric', 1700],
  ['uuid', 2950],
  ['jsonb', 3802],
]);

/** pg_type.typarray of those. */
const arrays: ReadonlyMap<number, number> = new Map([
  [16, 1000],
  [17, 1001],
  [18, 1002],
  [19, 1003],
  [20, 1016],
  [21, 1005],
  [23, 1007],
  [25, 1009],
  [26, 1028],
  [114, 199],
  [700, 1021],
  [701, 1022],
  [1042, 1014],
  [1043, 1015],
  [1082, 1182],
  [1083, 1183],
  [1114, 1115],
  [1184, 1185],
  [1186, 1187],
  [1700, 1231],
  [2950, 2951],
  [3802, 3807],
]);

/** The type of arrays of a type. */
export function arrayOf(type: number | undefined): number | undefined {
  return type === undefined ? undefined : arrays.get(type);
}

/** pg_type.oid of the first object of a user (FirstNormalObjectId), and of record[]. */
const firstOfUsers = 16_384;
const recordArray = 2287;

/** An array of plain values, if it is one at all: only users have types of rows. */
export function holdsNoRows(type: number | undefined): boolean {
  return type !== undefined && type < firstOfUsers && type !== recordArray;
}

const known: ReadonlySet<number> = new Set(oids.values());

export function typeOid(name: string): number {
  const oid = oids.get(name);
  if (oid === undefined) throw new RangeError(name);
  return oid;
}

const set = (names: string): ReadonlySet<number> => new Set(names.split(' ').map(typeOid));

export const types = {
  bool: typeOid('bool'),
  int4: typeOid('int4'),
  int8: typeOid('int8'),
  text: typeOid('text'),
  json: typeOid('json'),
  jsonb: typeOid('jsonb'),
  numeric: typeOid('numeric'),
  unknown: typeOid('unknown'),
  bytea: typeOid('bytea'),
} as const;

export const texts = set('text varchar bpchar name unknown');
export const integers = set('int2 int4 int8');
export const exactNumbers = set('int2 int4 int8 numeric');
export const roundable = set('numeric float4 float8');
export const jsons = set('json jsonb');
export const dates = set('date timestamp timestamptz time interval');
const inexact = set('float4 float8');

/** A type of PostgreSQL's own that holds one plain value: no array, row, range, or anything of a user. */
export function isScalar(type: number | undefined): boolean {
  return type !== undefined && known.has(type);
}

/** Turning it into json cannot fail, nor run code of a user. */
export function fitsJson(type: number | undefined): boolean {
  return holdsNoRows(type) && type !== types.unknown;
}

/** json may hold what jsonb does not take. */
export function fitsJsonb(type: number | undefined): boolean {
  return fitsJson(type) && type !== types.json && type !== arrayOf(types.json);
}

/** A numeric that is turned into a float to be compared may be out of its range. */
export function comparesSafely(left: number | undefined, right: number | undefined): boolean {
  const isFloat = (type: number | undefined) => type !== undefined && inexact.has(type);
  return !((isFloat(left) && right === types.numeric) || (isFloat(right) && left === types.numeric));
}

export interface CastTarget {
  readonly schema: string | undefined;
  readonly name: string;
  /** Of PostgreSQL's own plain types. */
  readonly type: number | undefined;
  readonly isArray: boolean;
  /** The same of an array. */
  readonly arrayType: number | undefined;
  /** `varchar(3)`: it may cut or round. */
  readonly hasModifier: boolean;
}

export function castTarget(typeName: TypeName | undefined): CastTarget {
  const parts = strings(typeName?.names);
  const name = parts.at(-1) ?? '';
  const schema = parts.at(-2);
  const isArray = (typeName?.arrayBounds ?? []).length > 0;
  const isOwn = schema === undefined || schema === 'pg_catalog';
  return {
    schema,
    name,
    arrayType: isOwn && isArray ? arrayOf(oids.get(name)) : undefined,
    type:
      isOwn && !isArray && typeName?.setof !== true && typeName?.pct_type !== true
        ? oids.get(name)
        : undefined,
    isArray,
    hasModifier: (typeName?.typmods ?? []).length > 0,
  };
}

/** `user`: it runs code of a user. `plain`: a user's type that runs none. */
export function ownerOf(
  { schema, name, isArray }: CastTarget,
  from: number | undefined,
  catalog: LineageCatalog,
): 'server' | 'plain' | 'user' {
  // An array becomes another one by the cast of its elements.
  if (!catalog.hasUserType(schema, name, isArray ? undefined : from)) return 'server';
  return catalog.isPlainType?.(schema, name) === true ? 'plain' : 'user';
}

/** Turning a value of one type into the other cannot fail, whatever the value. Pairs that are not known are not here. */
const widening: Readonly<Record<string, ReadonlySet<number>>> = {
  int2: set('int4 int8 numeric float4 float8'),
  int4: set('int8 numeric float8 float4 bool'),
  int8: set('numeric float8 float4'),
  float4: set('float8'),
  bool: set('int4'),
  timestamp: set('date time'),
  timestamptz: set('date time timestamp timetz'),
  jsonb: set('json'),
  cidr: set('inet'),
  bpchar: set('name'),
};

const wideningByType = new Map(Object.entries(widening).map(([name, to]) => [typeOid(name), to]));

/** Output functions and casts between strings never fail; an explicit varchar(3) cuts. */
const castsOfAll = set('text varchar bpchar name');

export function castIsTotal(from: number | undefined, to: CastTarget): boolean {
  if (to.type === undefined || to.isArray) return false;
  if (castsOfAll.has(to.type)) return true;
  // A modifier of a number or a time rounds, and may overflow.
  if (to.hasModifier) return false;
  if (from === to.type) return true;
  return from !== undefined && wideningByType.get(from)?.has(to.type) === true;
}

const relabels = set('text varchar');

/** The cast leaves the value as it is. */
export function castKeeps(from: number | undefined, to: CastTarget): boolean {
  if (from === undefined || to.type === undefined || to.isArray || to.hasModifier) return false;
  return from === to.type || (relabels.has(from) && relabels.has(to.type));
}

/**
 * A constant that is cast to this type still stands for the value of a column of the type `column`. Any other cast may
 * cut or round a value that is put in the constant's place, which would show it piece by piece.
 */
export function castIsFaithful(to: CastTarget, column: number | undefined): boolean {
  if (to.type === undefined || to.hasModifier) return false;
  if (to.type === column || relabels.has(to.type)) return true;
  return integers.has(to.type) && column !== undefined && exactNumbers.has(column);
}
