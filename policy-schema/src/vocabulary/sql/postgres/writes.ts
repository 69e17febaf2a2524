import type {
  DeleteStmt,
  InsertStmt,
  Node,
  OnConflictClause,
  RangeVar,
  ReturningClause,
  UpdateStmt,
} from 'libpg-query';
import { relationName, Unsupported, unwrap } from './ast.ts';
import { readFrom } from './from-clause.ts';
import { narrows } from './narrows.ts';
import { readTargets, readWith } from './query-parts.ts';
import { closed, type Derived, Scope } from './scope.ts';
import type { QueryPlace, RelationUse, StatementReader } from './statement-reader.ts';

/** The table that a statement writes, as far as it is also read. A name of WITH never shadows it. */
export function readTarget(range: RangeVar, reader: StatementReader): RelationUse {
  return reader.relation('select', range, { columns: [], onlyIfRead: true });
}

export function addTarget(scope: Scope, range: RangeVar, read: RelationUse): void {
  const alias = range.alias?.aliasname;
  const shown = alias === undefined ? { alias: range.relname, relation: relationName(range) } : { alias };
  scope.sources.push({ ...shown, uses: [read] });
}

function requireRange(range: RangeVar | undefined): RangeVar {
  if (range === undefined) throw new Unsupported('a write without a table');
  return range;
}

export function readInsert(
  insert: InsertStmt,
  reader: StatementReader,
  outer: Scope,
  place: QueryPlace,
): Derived {
  const scope = readWith(insert.withClause, reader, outer);
  const range = requireRange(insert.relation);
  const columns = insert.cols === undefined && insert.selectStmt !== undefined ? ['*'] : [];
  const write = reader.relation('insert', range, { columns });
  const read = readTarget(range, reader);
  readAssigned(insert.cols, write, reader, scope);
  // A SELECT that feeds an INSERT is at the top of nothing but the INSERT.
  if (insert.selectStmt !== undefined) {
    const { length } = reader.limits;
    reader.query(insert.selectStmt, scope, place);
    reader.limits.length = length;
  }
  const within = new Scope(scope);
  addTarget(within, range, read);
  if (insert.onConflictClause !== undefined) {
    readConflict(insert.onConflictClause, range, read, reader, within);
  }
  return readReturning(insert.returningClause, [read], reader, within);
}

/** Columns that are written, with the subscripts and fields of each. */
export function readAssigned(
  targets: readonly Node[] | undefined,
  write: RelationUse,
  reader: StatementReader,
  scope: Scope,
): void {
  for (const target of targets ?? []) {
    if (!('ResTarget' in target)) throw new Unsupported(`${unwrap(target)[0]} as a column to write`);
    const { name, indirection, val } = target.ResTarget;
    if (name !== undefined) {
      write.columns?.add(name);
      reader.column(name);
    }
    for (const step of indirection ?? []) if ('A_Indices' in step) reader.expression([step], scope);
    if (val !== undefined) reader.expression([val], scope);
  }
}

function readConflict(
  clause: OnConflictClause,
  range: RangeVar,
  read: RelationUse,
  reader: StatementReader,
  scope: Scope,
): void {
  for (const node of clause.infer?.indexElems ?? []) {
    if (!('IndexElem' in node)) throw new Unsupported(`${unwrap(node)[0]} in ON CONFLICT`);
    const { name } = node.IndexElem;
    if (name === undefined) continue;
    read.columns?.add(name);
    reader.column(name);
  }
  reader.expression([clause.infer?.indexElems, clause.infer?.whereClause], scope);
  if (clause.action !== 'ONCONFLICT_UPDATE') return;
  const within = new Scope(scope.parent);
  // Reading the row that was proposed takes the same right as reading the one that is there.
  within.sources.push(...scope.sources, { alias: 'excluded', uses: [read], isGroup: true });
  const write = reader.relation('update', range, { columns: [] });
  readAssigned(clause.targetList, write, reader, within);
  reader.expression([clause.whereClause], within);
}

export function readReturning(
  clause: ReturningClause | undefined,
  targets: readonly RelationUse[],
  reader: StatementReader,
  scope: Scope,
): Derived {
  if (clause === undefined) return closed();
  const within = new Scope(scope.parent);
  within.sources.push(...scope.sources);
  const aliases = (clause.options ?? []).map((node) =>
    'ReturningOption' in node ? node.ReturningOption.value : undefined,
  );
  for (const alias of ['old', 'new', ...aliases])
    within.sources.push({ alias, uses: targets, isGroup: true });
  return readTargets(clause.exprs, reader, within);
}

export function readUpdate(update: UpdateStmt, reader: StatementReader, outer: Scope): Derived {
  const scope = readWith(update.withClause, reader, outer);
  const range = requireRange(update.relation);
  // A rule of this view calls set_config.
  if (range.relname === 'pg_settings') {
    reader.plain('set', { parameter: '*' });
    reader.effect({ kind: 'role', local: false });
    reader.effect({ kind: 'set', parameter: '*', local: false });
  }
  const write = reader.relation('update', range, { columns: [] });
  const read = readTarget(range, reader);
  const within = new Scope(scope);
  addTarget(within, range, read);
  readFrom(update.fromClause, reader, within);
  readAssigned(update.targetList, write, reader, within);
  reader.writeWheres.push(narrows(update.whereClause));
  reader.expression([update.whereClause], within);
  return readReturning(update.returningClause, [read], reader, within);
}

export function readDelete(remove: DeleteStmt, reader: StatementReader, outer: Scope): Derived {
  const scope = readWith(remove.withClause, reader, outer);
  const range = requireRange(remove.relation);
  reader.relation('delete', range, { columns: ['*'] });
  const read = readTarget(range, reader);
  const within = new Scope(scope);
  addTarget(within, range, read);
  readFrom(remove.usingClause, reader, within);
  reader.writeWheres.push(narrows(remove.whereClause));
  reader.expression([remove.whereClause], within);
  return readReturning(remove.returningClause, [read], reader, within);
}
