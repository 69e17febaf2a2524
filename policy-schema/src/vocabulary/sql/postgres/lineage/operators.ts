import type { A_Expr, Node } from 'libpg-query';
import { constantText, strings } from '../ast.ts';
import { isUserOperator, readEqual } from './conditions.ts';
import { depends, type Value } from './flow.ts';
import type { LineageReader } from './reader.ts';
import type { Scope } from './scope.ts';
import { comparesSafely, isScalar, jsons, texts, types } from './types.ts';

/** The operators that a kind of expression stands for, where its name is not one of them. */
const hiddenOperators: Readonly<Record<string, readonly string[]>> = {
  BETWEEN: ['>=', '<='],
  'NOT BETWEEN': ['<', '>'],
  'BETWEEN SYMMETRIC': ['>=', '<='],
  'NOT BETWEEN SYMMETRIC': ['<', '>'],
};

const comparisons: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>=']);
const likes: ReadonlySet<string> = new Set(['~~', '!~~', '~~*', '!~~*']);
const jsonReads: ReadonlySet<string> = new Set(['->', '->>', '#>', '#>>']);
const jsonbTests: ReadonlySet<string> = new Set(['@>', '<@', '?', '?|', '?&']);

/** Longer than this and somebody strings texts together to find out when they get too long. */
export const maxGrowth = 64;

/** What an operator gives, with the uses that its operands stand for. */
export function readOperator(expression: A_Expr, scope: Scope, reader: LineageReader): Value {
  const { kind, lexpr, rexpr } = expression;
  const name = strings(expression.name);
  const operator = name.at(-1) ?? '';
  if (kind === 'AEXPR_NULLIF') return readNullIf(name, lexpr, rexpr, scope, reader);
  const left = lexpr === undefined ? undefined : reader.value(lexpr, scope);
  const rightNodes = rexpr === undefined ? [] : 'List' in rexpr ? (rexpr.List.items ?? []) : [rexpr];
  const rights = reader.values(rightNodes, scope);
  const values = left === undefined ? rights : [left, ...rights];
  const names = hiddenOperators[operator] ?? [operator];
  const isUser = names.some((each) => {
    const full = name.length > 1 ? [...name.slice(0, -1), each] : [each];
    return rights.some((right) => isUserOperator(full, left?.type, right.type, scope));
  });
  if (isUser) {
    reader.risk('operator', values, name.join('.'));
    return reader.flows.made([...values, reader.unread()]);
  }
  const isArrayWide = kind === 'AEXPR_OP_ANY' || kind === 'AEXPR_OP_ALL';
  const facts = totalOperator(names, left, rights, rightNodes, isArrayWide);
  if (facts === undefined) reader.risk('operator', values, name.join('.'));
  const isSteady = facts !== undefined && values.every(({ steady }) => steady);
  return reader.flows.made(values, { ...facts, steady: isSteady });
}

/** The type of what the operator gives; undefined where it may fail depending on its operands. */
function totalOperator(
  names: readonly string[],
  left: Value | undefined,
  rights: readonly Value[],
  rightNodes: readonly Node[],
  isArrayWide: boolean,
): Partial<Pick<Value, 'type' | 'growth'>> | undefined {
  const [name = ''] = names;
  const [right] = rights;
  if (left === undefined || right === undefined) return undefined;
  if (names.every((each) => comparisons.has(each))) {
    return rights.every(({ type }) => comparesSafely(left.type, type)) ? { type: types.bool } : undefined;
  }
  if (likes.has(name)) {
    // A pattern that ends in a lone backslash fails where a text matches up to there.
    const pattern = constantText(rightNodes[0]);
    return !isArrayWide && pattern !== undefined && !pattern.includes('\\')
      ? { type: types.bool }
      : undefined;
  }
  if (isArrayWide) return undefined;
  if (name === '||') return concatenation(left, right);
  const { type } = left;
  if (type === undefined || !jsons.has(type)) return undefined;
  if (jsonReads.has(name)) {
    // A path that is no constant may be no array.
    if (name.startsWith('#') && depends(right)) return undefined;
    return { type: name.endsWith('>>') ? types.text : type };
  }
  const bothAre = right.type === types.jsonb || right.type === types.unknown;
  return type === types.jsonb && jsonbTests.has(name) && bothAre && !depends(right)
    ? { type: types.bool }
    : undefined;
}

/** Arrays may not fit together; anything else does, until it is too long. */
function concatenation(left: Value, right: Value): Partial<Pick<Value, 'type' | 'growth'>> | undefined {
  const growth = left.growth + right.growth;
  if (growth > maxGrowth || !isScalar(left.type) || !isScalar(right.type)) return undefined;
  const isText = [left, right].some(({ type }) => type !== undefined && texts.has(type));
  const isSame = left.type === right.type && (left.type === types.jsonb || left.type === types.bytea);
  if (!isText && !isSame) return undefined;
  // With jsonb and bytea, a bare string is read as one too: it is a constant, which fails before anything runs.
  const other = [left.type, right.type].find((type) => type !== types.unknown);
  if (other === types.jsonb || other === types.bytea) {
    const bothAre = [left.type, right.type].every((type) => type === other || type === types.unknown);
    return bothAre ? { type: other, growth } : undefined;
  }
  return { type: types.text, growth };
}

/** NULLIF (a, b) is CASE WHEN a = b THEN NULL ELSE a END. */
function readNullIf(
  name: readonly string[],
  left: Node | undefined,
  right: Node | undefined,
  scope: Scope,
  reader: LineageReader,
): Value {
  if (left === undefined || right === undefined) return reader.unread();
  readEqual(name, { node: left }, [{ node: right }], 'CASE', scope, reader);
  const values = reader.quietly(() => reader.values([left, right], scope));
  const [first, second] = values;
  return reader.flows.made(values, {
    type: first?.type,
    steady: values.every(({ steady }) => steady) && comparesSafely(first?.type, second?.type),
  });
}
