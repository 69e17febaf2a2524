import type { BoolExpr, CaseExpr, CoalesceExpr, Node, SubLink } from 'libpg-query';
import { strings } from '../ast.ts';
import { readCall } from './calls.ts';
import { readCast, readCollate } from './casts.ts';
import { readColumn, readIndirection, readStar } from './columns.ts';
import { readEqual } from './conditions.ts';
import { constant, depends, type Field, textConstant, type Value } from './flow.ts';
import { bare, constantOf, parameterValue } from './operands.ts';
import { readOperator } from './operators.ts';
import type { LineageReader } from './reader.ts';
import { rowOf, type Scope } from './scope.ts';
import { readSqlJson } from './sql-json.ts';
import { arrayOf, comparesSafely, isScalar, types } from './types.ts';

/** What an expression gives. What is not known here may give anything. */
export function readValue(node: Node, scope: Scope, reader: LineageReader): Value {
  if ('A_Const' in node) return constantOf(node.A_Const);
  if ('ColumnRef' in node) return readColumn(node.ColumnRef, scope, reader);
  if ('ParamRef' in node) return parameterValue(node.ParamRef.number ?? 0, scope, reader);
  if ('FuncCall' in node) return readCall(node.FuncCall, scope, reader);
  if ('A_Expr' in node) return readOperator(node.A_Expr, scope, reader);
  if ('TypeCast' in node) return readCast(node.TypeCast, scope, reader);
  if ('CollateClause' in node) return readCollate(node.CollateClause, scope, reader);
  if ('BoolExpr' in node) return readBoolean(node.BoolExpr, scope, reader);
  if ('NullTest' in node) {
    const value = optional(node.NullTest.arg, scope, reader);
    return { ...constant, ...reader.flows.nullTest(value), type: types.bool, steady: value.steady };
  }
  if ('BooleanTest' in node) {
    const value = optional(node.BooleanTest.arg, scope, reader);
    return reader.flows.made([value], { type: types.bool, steady: value.steady });
  }
  if ('CaseExpr' in node) return readCase(node.CaseExpr, scope, reader);
  if ('CoalesceExpr' in node) return readCoalesce(node.CoalesceExpr, scope, reader);
  if ('MinMaxExpr' in node) return alike(reader.values(node.MinMaxExpr.args, scope), 'operator', reader);
  if ('A_Indirection' in node) return readIndirection(node.A_Indirection, scope, reader);
  if ('A_ArrayExpr' in node) return readArray(node.A_ArrayExpr.elements ?? [], scope, reader);
  if ('RowExpr' in node) return readRow(node.RowExpr.args ?? [], scope, reader);
  if ('SubLink' in node) return readSubLink(node.SubLink, scope, reader);
  if ('NamedArgExpr' in node) return optional(node.NamedArgExpr.arg, scope, reader);
  if ('MultiAssignRef' in node) return optional(node.MultiAssignRef.source, scope, reader);
  // Which columns a row is grouped by, which action MERGE took, who is asking and when: nothing that tables hold.
  if ('GroupingFunc' in node || 'CurrentOfExpr' in node || 'SetToDefault' in node) return constant;
  if ('MergeSupportFunc' in node || 'SQLValueFunction' in node) return textConstant;
  return readSqlJson(node, scope, reader) ?? reader.unread();
}

function optional(node: Node | undefined, scope: Scope, reader: LineageReader): Value {
  return node === undefined ? reader.unread() : reader.value(node, scope);
}

/** AND and OR stop when they know enough; where one of their parts may fail, that tells of the others. */
function readBoolean({ args }: BoolExpr, scope: Scope, reader: LineageReader): Value {
  const values = reader.values(args, scope);
  const isSteady = values.every(({ steady }) => steady);
  if (!isSteady) for (const value of values) reader.used('condition', 'CASE', value);
  return reader.flows.made(values, { type: types.bool, steady: isSteady });
}

function readCase({ arg, args, defresult }: CaseExpr, scope: Scope, reader: LineageReader): Value {
  const results: Node[] = [];
  const isBare = bare(arg) !== undefined;
  const tested = arg === undefined || isBare ? undefined : reader.value(arg, scope);
  // One constant compared with several columns: what is put in its place for one would be compared with the others too.
  if (isBare && arg !== undefined && (args ?? []).length > 1) reader.value(arg, scope);
  for (const node of args ?? []) {
    if (!('CaseWhen' in node)) continue;
    const { expr, result } = node.CaseWhen;
    if (expr === undefined || arg === undefined) reader.condition(expr, 'CASE', scope);
    else if (isBare && (args ?? []).length > 1) reader.used('condition', 'CASE', reader.value(expr, scope));
    else {
      const side = tested === undefined ? { node: arg } : { value: tested };
      readEqual(['='], side, [{ node: expr }], 'CASE', scope, reader);
    }
    if (result !== undefined) results.push(result);
  }
  if (defresult !== undefined) results.push(defresult);
  // The conditions are told as uses; whether they can fail is not looked into.
  return { ...alike(reader.values(results, scope), 'CASE', reader), steady: false };
}

