import type {
  SessionEffect,
  SqlAnalysis,
  StatementFacts,
} from '@gatehouse/policy-schema/vocabulary/sql/postgres/analysis.ts';
import type { Undecidable } from '@gatehouse/policy-schema/vocabulary/vocabulary.ts';
import { pinnedParameters } from './pinned.ts';

/** Parameters that say what an unqualified name means. `*`: only the server will know which parameter it is. */
const pathParameters: ReadonlySet<string> = new Set([
  'search_path',
  'role',
  'session_authorization',
  'all',
  '*',
]);

/** Whether unqualified names may mean something else afterwards. */
export function changesPath(effect: SessionEffect): boolean {
  switch (effect.kind) {
    case 'set':
    case 'reset':
      return pathParameters.has(effect.parameter);
    case 'role':
      return true;
    case 'discard':
      return effect.what === 'all' || effect.what === 'temp';
    default:
      return false;
  }
}

/** What a statement changes for the names behind it, other than by making new ones. */
export type NameChange = 'nothing' | 'relations' | 'all';

/** Objects whose coming and going changes which function a name means. */
const functionObjects: ReadonlySet<string> = new Set([
  'schema',
  'function',
  'procedure',
  'routine',
  'aggregate',
  'extension',
]);

/** @param pathTouched the search path or role was changed in this transaction, so that its end changes it again */
export function nameChange(statement: StatementFacts, pathTouched: boolean): NameChange {
  if (statement.kind === 'do' || statement.session.some(changesPath)) return 'all';
  if (statement.kind === 'drop' || statement.kind === 'alter') {
    const functions = statement.actions.some(
      (action) => action.of === 'plain' && functionObjects.has(action.object ?? ''),
    );
    return functions ? 'all' : 'relations';
  }
  const undoes = statement.session.some(
    (effect) =>
      effect.kind === 'transaction' && (effect.what === 'rollback' || effect.what === 'rollback-to'),
  );
  const ends = pathTouched && statement.session.some(({ kind }) => kind === 'transaction');
  return ends ? 'all' : undoes ? 'relations' : 'nothing';
}

/** Statements that make or comment on what nothing was read through before. */
const plainDefinitions: ReadonlySet<string> = new Set([
  'CreateStmt',
  'CreateTableAsStmt',
  'CreateSeqStmt',
  'IndexStmt',
  'GrantStmt',
]);

/** Whether views, functions, operators or columns may be others behind a statement, under the names that they had. */
export function redefines({ node, kind, session }: StatementFacts): boolean {
  return kind === 'do' || (session.some((effect) => effect.kind === 'ddl') && !plainDefinitions.has(node));
}

/** Whether a statement has unqualified names that `change` is about. */
export function dependsOn(statement: StatementFacts, change: NameChange): boolean {
  if (change === 'nothing') return false;
  return statement.actions.some(
    (action) =>
      (action.of === 'relation' && action.relation.schema === undefined) ||
      (change === 'all' && action.of === 'function' && action.function.schema === undefined),
  );
}

/** Both changes one after the other. */
export function together(one: NameChange, other: NameChange): NameChange {
  if (one === 'all' || other === 'all') return 'all';
  return one === 'nothing' ? other : one;
}

/**
 * Why a text cannot be decided as one, whatever the policy says: it changes how the gate reads texts, or one of its
 * statements changes what the names of a later one mean.
 * @param executed the statements that one executes, itself first
 */
export function refusedChange(
  analysis: SqlAnalysis,
  executed: (
    statement: StatementFacts,
    inText: ReadonlyMap<string, StatementFacts>,
  ) => readonly StatementFacts[],
  pathTouched: boolean,
): Undecidable | undefined {
  let changed: NameChange = 'nothing';
  const prepared = new Map<string, StatementFacts>();
  for (const statement of analysis.statements) {
    for (const effect of statement.session) {
      const pinned = effect.kind === 'set' ? pinnedParameters.get(effect.parameter) : undefined;
      if (effect.kind !== 'set' || pinned === undefined) continue;
      if (effect.value === undefined || !pinned(effect.value)) {
        return {
          code: 'unsupported',
          message: `Gatehouse holds ${effect.parameter} fixed, because statements are read by it`,
          hint: 'Leave it as it is; every client can work with UTF8 and standard strings.',
        };
      }
    }
    if (analysis.statements.length === 1) return undefined;
    const all = executed(statement, prepared);
    if (all.some((each) => dependsOn(each, changed))) {
      return {
        code: 'unsupported',
        message:
          'Gatehouse cannot decide this text as one: a statement in it changes what the names of a later one mean',
        hint: 'Send the statements one at a time, or write the names with their schema.',
      };
    }
    for (const each of all) changed = together(changed, nameChange(each, pathTouched));
    for (const effect of statement.session) {
      if (effect.kind === 'prepare') prepared.set(effect.name, effect.statement);
    }
  }
  return undefined;
}
