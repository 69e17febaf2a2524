import type { Request, Undecidable } from '../../vocabulary.ts';
import type { Names } from '../names.ts';
import type { SqlAnalysis, StatementFacts } from './analysis.ts';
import { planningOf } from './planning.ts';
import { Resolver, type UnresolvedName } from './resolver.ts';

/** What a session adds to the meaning of a text. */
export interface SqlSession {
  readonly inTransaction: boolean;
  readonly application: string;
  /** Bare names of the temporary tables of the session. */
  readonly temporary?: ReadonlySet<string>;
  /** What was prepared under a name, by the protocol or by SQL. */
  readonly prepared?: (name: string) => SqlAnalysis | StatementFacts | undefined;
}

export interface ResolvedRequest {
  readonly request: Request;
  readonly unresolved: readonly UnresolvedName[];
}

/** EXECUTE of what is itself an EXECUTE, which only the protocol can prepare. */
const maxPreparedDepth = 4;

/**
 * The request that a text is in a session: its actions with every name resolved, and the facts of `request.sql`.
 * A name that does not resolve makes it undecidable, in the server's own words.
 */
export function toRequest(
  text: string,
  analysis: SqlAnalysis,
  names: Names,
  session: SqlSession,
): ResolvedRequest {
  const reading = new Reading(names, session);
  for (const statement of analysis.statements) reading.read(statement, 0);
  const { resolver } = reading;
  const undecidable = analysis.undecidable ?? reading.undecidable ?? notResolved(resolver.unresolved);
  const columns = [...reading.columns];
  if (reading.hasStar || resolver.wholeRow) columns.push('*');
  const request: Request = {
    vocabulary: 'sql',
    text,
    actions: resolver.actions.toActions(),
    facts: {
      actions: resolver.actions.kinds(),
      statements: reading.kinds,
      tables: resolver.actions.valuesOf('table'),
      columns,
      functions: [...resolver.functions],
      hasWhere: reading.hasWhere,
      hasLimit: reading.hasLimit,
      statementCount: BigInt(analysis.statements.length),
      length: lengthOf(text),
      inTransaction: session.inTransaction,
      application: session.application,
      ...(reading.isPlanned ? {} : notPlanned),
    },
    ...(undecidable === undefined ? {} : { undecidable }),
  };
  return { request, unresolved: resolver.unresolved };
}

/** The fact `length`: that of the text in bytes. */
export function lengthOf(text: string): bigint {
  return BigInt(Buffer.byteLength(text));
}

/** The facts of a plan, for statements that have none. */
const notPlanned = { plannerCost: 0, estimatedRows: 0n };

/** Gathers what the statements of a text, and those that they execute, come to. */
class Reading {
  readonly resolver: Resolver;
  readonly kinds: string[] = [];
  readonly columns = new Set<string>();
  hasStar = false;
  isPlanned = false;
  undecidable: Undecidable | undefined;
  readonly #session: SqlSession;
  readonly #prepared = new Map<string, StatementFacts>();
  readonly #writeWheres: boolean[] = [];
  readonly #selectWheres: boolean[] = [];
  readonly #limits: boolean[] = [];

  constructor(names: Names, session: SqlSession) {
    this.resolver = new Resolver(names, session.temporary ?? new Set());
    this.#session = session;
  }

  get hasWhere(): boolean {
    const wheres = this.#writeWheres.length > 0 ? this.#writeWheres : this.#selectWheres;
    return wheres.every(Boolean);
  }

  get hasLimit(): boolean {
    return this.#limits.every(Boolean);
  }

  read(statement: StatementFacts, depth: number): void {
    const isValues = this.resolver.statement(statement);
    this.isPlanned ||= planningOf(statement) !== 'none';
    if (depth === 0) this.kinds.push(statement.kind === 'values' && !isValues ? 'select' : statement.kind);
    for (const column of statement.columnsNamed) this.columns.add(column);
    this.hasStar ||= statement.hasStar;
    if (statement.hasWhere !== undefined) {
      (statement.writesRows ? this.#writeWheres : this.#selectWheres).push(statement.hasWhere);
    }
    if (statement.hasLimit !== undefined) this.#limits.push(statement.hasLimit);
    for (const effect of statement.session) {
      if (effect.kind === 'execute') this.#execute(effect.name, depth);
      else if (effect.kind === 'prepare') this.#prepared.set(effect.name, effect.statement);
    }
  }

  #execute(name: string, depth: number): void {
    const found = this.#prepared.get(name) ?? this.#session.prepared?.(name);
    if (found === undefined) {
      this.undecidable ??= {
        code: 'unresolved',
        message: `prepared statement "${name}" does not exist`,
        native: '26000',
      };
    } else if (depth >= maxPreparedDepth) {
      this.undecidable ??= { code: 'unsupported', message: `prepared statement "${name}" executes itself` };
    } else if (!('statements' in found)) this.read(found, depth + 1);
    else {
      this.undecidable ??= found.undecidable;
      for (const statement of found.statements) this.read(statement, depth + 1);
    }
  }
}

function notResolved(names: readonly UnresolvedName[]): Undecidable | undefined {
  const [first] = names;
  if (first === undefined) return undefined;
  const name = first.schema === undefined ? first.name : `${first.schema}.${first.name}`;
  return first.kind === 'relation'
    ? { code: 'unresolved', message: `relation "${name}" does not exist`, hint: 'Check its name and schema.' }
    : { code: 'unresolved', message: `function ${name} does not exist`, hint: 'Check its name and schema.' };
}
