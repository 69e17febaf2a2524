import type { LockingClause, Node, SelectStmt, SortBy } from 'libpg-query';
import { Unsupported, unwrap } from './ast.ts';
import { readFrom } from './from-clause.ts';
import { readMerge } from './merge.ts';
import { narrows } from './narrows.ts';
import { readInto, readTargets, readWith } from './query-parts.ts';
import { closed, type Derived, Scope } from './scope.ts';
import type { QueryPlace, RelationUse, StatementReader } from './statement-reader.ts';
import { readDelete, readInsert, readUpdate } from './writes.ts';

/**
 * Read a query or a data-changing statement.
 * @throws Unsupported for anything else
 */
export function readQuery(node: Node, reader: StatementReader, scope: Scope, place: QueryPlace): Derived {
  if ('SelectStmt' in node) return readSelect(node.SelectStmt, reader, scope, place);
  if ('InsertStmt' in node) return readInsert(node.InsertStmt, reader, scope, place);
  if ('UpdateStmt' in node) return readUpdate(node.UpdateStmt, reader, scope);
  if ('DeleteStmt' in node) return readDelete(node.DeleteStmt, reader, scope);
  if ('MergeStmt' in node) return readMerge(node.MergeStmt, reader, scope);
  throw new Unsupported(`${unwrap(node)[0]} as a query`);
}

export function readSelect(
  select: SelectStmt,
  reader: StatementReader,
  outer: Scope,
  place: QueryPlace,
): Derived {
  const scope = readWith(select.withClause, reader, outer);
  if (place === 'top') reader.limits.push(limits(select.limitCount));
  if (select.larg !== undefined && select.rarg !== undefined) {
    const left = readArm(select.larg, reader, scope, place);
    readArm(select.rarg, reader, scope, place);
    // A bare name here can only be an output column, and that was read where it comes from.
    reader.expression((select.sortClause ?? []).filter(notBareName), scope);
    reader.expression([select.limitCount, select.limitOffset], scope);
    return { ...left, locks: [] };
  }
  if (select.valuesLists !== undefined) return readValues(select, reader, scope);
  if (select.intoClause !== undefined) readInto(select.intoClause, reader, 'table');
  const from = new Scope(scope);
  readFrom(select.fromClause, reader, from);
  const given = readTargets(select.targetList, reader, from);
  if (place === 'top') reader.selectWheres.push(narrows(select.whereClause));
  reader.expression([select.whereClause, select.havingClause, select.windowClause], from);
  const aliases = new Set(aliasesOf(select.targetList));
  const grouped = new Scope(scope);
  grouped.sources.push(...from.sources);
  grouped.outputs = aliases;
  reader.expression(select.groupClause, grouped);
  const isAlias = (node: Node) => aliases.has(bareName(node) ?? '');
  reader.expression(
    [...(select.sortClause ?? []), ...(select.distinctClause ?? [])].filter((node) => !isAlias(node)),
    from,
  );
  // Columns of this query have no meaning here.
  reader.expression([select.limitCount, select.limitOffset], scope);
  for (const node of select.lockingClause ?? []) {
    if (!('LockingClause' in node)) throw new Unsupported(`${unwrap(node)[0]} as a row lock`);
    readLocking(node.LockingClause, reader, from);
  }
  return { ...given, locks: from.sources.flatMap(lockable) };
}

/** One side of a set operation. Its own LIMIT does not bound the whole, and its own WHERE does not narrow the other's. */
function readArm(arm: SelectStmt, reader: StatementReader, scope: Scope, place: QueryPlace): Derived {
  const limitsBefore = reader.limits.length;
  const given = readSelect(arm, reader, scope, place);
  reader.limits.length = limitsBefore;
  return given;
}

function readValues(select: SelectStmt, reader: StatementReader, scope: Scope): Derived {
  reader.expression(select.valuesLists, scope);
  const [first] = select.valuesLists ?? [];
  const width = first !== undefined && 'List' in first ? (first.List.items ?? []).length : 0;
  const derived = closed(Array.from({ length: width }, (_, index) => `column${index + 1}`));
  const within = new Scope(scope);
  within.sources.push({ alias: undefined, uses: [], derived });
  reader.expression([select.sortClause, select.limitCount, select.limitOffset], within);
  return derived;
}

function aliasesOf(targets: readonly Node[] | undefined): string[] {
  return (targets ?? []).flatMap((target) => ('ResTarget' in target ? (target.ResTarget.name ?? []) : []));
}

/** The name in an ORDER BY or DISTINCT ON item that is nothing but a name. */
function bareName(node: Node): string | undefined {
  const inner = 'SortBy' in node ? (node.SortBy satisfies SortBy).node : node;
  if (inner === undefined || !('ColumnRef' in inner)) return undefined;
  const [field, more] = inner.ColumnRef.fields ?? [];
  return more === undefined && field !== undefined && 'String' in field ? field.String.sval : undefined;
}

function notBareName(node: Node): boolean {
  return bareName(node) === undefined;
}

function limits(count: Node | undefined): boolean {
  return count !== undefined && !('A_Const' in count && count.A_Const.isnull === true);
}

/** FOR UPDATE and its weaker kinds, on the tables of FROM and of its subqueries. */
function readLocking(clause: LockingClause, reader: StatementReader, from: Scope): void {
  const named = (clause.lockedRels ?? []).map((node) =>
    'RangeVar' in node ? node.RangeVar.relname : undefined,
  );
  for (const source of from.sources) {
    if (named.length > 0 && !named.includes(source.alias)) continue;
    for (const use of lockable(source)) {
      reader.relation('update', use.relation, { existence: use.existence, columns: [] });
    }
  }
}

function lockable(source: Scope['sources'][number]): readonly RelationUse[] {
  return source.derived === undefined ? source.uses : source.derived.locks;
}
