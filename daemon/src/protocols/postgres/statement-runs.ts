import type {
  SessionEffect,
  SqlAnalysis,
  StatementFacts,
} from '@gatehouse/policy-schema/vocabulary/sql/postgres/analysis.ts';

/** Texts by analyses that are added while they are gone through. */
export function* chain(first: SqlAnalysis, further: Iterable<SqlAnalysis>): Generator<SqlAnalysis> {
  yield first;
  yield* further;
}

export function isExecute(effect: SessionEffect): boolean {
  return effect.kind === 'execute';
}

/** It runs, or reads, what an earlier statement has put under a name. */
export function looksBehind({ kind }: SessionEffect): boolean {
  return kind === 'execute' || kind === 'fetch';
}

/** A block of code that nobody here reads. */
export function isBlock({ kind }: StatementFacts): boolean {
  return kind === 'do' || kind === 'call';
}

/** The names that EXECUTEs name. */
export function executedNames(statements: readonly StatementFacts[]): readonly string[] {
  return statements.flatMap(({ session }) =>
    session.flatMap((effect) => (effect.kind === 'execute' ? [effect.name] : [])),
  );
}
