import type { Node } from 'libpg-query';
import { constantText } from '../ast.ts';
import { depends, type Value } from './flow.ts';
import { maxGrowth } from './operators.ts';
import {
  arrayOf,
  dates,
  exactNumbers,
  fitsJson,
  fitsJsonb,
  isScalar,
  roundable,
  texts,
  types,
} from './types.ts';

export interface Argument {
  readonly node: Node;
  readonly value: Value;
}

interface Total {
  /** Type of the result; absent: not known. */
  readonly type?: number | ((args: readonly Argument[]) => number | undefined);
  /** Whether it can neither fail nor act whatever columns hold, if only these arguments depend on columns. */
  readonly holds?: (args: readonly Argument[]) => boolean;
  /** It strings its arguments together. */
  readonly grows?: true;
}

/** Only the first argument depends on columns. */
const first = (args: readonly Argument[]) => args.slice(1).every(({ value }) => !depends(value));
const last = (args: readonly Argument[]) => args.slice(0, -1).every(({ value }) => !depends(value));
const one = (args: readonly Argument[]) => args.length === 1;
const typeOf = (args: readonly Argument[]) => args[0]?.value.type;
/** The others are small whole numbers as they stand. */
const counted =
  (least: number) =>
  (args: readonly Argument[]): boolean =>
    args.slice(1).every(({ node }) => {
      const number = 'A_Const' in node ? node.A_Const.ival : undefined;
      return number !== undefined && (number.ival ?? 0) >= least && (number.ival ?? 0) <= 10_000;
    });
const plain = (value: Value): boolean =>
  fitsJson(value.type) ||
  value.forms !== undefined ||
  value.fields?.().every((field) => plain(field.value)) === true;
const fits = (value: Value): boolean =>
  !depends(value) ||
  fitsJsonb(value.type) ||
  value.forms === 'text and jsonb' ||
  value.fields?.().every((field) => fits(field.value)) === true;
const valuesOf = (args: readonly Argument[]) => args.map(({ value }) => value);
const allPlain = (args: readonly Argument[]) =>
  valuesOf(args).every((value) => !depends(value) || plain(value));
const allFit = (args: readonly Argument[]) => valuesOf(args).every(fits);
/** Keys may not be NULL, and values are free. */
const keysAreFixed = (args: readonly Argument[]) =>
  args.every(({ value }, index) => index % 2 === 1 || !depends(value));
const rounds = (args: readonly Argument[]) => {
  const type = typeOf(args);
  return type !== undefined && roundable.has(type) && counted(0)(args);
};
const isText = ({ value: { type } }: Argument) => type !== undefined && texts.has(type);

const { text, int4, int8, bool } = types;

/**
 * Functions of pg_catalog that can neither fail, nor give several rows, nor act, depending on their arguments. A function
 * that is not here is a risk. Failing for being out of memory counts only where a caller can bring it about at will.
 */
