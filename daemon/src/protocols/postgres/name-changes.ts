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

/** Whether names may mean something else after a statement of this text, other than by making new ones. */
function changesNames(statement: StatementFacts): boolean {
  return (
    statement.kind === 'drop' ||
    statement.kind === 'alter' ||
    statement.kind === 'do' ||
    statement.session.some(
      (effect) =>
        changesPath(effect) ||
        (effect.kind === 'transaction' && (effect.what === 'rollback' || effect.what === 'rollback-to')),
    )
  );
}

function usesLooseNames(statement: StatementFacts): boolean {
  return statement.actions.some((action) => action.of === 'relation' && action.relation.schema === undefined);
}

/**
 * Why a text cannot be decided as one, whatever the policy says: it changes how the gate reads texts, or one of its
 * statements changes what the names of a later one mean.
 */
export function refusedChange(analysis: SqlAnalysis): Undecidable | undefined {
  let changed = false;
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
    if (changed && usesLooseNames(statement)) {
      return {
        code: 'unsupported',
        message:
          'Gatehouse cannot decide this text as one: a statement in it changes what the names of a later one mean',
        hint: 'Send the statements one at a time, or write the names with their schema.',
      };
    }
    changed ||= changesNames(statement);
  }
  return undefined;
}
