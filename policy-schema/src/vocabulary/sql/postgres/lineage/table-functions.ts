import type { JsonTable, JsonTableColumn, Node, RangeFunction, RangeTableFunc } from 'libpg-query';
import { strings } from '../ast.ts';
import { renamed } from './aliases.ts';
import { hasOwnColumns } from './calls.ts';
import { castTarget, holdsNoRows } from './types.ts';
import { columnName } from './column-names.ts';
import { constant, type Field, type Value } from './flow.ts';
import type { LineageReader } from './reader.ts';
import { derivedSource, type Output, type Scope, type Source, variant } from './scope.ts';
import { readArguments, readItem, readNodes } from './sql-json.ts';

/** `f(x)`, ROWS FROM (…), WITH ORDINALITY. */
export function readRangeFunction(item: RangeFunction, scope: Scope, reader: LineageReader): Source {
  const { flows } = reader;
  const columns: Field[] = [];
  let rest: Value | undefined;
  let scalar: Value | undefined;
  const functions = item.functions ?? [];
  const isOne = functions.length === 1;
  for (const node of functions) {
    const [call, ownList] = 'List' in node ? (node.List.items ?? []) : [node];
    if (call === undefined) continue;
    const inner = ownList !== undefined && 'List' in ownList ? ownList.List.items : undefined;
    const list = isOne && item.coldeflist !== undefined ? item.coldeflist : inner;
    const alias = isOne ? item.alias?.aliasname : undefined;
    const given = readFunctionRows(call, list, alias, scope, reader);
    columns.push(...given.columns);
    if (given.rest !== undefined) rest = rest === undefined ? given.rest : flows.made([rest, given.rest]);
    scalar = isOne ? given.scalar : undefined;
  }
  if (item.ordinality === true) {
    columns.push({ name: 'ordinality', value: { ...constant, type: 20 } });
    scalar = undefined;
  }
  const output: Output = rest === undefined ? { columns } : { columns, rest };
  const [first] = functions;
  const [call] = first !== undefined && 'List' in first ? (first.List.items ?? []) : [];
  const source = derivedSource(columnName(call), output, flows);
  const plain = scalar;
  return renamed(plain === undefined ? source : variant(source, { row: () => plain }), item.alias, reader);
}

interface FunctionRows extends Output {
  /** It gives one plain value a row. */
  readonly scalar?: Value;
}

function readFunctionRows(
  call: Node,
  list: readonly Node[] | undefined,
  alias: string | undefined,
  scope: Scope,
  reader: LineageReader,
): FunctionRows {
  const name = columnName(call);
  const several = severalArrays(call);
  if (several !== undefined) {
    const columns = several.map((node): Field => {
      const value = reader.value(node, scope);
      reader.risk('function', [value], 'pg_catalog.unnest');
      return { name, value: reader.flows.made([value]) };
    });
    return { columns };
  }
  const value = reader.value(call, scope);
  const all = reader.flows.made([value]);
  if (list !== undefined) {
    const names = list.flatMap((node) => ('ColumnDef' in node ? (node.ColumnDef.colname ?? '') : []));
    return { columns: names.map((each) => ({ name: each, value: all })) };
  }
  if (value.fields !== undefined) {
    const columns = value.fields();
    const [only] = columns;
    return columns.length === 1 && only !== undefined ? { columns, scalar: only.value } : { columns };
  }
  const own = populated(call, scope);
  if (own !== undefined) return { columns: own.map((each) => ({ name: each, value: all })) };
  const columns = [{ name: alias ?? name, value: all }];
  // Rows of a type that is not known here, and what any function of a user gives.
  return isPlain(call, scope, reader) ? { columns, scalar: all } : { columns, scalar: all, rest: all };
}