const total: Readonly<Record<string, Total>> = {
  // Strings
  lower: { type: (args) => (args.every(isText) ? text : undefined), holds: one },
  upper: { type: (args) => (args.every(isText) ? text : undefined), holds: one },
  initcap: { type: text, holds: one },
  casefold: { type: text, holds: one },
  reverse: { type: (args) => (args.every(isText) ? text : undefined), holds: one },
  md5: { type: text, holds: one },
  sha224: { type: types.bytea, holds: one },
  sha256: { type: types.bytea, holds: one },
  sha384: { type: types.bytea, holds: one },
  sha512: { type: types.bytea, holds: one },
  length: { type: int4, holds: one },
  char_length: { type: int4, holds: one },
  character_length: { type: int4, holds: one },
  octet_length: { type: int4, holds: one },
  bit_length: { type: int4, holds: one },
  ascii: { type: int4, holds: one },
  btrim: { type: (args) => (args.every(isText) ? text : undefined) },
  ltrim: { type: (args) => (args.every(isText) ? text : undefined) },
  rtrim: { type: (args) => (args.every(isText) ? text : undefined) },
  strpos: { type: int4 },
  position: { type: int4 },
  starts_with: { type: bool },
  translate: { type: text },
  quote_ident: { type: text, holds: one },
  quote_literal: { type: text, holds: one },
  quote_nullable: { type: text, holds: one },
  concat: { type: text, grows: true },
  concat_ws: { type: text, grows: true },
  replace: {
    type: text,
    holds: (args) => first(args) && args.slice(1).every(({ node }) => isShort(node)),
  },
  left: { type: text, holds: first },
  right: { type: text, holds: first },
  substr: { type: (args) => (isText(args[0] as Argument) ? text : undefined), holds: counted(0) },
  substring: {
    type: (args) => (args[0] !== undefined && isText(args[0]) ? text : undefined),
    holds: counted(0),
  },
  split_part: {
    type: text,
    holds: (args) => first(args) && args.length === 3 && counted(1)(args.slice(1)),
  },
  lpad: { type: text, holds: pads },
  rpad: { type: text, holds: pads },
  format: { type: text, holds: formats, grows: true },
  // Rows, arrays and JSON
  to_json: { type: types.json, holds: allPlain },
  to_jsonb: { type: types.jsonb, holds: allFit },
  row_to_json: { type: types.json, holds: (args) => first(args) && allPlain(args.slice(0, 1)) },
  json_build_array: { type: types.json, holds: allPlain, grows: true },
  jsonb_build_array: { type: types.jsonb, holds: allFit, grows: true },
  json_build_object: {
    type: types.json,
    holds: (args) => keysAreFixed(args) && allPlain(args),
    grows: true,
  },
  jsonb_build_object: {
    type: types.jsonb,
    holds: (args) => keysAreFixed(args) && allFit(args),
    grows: true,
  },
  array_to_json: { type: types.json, holds: (args) => first(args) && allPlain(args.slice(0, 1)) },
  array_to_string: { type: text, holds: (args) => first(args) && allPlain(args.slice(0, 1)) },
  json_typeof: { type: text },
  jsonb_typeof: { type: text },
  json_strip_nulls: { type: types.json, holds: first },
  jsonb_strip_nulls: { type: types.jsonb, holds: first },
  jsonb_pretty: { type: text },
  cardinality: { type: int4 },
  array_length: { type: int4, holds: first },
  array_upper: { type: int4, holds: first },
  array_lower: { type: int4, holds: first },
  array_ndims: { type: int4 },
  pg_typeof: {},
  pg_column_size: { type: int4 },
  num_nulls: { type: int4 },
  num_nonnulls: { type: int4 },
  // Numbers and times
  ceil: { type: typeOf, holds: rounds },
  ceiling: { type: typeOf, holds: rounds },
  floor: { type: typeOf, holds: rounds },
  round: { type: typeOf, holds: rounds },
  trunc: { type: typeOf, holds: rounds },
  abs: { type: typeOf, holds: rounds },
  sign: { type: typeOf, holds: rounds },
  extract: { type: types.numeric, holds: ofTime },
  date_part: { holds: ofTime },
  // Aggregates
  count: { type: int8 },
  min: { type: typeOf, holds: one },
  max: { type: typeOf, holds: one },
  any_value: { type: typeOf, holds: one },
  bool_and: { type: bool },
  bool_or: { type: bool },
  every: { type: bool },
  sum: {
    type: (args) => (typeOf(args) === types.numeric || typeOf(args) === int8 ? types.numeric : int8),
    holds: ofExact,
  },
  avg: { type: types.numeric, holds: ofExact },
  array_agg: {
    type: (args) => arrayOf(typeOf(args)),
    holds: (args) => one(args) && (isScalar(typeOf(args)) || args[0]?.value.fields !== undefined),
  },
  string_agg: { type: text, holds: first },
  json_agg: { type: types.json, holds: allPlain },
  json_agg_strict: { type: types.json, holds: allPlain },
  jsonb_agg: { type: types.jsonb, holds: allFit },
  jsonb_agg_strict: { type: types.jsonb, holds: allFit },
  json_object_agg: { type: types.json, holds: (args) => keysAreFixed(args) && allPlain(args) },
  jsonb_object_agg: { type: types.jsonb, holds: (args) => keysAreFixed(args) && allFit(args) },
  percentile_disc: { type: (args) => args.at(-1)?.value.type, holds: last },
  mode: { type: typeOf },
  // Windows
  row_number: { type: int8 },
  rank: { type: int8 },
  dense_rank: { type: int8 },
  percent_rank: {},
  cume_dist: {},
  first_value: { type: typeOf },
  last_value: { type: typeOf },
  nth_value: { type: typeOf, holds: counted(1) },
  lag: { type: typeOf, holds: (args) => args.length < 2 || !depends((args[1] as Argument).value) },
  lead: { type: typeOf, holds: (args) => args.length < 2 || !depends((args[1] as Argument).value) },
};

function isShort(node: Node): boolean {
  const constant = constantText(node);
  return constant !== undefined && constant.length <= maxGrowth;
}

function pads(args: readonly Argument[]): boolean {
  return first(args) && counted(0)(args.slice(0, 2)) && args.slice(2).every(({ node }) => isShort(node));
}

/** A template with %I fails for NULL, and * takes a width from the arguments. */
function formats([template]: readonly Argument[]): boolean {
  const constant = constantText(template?.node);
  return constant !== undefined && constant.length <= 1000 && /^(?:[^%]|%[sL%])*$/.test(constant);
}

function ofTime(args: readonly Argument[]): boolean {
  const type = args[1]?.value.type;
  return constantText(args[0]?.node) !== undefined && type !== undefined && dates.has(type);
}

function ofExact(args: readonly Argument[]): boolean {
  const type = typeOf(args);
  return one(args) && type !== undefined && exactNumbers.has(type);
}

/** What is known of a total function's result. Undefined: with these arguments it is not total, or it never is. */
export function totalCall(
  name: string,
  args: readonly Argument[],
): { readonly type: number | undefined; readonly growth: number } | undefined {
  const found = Object.hasOwn(total, name) ? total[name] : undefined;
  if (found === undefined || found.holds?.(args) === false) return undefined;
  const growths = args.map(({ value }) => value.growth);
  const growth = found.grows
    ? growths.reduce((sum, each) => sum + each, 0)
    : growths.reduce((most, each) => Math.max(most, each), 1);
  if (found.grows && growth > maxGrowth) return undefined;
  return { type: typeof found.type === 'function' ? found.type(args) : found.type, growth };
}
