import type {
  DeleteStmt,
  InsertStmt,
  Node,
  OnConflictClause,
  RangeVar,
  ReturningClause,
  UpdateStmt,
} from 'libpg-query';
import { renamed } from './aliases.ts';
import { copyOf, type Value } from './flow.ts';
import { readFrom } from './from.ts';
import type { Operand } from './lineage.ts';
import { operandOf } from './operands.ts';
import { readTargets } from './queries.ts';
import { type LineageReader, type Sink, valueOperand, type WriteTarget } from './reader.ts';
import { columnOf, type Output, Scope, type Source, variant } from './scope.ts';
import { readRelation } from './views.ts';
import { readWith } from './with.ts';

export const noOutput: Output = { columns: [] };

/** The table that a statement writes. A name of WITH never shadows it. */
export function readTarget(range: RangeVar, scope: Scope, reader: LineageReader): Source {
  const found = readRelation(range, scope, reader);
  return variant(renamed(found, range.alias, reader), { written: found.table });
}

/** A column that is written, as it is kept; of a view's, which masks speak of by its own name too, both. */
export interface Target extends WriteTarget {
  readonly type: number | undefined;
}

export function targetOf(source: Source, name: string | undefined, reader: LineageReader): Target {
  const value = name === undefined ? undefined : columnOf(source, name, reader.flows, 'known');
  return asTarget(source, name, value);
}

/** Of a view's column that is computed, or of what nobody knows, only the name tells where it is written. */
function asTarget(source: Source, name: string | undefined, value: Value | undefined): Target {
  const copied = value?.anything === false ? value.origins.filter(({ how }) => how === 'copy') : [];
  if (copied.length > 0 && copied.every(({ attribute }) => attribute >= 0)) {
    return {
      columns: copied.map(({ relation, attribute }) => ({ relation, attribute })),
      type: value?.type,
    };
  }
  if (source.oid !== undefined || source.written === undefined)
    return { columns: [{ relation: source.oid ?? 0, attribute: 0 }], type: undefined };
  const { schema, name: relation } = source.written;
  const made = { kind: 'kept', schema, name: relation, column: name ?? '*', temporary: false } as const;
  return { columns: [], made, type: undefined };
}

export function readInsert(insert: InsertStmt, outer: Scope, reader: LineageReader): Output {
  const scope = readWith(insert.withClause, outer, reader);
  if (insert.relation === undefined) return unknownWrite(reader);
  const target = readTarget(insert.relation, scope, reader);
  const written: Written[] = [];
  const add = (name: string | undefined, isPart: boolean): Written => {
    const place: Written = { target: targetOf(target, name, reader), name, isPart, operands: [] };
    written.push(place);
    return place;
  };
  for (const { name, isPart } of insertedColumns(insert.cols, target, scope, reader)) add(name, isPart);
  const at = (index: number) => written[index] ?? add(undefined, false);
  const sink: Sink = {
    type: (index) => (at(index).isPart ? 'part' : at(index).target.type),
    put: (index, value) => {
      const place = at(index);
      place.operands.push(value);
      reader.put(place.target, value);
    },
  };
  if (insert.selectStmt !== undefined) {
    const { rest } = reader.query(insert.selectStmt, scope, sink);
    if (rest !== undefined) {
      reader.put(targetOf(target, undefined, reader), valueOperand(rest));
    }
  }
  const within = new Scope(scope, [target]);
  if (insert.onConflictClause !== undefined) {
    const operands = new Map(written.map(({ name, operands: given }) => [name, given]));
    readConflict(insert.onConflictClause, target, operands, within, reader);
  }
  return readReturning(insert.returningClause, [target], within, reader);
}

function unknownWrite(reader: LineageReader): Output {
  reader.unread();
  return noOutput;
}

interface Written {
  readonly target: Target;
  readonly name: string | undefined;
  readonly isPart: boolean;
  readonly operands: Operand[];
}

/** The columns in order; subscripts and fields write a part of one. */
function insertedColumns(
  columns: readonly Node[] | undefined,
  target: Source,
  scope: Scope,
  reader: LineageReader,
): readonly Pick<Written, 'name' | 'isPart'>[] {
  if (columns === undefined) return target.columns.map(({ name }) => ({ name, isPart: false }));
  return columns.flatMap((node) => {
    if (!('ResTarget' in node)) return [];
    const { name = '', indirection = [] } = node.ResTarget;
    readSubscripts(indirection, scope, reader);
    return { name, isPart: indirection.length > 0 };
  });
}

function readSubscripts(steps: readonly Node[] | undefined, scope: Scope, reader: LineageReader): void {
  for (const step of steps ?? []) {
    if (!('A_Indices' in step)) continue;
    for (const node of [step.A_Indices.lidx, step.A_Indices.uidx]) {
      if (node !== undefined) reader.used('condition', 'operator', reader.value(node, scope));
    }
  }
}

