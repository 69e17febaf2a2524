import type { Node, SelectStmt } from 'libpg-query';
import { strings } from '../ast.ts';
import { readWindow } from './calls.ts';
import { columnName } from './column-names.ts';
import { readStar } from './columns.ts';
import { type Field, nullConstant, type Value } from './flow.ts';
import { readFrom } from './from.ts';
import { readDistinct, readGroups, readOrder } from './grouping.ts';
import { bare, operandOf } from './operands.ts';
import { type LineageReader, type Sink, valueOperand } from './reader.ts';
import { derivedSource, type Output, Scope } from './scope.ts';
import { readWith } from './with.ts';

/**
 * Read a SELECT, VALUES or set operation.
 * @param sink where the query feeds the columns of a table, so that constants are told as they stand
 */
export function readSelect(select: SelectStmt, outer: Scope, reader: LineageReader, sink?: Sink): Output {
  reader.flows.spend();
  const scope = readWith(select.withClause, outer, reader);
  const output =
    select.op !== undefined && select.op !== 'SETOP_NONE'
      ? readSetOperation(select, scope, reader, sink)
      : select.valuesLists !== undefined
        ? readValues(select, scope, reader, sink)
        : readPlain(select, scope, reader, sink);
  // Columns of this query have no meaning in LIMIT.
  for (const node of [select.limitCount, select.limitOffset]) {
    if (node !== undefined) reader.used('condition', 'LIMIT', reader.value(node, scope));
  }
  return output;
}

function readPlain(select: SelectStmt, scope: Scope, reader: LineageReader, sink?: Sink): Output {
  const from = new Scope(scope);
  readFrom(select.fromClause, from, reader);
  const output = readTargets(select.targetList, from, reader, sink);
  reader.condition(select.whereClause, 'WHERE', from);
  for (const node of select.windowClause ?? []) {
    if ('WindowDef' in node) readWindow(node.WindowDef, from, reader);
  }
  readGroups(select.groupClause, output, from, reader);
  reader.condition(select.havingClause, 'HAVING', from);
  readDistinct(select.distinctClause, output, from, reader);
  readOrder(select.sortClause, output, from, reader);
  return output;
}

/** A select list or a RETURNING list. */
export function readTargets(
  targets: readonly Node[] | undefined,
  scope: Scope,
  reader: LineageReader,
  sink?: Sink,
): Output {
  const columns: Field[] = [];
  let rest: Value | undefined;
  const add = (name: string, value: Value) => {
    sink?.put(columns.length, valueOperand(value));
    columns.push({ name, value });
  };
  for (const target of targets ?? []) {
    if (!('ResTarget' in target) || target.ResTarget.val === undefined) continue;
    const { name, val } = target.ResTarget;
    const star = readStar(val, scope, reader);
    if (star !== undefined) {
      reader.flows.spend(star.columns.length);
      for (const column of star.columns) add(column.name, column.value);
      if (star.rest !== undefined) {
        rest = rest === undefined ? star.rest : reader.flows.made([rest, star.rest]);
      }
      continue;
    }
    columns.push({
      name: name ?? columnName(val),
      value: readInto(val, columns.length, scope, reader, sink),
    });
  }
  return rest === undefined ? { columns } : { columns, rest };
}

/** An expression that may stand for a column that is written. */
function readInto(
  node: Node,
  index: number,
  scope: Scope,
  reader: LineageReader,
  sink: Sink | undefined,
): Value {
  const type = sink?.type(index);
  const stands = 'SetToDefault' in node || bare(node) !== undefined;
  if (sink === undefined || type === 'part' || !stands) {
    const value = reader.value(node, scope);
    sink?.put(index, valueOperand(value));
    return value;
  }
  sink.put(index, operandOf(node, type, scope, reader));
  // A parameter that goes into a column is not seen elsewhere by that.
  return reader.quietly(() => reader.value(node, scope));
}