/** unnest (a, b) is short for ROWS FROM (unnest (a), unnest (b)). */
function severalArrays(call: Node): readonly Node[] | undefined {
  if (!('FuncCall' in call)) return undefined;
  const { funcname, args = [] } = call.FuncCall;
  return strings(funcname).at(-1) === 'unnest' && args.length > 1 ? args : undefined;
}

/** jsonb_populate_record (NULL::some_table, …) has the table's columns. */
function populated(call: Node, scope: Scope): readonly string[] | undefined {
  if (!('FuncCall' in call)) return undefined;
  const [first] = call.FuncCall.args ?? [];
  if (!/^jsonb?_populate_record(set)?$/.test(strings(call.FuncCall.funcname).at(-1) ?? '')) return undefined;
  if (first === undefined || !('TypeCast' in first)) return undefined;
  const { schema, name } = castTarget(first.TypeCast.typeName);
  return scope.root.catalog.relation(schema, name)?.columns.map((column) => column.name);
}

const rowFunctions = /^(unnest|jsonb?_(populate|to)_record(set)?|array_agg)$/;

/** The function surely gives plain values, and no rows. */
function isPlain(call: Node, scope: Scope, reader: LineageReader): boolean {
  if (!('FuncCall' in call)) return true;
  const parts = strings(call.FuncCall.funcname);
  const name = parts.at(-1) ?? '';
  const [array] = call.FuncCall.args ?? [];
  if (
    name === 'unnest' &&
    array !== undefined &&
    scope.root.catalog.functions(parts.at(-2), name).length === 0
  ) {
    return holdsNoRows(reader.quietly(() => reader.value(array, scope)).type);
  }
  if (rowFunctions.test(name) || hasOwnColumns(name)) return false;
  return scope.root.catalog.functions(parts.at(-2), name).every((user) => user.columns.length === 0);
}

/** XMLTABLE. */
export function readXmlTable(item: RangeTableFunc, scope: Scope, reader: LineageReader): Source {
  const spaces = (item.namespaces ?? []).map((node) => ('ResTarget' in node ? node.ResTarget.val : node));
  const values = readNodes([item.docexpr, item.rowexpr, ...spaces], scope, reader);
  const columns = (item.columns ?? []).flatMap((node): readonly Field[] => {
    if (!('RangeTableFuncCol' in node)) return [];
    const { colname = '', colexpr, coldefexpr } = node.RangeTableFuncCol;
    const own = readNodes([colexpr, coldefexpr], scope, reader);
    reader.risk('function', own, 'xmltable');
    return [{ name: colname, value: reader.flows.made([...values, ...own]) }];
  });
  reader.risk('function', values, 'xmltable');
  return renamed(derivedSource('xmltable', { columns }, reader.flows), item.alias, reader);
}

/** JSON_TABLE, where columns of nested paths come after those around them. */
export function readJsonTable(item: JsonTable, scope: Scope, reader: LineageReader): Source {
  const given = [
    readItem(item.context_item, scope, reader),
    ...readNodes([item.pathspec?.string, item.on_error?.expr], scope, reader),
    ...readArguments(item.passing, scope, reader),
  ];
  reader.risk('function', given, 'json_table');
  const columns: Field[] = [];
  const add = (nodes: readonly Node[] | undefined) => {
    const nested: JsonTableColumn[] = [];
    for (const node of nodes ?? []) {
      if (!('JsonTableColumn' in node)) continue;
      const column = node.JsonTableColumn;
      const { name = '', coltype, pathspec, on_empty: empty, on_error: error } = column;
      if (coltype === 'JTC_NESTED') nested.push(column);
      else {
        const own = readNodes([pathspec?.string, empty?.expr, error?.expr], scope, reader);
        reader.risk('function', own, 'json_table');
        columns.push({ name, value: reader.flows.made([...given, ...own]) });
      }
    }
    for (const column of nested) add(column.columns);
  };
  add(item.columns);
  return renamed(derivedSource('json_table', { columns }, reader.flows), item.alias, reader);
}