/** Whether a row is there already shows in how many are written. */
function readConflict(
  clause: OnConflictClause,
  target: Source,
  operands: ReadonlyMap<string | undefined, readonly Operand[]>,
  scope: Scope,
  reader: LineageReader,
): void {
  const { flows } = reader;
  const elements = clause.infer?.indexElems;
  const inferred = (elements ?? []).flatMap((node) => ('IndexElem' in node ? node.IndexElem : []));
  // Without a list any unique index of the table will do.
  const names = elements === undefined ? [...operands.keys()] : inferred.map(({ name }) => name);
  for (const name of names) {
    const value = name === undefined ? undefined : columnOf(target, name, flows, 'any');
    if (value === undefined) continue;
    const given = operands.get(name) ?? [];
    if (copyOf(value) === undefined || given.length === 0) reader.used('condition', 'ON CONFLICT', value);
    else reader.equality('ON CONFLICT', value, given);
  }
  for (const { expr } of inferred) {
    if (expr !== undefined) reader.used('condition', 'ON CONFLICT', reader.value(expr, scope));
  }
  reader.condition(clause.infer?.whereClause, 'ON CONFLICT', scope);
  if (clause.action !== 'ONCONFLICT_UPDATE') return;
  // The row that was proposed: what stands in its columns is theirs, and was told as written into them.
  const excluded = variant(target, { table: undefined, name: 'excluded', shown: false });
  const within = new Scope(scope.parent ?? scope.root, [...scope.sources, excluded]);
  readAssigned(clause.targetList, target, within, reader);
  reader.condition(clause.whereClause, 'ON CONFLICT', within);
}

/** SET. */
export function readAssigned(
  targets: readonly Node[] | undefined,
  target: Source,
  scope: Scope,
  reader: LineageReader,
): void {
  let source: readonly Value[] = [];
  for (const node of targets ?? []) {
    if (!('ResTarget' in node)) continue;
    const { name, indirection, val } = node.ResTarget;
    const to = targetOf(target, name, reader);
    readSubscripts(indirection, scope, reader);
    if (val === undefined) continue;
    if (!('MultiAssignRef' in val)) {
      assign(to, val, indirection, scope, reader);
      continue;
    }
    // The one source is repeated for each column that it assigns.
    const { source: from, colno = 1, ncolumns = 1 } = val.MultiAssignRef;
    if (from === undefined) continue;
    const part = 'RowExpr' in from ? from.RowExpr.args?.[colno - 1] : undefined;
    if (part !== undefined && 'RowExpr' in from && from.RowExpr.args?.length === ncolumns) {
      assign(to, part, indirection, scope, reader);
      continue;
    }
    if (colno === 1) source = rowParts(from, scope, reader);
    const value =
      source[colno - 1] ?? reader.flows.made([...source, ...(source.length === 0 ? [reader.unread()] : [])]);
    reader.put(to, valueOperand(value));
  }
}

function assign(
  to: Target,
  node: Node,
  indirection: readonly Node[] | undefined,
  scope: Scope,
  reader: LineageReader,
): void {
  // A constant that becomes a part of a value is not the column's value.
  const isPart = (indirection ?? []).length > 0;
  const value = isPart ? valueOperand(reader.value(node, scope)) : operandOf(node, to.type, scope, reader);
  reader.put(to, value);
}

/** `(a, b) = (SELECT …)` and the like. */
function rowParts(node: Node, scope: Scope, reader: LineageReader): readonly Value[] {
  if ('SubLink' in node && node.SubLink.subselect !== undefined) {
    const { columns, rest } = reader.query(node.SubLink.subselect, scope);
    return rest === undefined ? columns.map(({ value }) => value) : [];
  }
  const value = reader.value(node, scope);
  return value.fields?.().map((field) => field.value) ?? [value];
}

export function readReturning(
  clause: ReturningClause | undefined,
  targets: readonly Source[],
  scope: Scope,
  reader: LineageReader,
): Output {
  if (clause === undefined) return noOutput;
  const [target] = targets;
  const names = new Map<string, string>();
  for (const node of clause.options ?? []) {
    if ('ReturningOption' in node) {
      names.set(node.ReturningOption.option ?? '', node.ReturningOption.value ?? '');
    }
  }
  const aliases = [names.get('RETURNING_OPTION_OLD') ?? 'old', names.get('RETURNING_OPTION_NEW') ?? 'new'];
  const rows =
    target === undefined
      ? []
      : aliases.map((name) => variant(target, { table: undefined, name, shown: false }));
  return readTargets(
    clause.exprs,
    new Scope(scope.parent ?? scope.root, [...scope.sources, ...rows]),
    reader,
  );
}

export function readUpdate(update: UpdateStmt, outer: Scope, reader: LineageReader): Output {
  const scope = readWith(update.withClause, outer, reader);
  if (update.relation === undefined) return unknownWrite(reader);
  const target = readTarget(update.relation, scope, reader);
  const within = new Scope(scope, [target]);
  readFrom(update.fromClause, within, reader);
  readAssigned(update.targetList, target, within, reader);
  reader.condition(update.whereClause, 'WHERE', within);
  return readReturning(update.returningClause, [target], within, reader);
}

export function readDelete(remove: DeleteStmt, outer: Scope, reader: LineageReader): Output {
  const scope = readWith(remove.withClause, outer, reader);
  if (remove.relation === undefined) return unknownWrite(reader);
  const target = readTarget(remove.relation, scope, reader);
  const within = new Scope(scope, [target]);
  readFrom(remove.usingClause, within, reader);
  reader.condition(remove.whereClause, 'WHERE', within);
  return readReturning(remove.returningClause, [target], within, reader);
}
