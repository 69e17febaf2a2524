import type {
  SqlAnalysis,
  StatementFacts,
} from '@gatehouse/policy-schema/vocabulary/sql/postgres/analysis.ts';
import type { WantedNames } from './catalog-probe.ts';

const known = new WeakMap<SqlAnalysis, WantedNames>();

/** The bare names whose meaning the catalog must tell before `analysis` can be decided. */
export function wantedNames(analysis: SqlAnalysis): WantedNames {
  let wanted = known.get(analysis);
  if (wanted === undefined) {
    wanted = namesIn(analysis.statements);
    known.set(analysis, wanted);
  }
  return wanted;
}

/** The bare names in statements. */
export function namesIn(statements: readonly StatementFacts[]): WantedNames {
  const relations = new Set<string>();
  const functions = new Set<string>();
  for (const statement of statements) gather(statement, relations, functions);
  return { relations: [...relations], functions: [...functions] };
}

/** The same for a text and those that it executes by name. */
export function allWantedNames(text: SqlAnalysis, executed: readonly SqlAnalysis[]): WantedNames {
  if (executed.length === 0) return wantedNames(text);
  const all = [text, ...executed].map(wantedNames);
  return {
    relations: all.flatMap((each) => each.relations),
    functions: all.flatMap((each) => each.functions),
  };
}

function gather(statement: StatementFacts, relations: Set<string>, functions: Set<string>): void {
  for (const action of statement.actions) {
    switch (action.of) {
      case 'relation':
        relations.add(action.relation.name);
        if (action.beside !== undefined) relations.add(action.beside.name);
        break;
      case 'function':
        functions.add(action.function.name);
        if (action.sequence !== undefined && action.sequence !== '*') relations.add(action.sequence.name);
        break;
      case 'plain':
        break;
    }
  }
  for (const effect of statement.session) {
    if (effect.kind === 'prepare') gather(effect.statement, relations, functions);
  }
}
