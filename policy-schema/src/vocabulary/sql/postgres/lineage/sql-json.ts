import type { JsonOutput, JsonValueExpr, Node } from 'libpg-query';
import { depends, type Value } from './flow.ts';
import { castValue } from './casts.ts';
import { readWindow } from './calls.ts';
import type { LineageReader } from './reader.ts';
import type { Scope } from './scope.ts';
import { readSortKeys } from './sorting.ts';
import { castTarget, fitsJson, fitsJsonb, jsons, texts, types } from './types.ts';

/** SQL/JSON and XML in expressions. Undefined for any other node. */
export function readSqlJson(node: Node, scope: Scope, reader: LineageReader): Value | undefined {
  if ('JsonObjectConstructor' in node) {
    const { exprs = [], output, unique } = node.JsonObjectConstructor;
    const pairs = exprs.flatMap((each) => ('JsonKeyValue' in each ? each.JsonKeyValue : []));
    const keys = pairs.flatMap(({ key }) => (key === undefined ? [] : reader.value(key, scope)));
    const values = pairs.map(({ value }) => readItem(value, scope, reader));
    // Keys may not be NULL, and UNIQUE compares them.
    const isTotal = !keys.some(depends) && unique !== true && values.every(isPlain);
    return made('json_object', [...keys, ...values], isTotal, output, scope, reader);
  }
  if ('JsonArrayConstructor' in node) {
    const values = (node.JsonArrayConstructor.exprs ?? []).map((each) =>
      'JsonValueExpr' in each ? readItem(each.JsonValueExpr, scope, reader) : reader.value(each, scope),
    );
    return made('json_array', values, values.every(isPlain), node.JsonArrayConstructor.output, scope, reader);
  }
  if ('JsonArrayQueryConstructor' in node) {
    const { query, output } = node.JsonArrayQueryConstructor;
    if (query === undefined) return reader.unread();
    const { columns, rest } = reader.query(query, scope);
    const values = [...columns.map(({ value }) => value), ...(rest === undefined ? [] : [rest])];
    return made('json_array', values, values.every(isPlain), output, scope, reader);
  }
  if ('JsonObjectAgg' in node) {
    const { arg, constructor: aggregate } = node.JsonObjectAgg as JsonAggregate<{
      key?: Node;
      value?: JsonValueExpr;
    }>;
    const key = arg?.key === undefined ? reader.unread() : reader.value(arg.key, scope);
    const value = readItem(arg?.value, scope, reader);
    readAggregate(aggregate, scope, reader);
    return made(
      'json_objectagg',
      [key, value],
      !depends(key) && isPlain(value),
      aggregate?.output,
      scope,
      reader,
    );
  }
  if ('JsonArrayAgg' in node) {
    const { arg, constructor: aggregate } = node.JsonArrayAgg as JsonAggregate<JsonValueExpr>;
    const value = readItem(arg, scope, reader);
    readAggregate(aggregate, scope, reader);
    return made('json_arrayagg', [value], isPlain(value), aggregate?.output, scope, reader);
  }
  if ('JsonParseExpr' in node) {
    const value = readItem(node.JsonParseExpr.expr, scope, reader);
    return made('json', [value], false, node.JsonParseExpr.output, scope, reader);
  }
  if ('JsonScalarExpr' in node) {
    const { expr, output } = node.JsonScalarExpr;
    const value = expr === undefined ? reader.unread() : reader.value(expr, scope);
    return made('json_scalar', [value], isPlain(value), output, scope, reader);
  }
  if ('JsonSerializeExpr' in node) {
    const value = readItem(node.JsonSerializeExpr.expr, scope, reader);
    const isTotal = value.type !== undefined && jsons.has(value.type);
    return made('json_serialize', [value], isTotal, node.JsonSerializeExpr.output, scope, reader);
  }
  if ('JsonIsPredicate' in node) {
    const { expr } = node.JsonIsPredicate;
    const value = expr === undefined ? reader.unread() : reader.value(expr, scope);
    const isText = value.type !== undefined && (texts.has(value.type) || jsons.has(value.type));
    return { ...made('IS JSON', [value], isText, undefined, scope, reader), type: types.bool };
  }
  if ('JsonValueExpr' in node) return readItem(node.JsonValueExpr, scope, reader);
  if ('JsonFuncExpr' in node) {
    const {
      context_item: item,
      pathspec,
      passing,
      on_empty: empty,
      on_error: error,
      output,
    } = node.JsonFuncExpr;
    const values = [
      readItem(item, scope, reader),
      ...readNodes([pathspec, empty?.expr, error?.expr], scope, reader),
      ...readArguments(passing, scope, reader),
    ];
    return made('json_query', values, false, output, scope, reader);
  }
  if ('XmlExpr' in node) {
    const { op, args, named_args: named } = node.XmlExpr;
    const values = readNodes([...(args ?? []), ...(named ?? []).map(targetValue)], scope, reader);
    return made((op ?? 'xml').replace(/^IS_/, '').toLowerCase(), values, false, undefined, scope, reader);
  }
  if ('XmlSerialize' in node) {
    const { expr, typeName } = node.XmlSerialize;
    const value = made('xmlserialize', readNodes([expr], scope, reader), false, undefined, scope, reader);
    return castValue(value, castTarget(typeName), scope, reader);
  }
  return undefined;
}

