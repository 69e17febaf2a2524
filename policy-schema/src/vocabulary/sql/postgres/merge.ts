import type { MergeStmt, MergeWhenClause } from 'libpg-query';
import { Unsupported, unwrap } from './ast.ts';
import { readFrom } from './from-clause.ts';
import { narrows } from './narrows.ts';
import { readWith } from './query-parts.ts';
import { type Derived, Scope } from './scope.ts';
import type { StatementReader } from './statement-reader.ts';
import { addTarget, readAssigned, readReturning, readTarget } from './writes.ts';

/** MERGE does what its WHEN clauses say, and reads what it joins. */
export function readMerge(merge: MergeStmt, reader: StatementReader, outer: Scope): Derived {
  const scope = readWith(merge.withClause, reader, outer);
  const { relation: range, sourceRelation } = merge;
  if (range === undefined || sourceRelation === undefined) throw new Unsupported('MERGE without a table');
  const clauses = (merge.mergeWhenClauses ?? []).map((node) => {
    if ('MergeWhenClause' in node) return node.MergeWhenClause;
    throw new Unsupported(`${unwrap(node)[0]} in MERGE`);
  });
  const writes = clauses.map((clause) => readKind(clause, merge, reader));
  const read = readTarget(range, reader);
  const within = new Scope(scope);
  addTarget(within, range, read);
  readFrom([sourceRelation], reader, within);
  reader.expression([merge.joinCondition], within);
  for (const [index, clause] of clauses.entries()) {
    reader.expression([clause.condition, clause.values], within);
    const write = writes[index];
    if (write !== undefined) readAssigned(clause.targetList, write, reader, within);
    if (clause.commandType === 'CMD_UPDATE' || clause.commandType === 'CMD_DELETE') {
      // The rows that ON does not reach can be all of them.
      const isBeyondJoin = clause.matchKind === 'MERGE_WHEN_NOT_MATCHED_BY_SOURCE';
      reader.writeWheres.push((!isBeyondJoin && narrows(merge.joinCondition)) || narrows(clause.condition));
    }
  }
  return readReturning(merge.returningClause, [read], reader, within);
}

function readKind(
  { commandType, targetList, values }: MergeWhenClause,
  merge: MergeStmt,
  reader: StatementReader,
) {
  switch (commandType) {
    case 'CMD_INSERT': {
      const columns = targetList === undefined && values !== undefined ? ['*'] : [];
      return reader.relation('insert', merge.relation, { columns });
    }
    case 'CMD_UPDATE':
      return reader.relation('update', merge.relation, { columns: [] });
    case 'CMD_DELETE':
      return reader.relation('delete', merge.relation, { columns: ['*'] });
    case 'CMD_NOTHING':
      return undefined;
    default:
      throw new Unsupported(`${commandType} in MERGE`);
  }
}
