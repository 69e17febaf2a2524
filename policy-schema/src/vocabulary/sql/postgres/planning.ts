import type { StatementFacts } from './analysis.ts';
import type { StatementNodeName } from './ast.ts';

/**
 * What PostgreSQL's planner has to say of a statement before it runs. `none`: it is not planned, and costs what its rules
 * allow. `unknown`: code in it may run statements that nobody has seen.
 */
export type Planning = 'planned' | 'none' | 'unknown';

/** Statements that hold a query which runs (or, for a cursor, will). All others are not planned. */
const byNode: { readonly [Name in StatementNodeName]?: Planning } = {
  SelectStmt: 'planned',
  InsertStmt: 'planned',
  UpdateStmt: 'planned',
  DeleteStmt: 'planned',
  MergeStmt: 'planned',
  DeclareCursorStmt: 'planned',
  ExecuteStmt: 'planned',
  CreateTableAsStmt: 'planned',
  RefreshMatViewStmt: 'planned',
  CallStmt: 'unknown',
  DoStmt: 'unknown',
};

export function planningOf({ node, actions, session }: StatementFacts): Planning {
  switch (node) {
    case 'CopyStmt':
      return session.some((effect) => effect.kind === 'copy' && effect.direction === 'to')
        ? 'planned'
        : 'none';
    case 'ExplainStmt':
      // Without ANALYZE nothing runs but the planner.
      return runs(actions) ? 'planned' : 'none';
    default:
      return byNode[node] ?? 'none';
  }
}

function runs(actions: StatementFacts['actions']): boolean {
  return actions.some(
    (action) => action.of === 'plain' && action.kind === 'explain' && action.name === 'analyze',
  );
}