/** The types speak of JavaScript's own `constructor` otherwise. */
interface JsonAggregate<Argument> {
  readonly arg?: Argument;
  readonly constructor?: Extract<Node, { readonly JsonAggConstructor: unknown }>['JsonAggConstructor'];
}

function targetValue(node: Node): Node | undefined {
  return 'ResTarget' in node ? node.ResTarget.val : node;
}

export function readNodes(
  nodes: readonly (Node | undefined)[],
  scope: Scope,
  reader: LineageReader,
): readonly Value[] {
  return nodes.flatMap((node) => (node === undefined ? [] : reader.value(node, scope)));
}

/** PASSING. */
export function readArguments(
  nodes: readonly Node[] | undefined,
  scope: Scope,
  reader: LineageReader,
): readonly Value[] {
  return (nodes ?? []).map((node) =>
    'JsonArgument' in node ? readItem(node.JsonArgument.val, scope, reader) : reader.value(node, scope),
  );
}

/** An item with its FORMAT; a text that is read as JSON may be none. */
export function readItem(item: JsonValueExpr | undefined, scope: Scope, reader: LineageReader): Value {
  if (item?.raw_expr === undefined) return reader.unread();
  const value = reader.value(item.raw_expr, scope);
  const format = item.format?.format_type ?? 'JS_FORMAT_DEFAULT';
  if (format === 'JS_FORMAT_DEFAULT') return value;
  reader.risk('function', [value], 'FORMAT JSON');
  return reader.flows.made([value], { type: types.json });
}

function isPlain(value: Value): boolean {
  return !depends(value) || fitsJson(value.type);
}

function readAggregate(
  aggregate: JsonAggregate<unknown>['constructor'] | undefined,
  scope: Scope,
  reader: LineageReader,
): void {
  if (aggregate === undefined) return;
  readSortKeys(aggregate.agg_order, scope, reader);
  reader.condition(aggregate.agg_filter, 'FILTER', scope);
  if (aggregate.over !== undefined) readWindow(aggregate.over, scope, reader);
}

function made(
  name: string,
  values: readonly Value[],
  isTotal: boolean,
  output: JsonOutput | undefined,
  scope: Scope,
  reader: LineageReader,
): Value {
  const target = output?.typeName === undefined ? undefined : castTarget(output.typeName);
  const isFree = target === undefined || target.type === types.json || target.type === types.text;
  const fits =
    target?.type === types.jsonb && values.every((value) => !depends(value) || fitsJsonb(value.type));
  const total = isTotal && (isFree || fits);
  if (!total) reader.risk('function', values, name);
  const value = reader.flows.made(values, {
    type: target?.type ?? types.json,
    steady: total && values.every(({ steady }) => steady),
  });
  const isOwn = target === undefined || !scope.root.catalog.hasUserType(target.schema, target.name);
  return isOwn ? value : reader.flows.made([value, reader.unread()]);
}
