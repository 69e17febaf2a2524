import type { CollateClause, TypeCast } from 'libpg-query';
import { strings } from '../ast.ts';
import { depends, type Value } from './flow.ts';
import type { LineageReader } from './reader.ts';
import type { Scope } from './scope.ts';
import { type CastTarget, castIsTotal, castKeeps, castTarget, ownerOf } from './types.ts';

export function readCast({ arg, typeName }: TypeCast, scope: Scope, reader: LineageReader): Value {
  if (arg === undefined) return reader.unread();
  reader.values(typeName?.typmods, scope);
  const target = castTarget(typeName);
  const value = reader.value(arg, scope);
  // Casts of ARRAY[…] go to its elements, and a row's to the row's fields: nothing of them is kept.
  return castValue(value, target, scope, reader);
}

export function castValue(value: Value, target: CastTarget, scope: Scope, reader: LineageReader): Value {
  const name = target.schema === undefined ? target.name : `${target.schema}.${target.name}`;
  const owner = ownerOf(target, value.type, scope.root.catalog);
  if (owner === 'user') {
    reader.risk('cast', [value], name);
    return reader.flows.made([value, reader.unread()]);
  }
  if (owner === 'plain') {
    reader.risk('cast', [value], name);
    return reader.flows.made([value], { steady: !depends(value) && value.steady });
  }
  if (castKeeps(value.type, target)) return value;
  if (value.isNull === true) return { ...value, type: target.type };
  const isTotal = castIsTotal(value.type, target);
  if (!isTotal) reader.risk('cast', [value], name);
  // A constant is turned into its type before anything runs.
  const isConstant = !depends(value) && value.steady;
  const type = target.type ?? target.arrayType;
  return reader.flows.made([value], { type, steady: isConstant || (isTotal && value.steady) });
}

/** Deterministic ones, under which only equal bytes are equal. They are found before a user's of the same name. */
const deterministic: ReadonlySet<string> = new Set([
  'default',
  'C',
  'POSIX',
  'ucs_basic',
  'unicode',
  'pg_c_utf8',
  'pg_unicode_fast',
]);

export function readCollate({ arg, collname }: CollateClause, scope: Scope, reader: LineageReader): Value {
  if (arg === undefined) return reader.unread();
  const value = reader.value(arg, scope);
  const [name = '', schema] = strings(collname).toReversed();
  const isKnown = (schema === undefined || schema === 'pg_catalog') && deterministic.has(name);
  return isKnown ? value : reader.flows.made([value], { type: value.type, steady: value.steady });
}
