import type { MergeStmt } from 'libpg-query';
import { readFrom } from './from.ts';
import { operandOf } from './operands.ts';
import type { LineageReader } from './reader.ts';
import { type Output, Scope } from './scope.ts';
import { readWith } from './with.ts';
import { noOutput, readAssigned, readReturning, readTarget, targetOf } from './writes.ts';

/** MERGE does what its WHEN clauses say, for rows that its join decides about. */
export function readMerge(merge: MergeStmt, outer: Scope, reader: LineageReader): Output {
  const scope = readWith(merge.withClause, outer, reader);
  const { relation, sourceRelation } = merge;
  if (relation === undefined || sourceRelation === undefined) {
    reader.unread();
    return noOutput;
  }
  const target = readTarget(relation, scope, reader);
  const source = new Scope(scope);
  readFrom([sourceRelation], source, reader);
  // RETURNING * gives the source's columns first.
  const within = new Scope(scope, [...source.sources, target]);
  reader.condition(merge.joinCondition, 'MERGE', within);
  for (const node of merge.mergeWhenClauses ?? []) {
    if (!('MergeWhenClause' in node)) continue;
    const { condition, commandType, targetList, values } = node.MergeWhenClause;
    reader.condition(condition, 'MERGE', within);
    if (commandType !== 'CMD_INSERT') {
      readAssigned(targetList, target, within, reader);
      continue;
    }
    const names =
      targetList === undefined
        ? target.columns.map(({ name }) => name)
        : targetList.map((each) => ('ResTarget' in each ? each.ResTarget.name : undefined));
    for (const [index, value] of (values ?? []).entries()) {
      const to = targetOf(target, names[index], reader);
      reader.put(to, operandOf(value, to.type, within, reader));
    }
  }
  return readReturning(merge.returningClause, [target], within, reader);
}
