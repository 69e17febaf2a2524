import type { Node } from 'libpg-query';
import { copyOf, type Instance, type Value } from './flow.ts';
import type { UsePlace } from './lineage.ts';
import type { LineageReader } from './reader.ts';
import { type Output, Scope } from './scope.ts';
import { checkSortOperator } from './sorting.ts';

/** The name of an item that is nothing but a name. */
function bareName(node: Node): string | undefined {
  if (!('ColumnRef' in node)) return undefined;
  const [field, more] = node.ColumnRef.fields ?? [];
  return more === undefined && field !== undefined && 'String' in field ? field.String.sval : undefined;
}

/** A number that stands for an output column (SQL92). */
function position(node: Node): number | undefined {
  if (!('A_Const' in node) || node.A_Const.ival === undefined) return undefined;
  return node.A_Const.ival.ival ?? 0;
}

function output(name: string | number, { columns, rest }: Output): Value | undefined {
  if (typeof name === 'number') return columns[name - 1]?.value ?? rest;
  return columns.find((column) => column.name === name)?.value;
}

/** ORDER BY and DISTINCT ON: a bare name is that of an output column first. */
function outputFirst(node: Node, outputs: Output, scope: Scope, reader: LineageReader): Value {
  reader.flows.spend(outputs.columns.length);
  const name = bareName(node) ?? position(node);
  return (name === undefined ? undefined : output(name, outputs)) ?? reader.value(node, scope);
}

/** GROUP BY: a bare name is that of a column of FROM first. */
function inputFirst(node: Node, outputs: Output, scope: Scope, reader: LineageReader): Value {
  const place = position(node);
  if (place !== undefined) return output(place, outputs) ?? reader.value(node, scope);
  const name = bareName(node);
  if (name === undefined) return reader.value(node, scope);
  reader.flows.spend(outputs.columns.length);
  const own = new Scope(scope.root, scope.sources);
  return own.column(name, reader.flows) ?? output(name, outputs) ?? reader.value(node, scope);
}

export function readGroups(
  clause: readonly Node[] | undefined,
  outputs: Output,
  scope: Scope,
  reader: LineageReader,
): void {
  if (clause === undefined) return;
  let isSimple = true;
  const values: Value[] = [];
  const add = (node: Node) => {
    if ('GroupingSet' in node) {
      isSimple = false;
      node.GroupingSet.content?.forEach(add);
    } else if ('RowExpr' in node && node.RowExpr.row_format === 'COERCE_IMPLICIT_CAST') {
      node.RowExpr.args?.forEach(add);
    } else if ('List' in node) node.List.items?.forEach(add);
    else values.push(inputFirst(node, outputs, scope, reader));
  };
  clause.forEach(add);
  // The rows of one grouping set are not grouped by what only others have.
  group('GROUP BY', values, isSimple, reader);
}

/** Plain DISTINCT is an empty node. */
export function readDistinct(
  clause: readonly Node[] | undefined,
  outputs: Output,
  scope: Scope,
  reader: LineageReader,
): void {
  if (clause === undefined) return;
  const nodes = clause.filter((node) => Object.keys(node).length > 0);
  const values =
    nodes.length === 0
      ? [...outputs.columns.map(({ value }) => value), ...(outputs.rest === undefined ? [] : [outputs.rest])]
      : nodes.map((node) => outputFirst(node, outputs, scope, reader));
  group('DISTINCT', values, true, reader);
}

/** Where a whole key of a table is among the columns, the others of the same row decide about no group. */
function group(place: UsePlace, values: readonly Value[], mayHaveKey: boolean, reader: LineageReader): void {
  const rows = new Map<Instance, { readonly relation: number; readonly attributes: Set<number> }>();
  for (const value of values) {
    const copy = copyOf(value);
    if (copy === undefined || value.instance === undefined) continue;
    const row = rows.get(value.instance) ?? { relation: copy.relation, attributes: new Set<number>() };
    row.attributes.add(copy.attribute);
    rows.set(value.instance, row);
  }
  const keyed = new Set<Instance>();
  if (mayHaveKey) {
    for (const [instance, { relation, attributes }] of rows) {
      const keys = reader.keys.get(relation) ?? [];
      if (keys.some((key) => key.length > 0 && key.every((each) => attributes.has(each))))
        keyed.add(instance);
    }
  }
  for (const value of values) {
    const isKeyed = value.instance !== undefined && keyed.has(value.instance) && copyOf(value) !== undefined;
    reader.used(isKeyed ? 'key' : 'grouping', place, value);
  }
}

export function readOrder(
  clause: readonly Node[] | undefined,
  outputs: Output,
  scope: Scope,
  reader: LineageReader,
): void {
  if (clause === undefined) return;
  for (const node of clause) {
    if (!('SortBy' in node) || node.SortBy.node === undefined) continue;
    const value = outputFirst(node.SortBy.node, outputs, scope, reader);
    reader.used('condition', 'ORDER BY', value);
    checkSortOperator(node.SortBy, value, scope, reader);
  }
}