/** Whether one argument is NULL decides whether the next is computed, which matters where that may fail. */
function readCoalesce({ args }: CoalesceExpr, scope: Scope, reader: LineageReader): Value {
  const values = reader.values(args, scope);
  const unsteady = values.findLastIndex(({ steady }) => !steady);
  for (const value of values.slice(0, Math.max(0, unsteady))) {
    reader.used('condition', 'CASE', reader.flows.nullTest(value));
  }
  return alike(values, 'CASE', reader);
}

/** One of several values, all turned into one type. */
function alike(values: readonly Value[], place: 'CASE' | 'operator', reader: LineageReader): Value {
  const given = new Set(values.filter(({ isNull }) => isNull !== true).map(({ type }) => type));
  const known = [...given].filter((type) => type !== types.unknown);
  const fits = known.every((type) => known.every((other) => comparesSafely(type, other)));
  if (!fits) reader.risk(place, values, place === 'CASE' ? 'numeric to float' : 'GREATEST');
  return reader.flows.made(values, {
    type: known.length === 1 ? known[0] : undefined,
    steady: fits && values.every(({ steady }) => steady),
  });
}

/** Arrays inside of an array have to fit each other. */
function readArray(elements: readonly Node[], scope: Scope, reader: LineageReader): Value {
  const values = reader.values(elements, scope);
  const mayFail = values.some(
    (value, index) =>
      depends(value) &&
      !isScalar(value.type) &&
      value.fields === undefined &&
      !('A_ArrayExpr' in (elements[index] ?? {})),
  );
  if (mayFail && values.length > 1) reader.risk('operator', values, 'ARRAY');
  const given = new Set(values.map(({ type }) => (type === types.unknown ? types.text : type)));
  return reader.flows.made(values, {
    type: given.size === 1 ? arrayOf([...given][0]) : undefined,
    steady: !mayFail && values.every(({ steady }) => steady),
  });
}

function readRow(args: readonly Node[], scope: Scope, reader: LineageReader): Value {
  const fields: Field[] = [];
  for (const arg of args) {
    const star = readStar(arg, scope, reader);
    const values = star === undefined ? [reader.value(arg, scope)] : star.columns.map(({ value }) => value);
    for (const value of values) fields.push({ name: `f${fields.length + 1}`, value });
    if (star?.rest !== undefined) fields.push({ name: `f${fields.length + 1}`, value: star.rest });
  }
  return {
    ...rowOf({ columns: fields }, reader.flows),
    steady: fields.every(({ value }) => value.steady),
  };
}

/** A subquery in an expression. What decides about its rows is told as uses of its own. */
function readSubLink(
  { subLinkType, testexpr, operName, subselect }: SubLink,
  scope: Scope,
  reader: LineageReader,
): Value {
  if (subselect === undefined) return reader.unread();
  const tested = testexpr === undefined ? [] : [reader.value(testexpr, scope)];
  const { columns, rest } = reader.query(subselect, scope);
  const { flows } = reader;
  if (subLinkType === 'EXISTS_SUBLINK') return { ...constant, type: types.bool, steady: false };
  const values = columns.map(({ value }) => value);
  const all = rest === undefined ? values : [...values, rest];
  const [first] = all;
  if (subLinkType === 'EXPR_SUBLINK' && first !== undefined && all.length === 1) {
    const { instance: _instance, ...value } = first;
    return { ...value, steady: false };
  }
  if (subLinkType === 'EXPR_SUBLINK' || subLinkType === 'MULTIEXPR_SUBLINK') {
    return { ...flows.made(all), ...(rest === undefined ? { fields: () => columns } : {}) };
  }
  if (subLinkType === 'ARRAY_SUBLINK') {
    const mayFail = values.some((value) => !isScalar(value.type) && value.fields === undefined);
    if (mayFail) reader.risk('operator', all, 'ARRAY');
    return flows.made(all, { type: arrayOf(first?.type) });
  }
  const operator = operName === undefined ? ['='] : strings(operName);
  const isKnown = comparisons.has(operator.at(-1) ?? '') && operator.length === 1;
  const isUser = scope.root.catalog.hasUserOperator(operator.at(-1) ?? '', tested[0]?.type, first?.type);
  if (!isKnown || isUser) reader.risk('operator', [...tested, ...all], operator.join('.'));
  return flows.made(isUser ? [...tested, ...all, reader.unread()] : [...tested, ...all], {
    type: types.bool,
  });
}

const comparisons: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>=']);