function readValues(select: SelectStmt, scope: Scope, reader: LineageReader, wanted?: Sink): Output {
  const sink = select.sortClause === undefined ? wanted : undefined;
  const rows = (select.valuesLists ?? []).map((row): readonly Value[] => {
    const values: Value[] = [];
    for (const node of 'List' in row ? (row.List.items ?? []) : []) {
      const star = readStar(node, scope, reader);
      if (star === undefined) values.push(readInto(node, values.length, scope, reader, sink));
      else {
        for (const { value } of star.columns) {
          sink?.put(values.length, valueOperand(value));
          values.push(value);
        }
      }
    }
    return values;
  });
  const width = rows[0]?.length ?? 0;
  const columns = Array.from({ length: width }, (_, index): Field => {
    const values = rows.map((row) => row[index] ?? nullConstant);
    return {
      name: `column${index + 1}`,
      value: values.length === 1 ? (values[0] ?? nullConstant) : reader.flows.either(values),
    };
  });
  const output = { columns };
  orderWhole(select, output, scope, reader);
  if (sink === undefined && wanted !== undefined) putWhole(output, wanted);
  return output;
}

/**
 * Rows that are compared with each other before they go into the table: a constant among them is no operand, since what
 * is put in its place would be compared with the others.
 */
function putWhole({ columns }: Output, sink: Sink): void {
  for (const [index, { value }] of columns.entries()) sink.put(index, valueOperand(value));
}

/** UNION, INTERSECT, EXCEPT: one after the other from the left, since long ones nest deep there. */
function readSetOperation(select: SelectStmt, scope: Scope, reader: LineageReader, wanted?: Sink): Output {
  const steps: SelectStmt[] = [];
  let left: SelectStmt = select;
  while (left.larg !== undefined && (left === select || isBareOperation(left))) {
    steps.push(left);
    left = left.larg;
  }
  const isPlain = select.sortClause === undefined && steps.every(keepsAll);
  const sink = isPlain ? wanted : undefined;
  let output = readSelect(left, scope, reader, sink);
  for (const step of steps.reverse()) {
    if (step.rarg === undefined) continue;
    const right = readSelect(step.rarg, scope, reader, sink);
    output = combine(output, right, reader);
    if (!keepsAll(step)) {
      for (const { value } of output.columns) reader.used('grouping', 'set operation', value);
      if (output.rest !== undefined) reader.used('grouping', 'set operation', output.rest);
    }
  }
  orderWhole(select, output, scope, reader);
  if (sink === undefined && wanted !== undefined) putWhole(output, wanted);
  return output;
}

/** UNION ALL looks at no value. */
function keepsAll({ op, all }: SelectStmt): boolean {
  return op === 'SETOP_UNION' && all === true;
}

/** ORDER BY of rows that come from no FROM. */
function orderWhole(select: SelectStmt, output: Output, scope: Scope, reader: LineageReader): void {
  const within = new Scope(scope, [derivedSource(undefined, output, reader.flows)]);
  readOrder(select.sortClause, output, within, reader);
}

/** A set operation inside of another one that has nothing else to it. */
function isBareOperation(select: SelectStmt): boolean {
  return (
    select.op !== undefined &&
    select.op !== 'SETOP_NONE' &&
    select.withClause === undefined &&
    select.sortClause === undefined &&
    select.limitCount === undefined &&
    select.limitOffset === undefined
  );
}

function combine(left: Output, right: Output, reader: LineageReader): Output {
  const open = [left.rest, right.rest].flatMap((rest) => rest ?? []);
  const rest = open.length === 0 ? undefined : reader.flows.made(open);
  reader.flows.spend(left.columns.length);
  const columns = left.columns.map(({ name, value }, index): Field => {
    const other = right.columns[index]?.value ?? rest;
    return { name, value: other === undefined ? value : reader.flows.either([value, other]) };
  });
  if (rest === undefined) return { columns };
  const more = right.columns.slice(columns.length).map(({ value }) => value);
  return { columns, rest: reader.flows.made([rest, ...more]) };
}

/** The names of an INTO clause, for the leftmost query of a set operation too. */
export function intoOf(select: SelectStmt): SelectStmt['intoClause'] {
  let leaf = select;
  while (leaf.larg !== undefined) leaf = leaf.larg;
  return leaf.intoClause;
}

export function renameColumns(output: Output, names: readonly Node[] | undefined): Output {
  const given = strings(names);
  if (given.length === 0) return output;
  const columns = output.columns.map(
    ({ name, value }, index): Field => ({ name: given[index] ?? name, value }),
  );
  return { ...output, columns };
}
