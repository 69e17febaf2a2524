import { hash } from 'node:crypto';
import type { Decision } from '@gatehouse/policy-schema/evaluate/decision.ts';
import type {
  NameReference,
  StatementFacts,
} from '@gatehouse/policy-schema/vocabulary/sql/postgres/analysis.ts';
import {
  planQuestions,
  quotedName,
} from '@gatehouse/policy-schema/vocabulary/sql/postgres/plan-questions.ts';
import type { Asked, Plan, PlanAnswer, RowCount } from '../../core/passage.ts';
import { looksInCatalogFirst } from './catalog-probe.ts';
import { changedSettingsText, costSettingsOf, type Explained, readExplained } from './plan-answer.ts';
import { type BoundText, boundText, unbound } from './probe.ts';
import { ProbeRefused } from './probe-refused.ts';
import type { Reading } from './reading.ts';
import { type AskBound, countRows } from './row-count.ts';
import type { ResultMasks } from './result-masks.ts';
import type { Prepared, SessionState } from './session-state.ts';
import type { StatementReader } from './statement-reader.ts';
import { Sqlstate } from './wire/codes.ts';
import type { Bind } from './wire/frontend-messages.ts';

export interface StatementPlansOptions {
  readonly state: SessionState;
  readonly statements: StatementReader;
  readonly masks: ResultMasks;
  /** Ask the server, which must be idle. */
  readonly ask: AskBound;
  /** End the session. */
  readonly end: (reason: string) => void;
}

interface QuestionOptions {
  /** The server is idle. */
  readonly canAsk: boolean;
  /** Of a statement that a Bind message names. */
  readonly bound?: { readonly prepared: Prepared; readonly bind: Bind };
  /** What the server will get: tokens are turned back in it. */
  readonly exact: (decision: Decision) => BoundText;
}

/** How long an estimate is believed; the tables may grow meanwhile. */
const ttlMs = 60_000;
const maxKept = 500;

interface Kept {
  readonly plan: Plan;
  readonly until: number;
}

/**
 * What the server's planner says of a session's statements, asked on the session itself with the parameters that are
 * bound. Kept for a minute by exact text and parameters, since literals decide what a plan costs; an INSERT of VALUES is
 * kept by its shape.
 */
export class StatementPlans {
  readonly #options: StatementPlansOptions;
  readonly #kept = new Map<string, Kept>();
  readonly #shapes = new WeakMap<readonly StatementFacts[], Kept & { readonly version: number }>();
  /** Cost settings that the server itself was found to have. */
  readonly #trusted = new Set(['']);
  /** One question after the other: a count is several. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: StatementPlansOptions) {
    this.#options = options;
  }

  /** What the gate may ask about a request before it lets it go on. */
  questions(reading: Reading, options: QuestionOptions): Pick<Asked, 'plan' | 'count' | 'returnsRows'> {
    const { request, statements } = reading;
    if (request.undecidable !== undefined) return {};
    return {
      returnsRows: statements.some(({ node }) => returning.has(node)),
      plan: (decision) => this.#next(() => this.#plan(reading, options, decision)),
      count: (decision) => this.#next(() => this.#count(reading, options, decision)),
    };
  }

  /** Statements were sent that may change what plans are made of. */
  ran(statements: readonly StatementFacts[], { opaque }: Reading): void {
    if (!opaque && statements.every(({ node }) => keepsPlans.has(node))) return;
    this.#kept.clear();
    this.#trusted.clear();
    this.#trusted.add('');
  }

  #next<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #plan(reading: Reading, options: QuestionOptions, decision: Decision): Promise<PlanAnswer> {
    const { request, statements, spans } = reading;
    if (options.bound?.prepared.bySql !== undefined)
      return { kind: 'unknown', why: 'SQL prepared the statement, and a message runs it', hint: useExecute };
    const questions = planQuestions(request.text, statements, spans);
    if (questions.length === 0) return { kind: 'planned', plan: { cost: 0, rows: 0 } };
    const key = this.#keyOf(request.text, options.bound);
    const known = this.#known(key, reading);
    if (known !== undefined) return { kind: 'planned', plan: known };
    if (!options.canAsk) return inBatch;
    // An estimate tells of values, too. What masks refuse is refused by them, once all else has let it go on.
    if (await this.#isMasked(reading, options, decision))
      return { kind: 'planned', plan: { cost: 0, rows: 0 } };
    try {
      let [cost, rows] = [0, 0];
      for (const question of questions) {
        if (question.kind === 'unknown') return question;
        const text = question.kind === 'view' ? await this.#viewText(question.relation) : question.text;
        if (text === undefined) return behindPath;
        const bound = question.kind === 'view' ? undefined : options.bound;
        const told = await this.#explain(text, bound);
        if (told === undefined) return { kind: 'unknown', why: 'the server told no plan' };
        const changed = await this.#changedSettings(told);
        if (changed.length > 0) return cheapened(changed);
        cost += told.cost;
        rows += told.rows;
      }
      this.#keep(key, reading, { cost, rows });
      return { kind: 'planned', plan: { cost, rows } };
    } catch (error) {
      if (!(error instanceof ProbeRefused)) throw error;
      // The server's words may carry a masked value.
      const isWithheld = this.#options.masks.withheld(reading, decision.masks) !== 'nothing';
      return refused(error, questions.length, isWithheld);
    }
  }

  async #isMasked(
    reading: Reading,
    { canAsk, bound }: QuestionOptions,
    { masks }: Decision,
  ): Promise<boolean> {
    const prepared = bound === undefined ? {} : { prepared: bound.prepared };
    return (
      (await this.#options.masks.refusal(reading, masks, { canProbe: canAsk, ...prepared })) !== undefined
    );
  }

  /** The query of a view, unless the session's search path could have the server tell another one. */
  async #viewText(relation: NameReference): Promise<string | undefined> {
    const name = quotedName(relation).replaceAll("'", "''");
    const definition = `pg_catalog.pg_get_viewdef('${name}'::pg_catalog.regclass)`;
    const question = unbound(`SELECT CASE WHEN ${looksInCatalogFirst} THEN ${definition} END`);
    const { rows } = await this.#options.ask(question);
    return rows[0]?.[0] ?? undefined;
  }

  async #explain(text: string, bound: QuestionOptions['bound']): Promise<Explained | undefined> {
    const { rows } = await this.#options.ask(withBound(`EXPLAIN (FORMAT JSON, SETTINGS)\n${text}`, bound));
    return readExplained(rows[0]?.[0] ?? '');
  }

  /** Names of settings by which this session has changed what costs are made of. */
  async #changedSettings(told: Explained): Promise<readonly string[]> {
    const settings = costSettingsOf(told);
    if (this.#trusted.has(settings)) return [];
    const { rows } = await this.#options.ask(unbound(changedSettingsText));
    const names = rows.flatMap(([name]) => (typeof name === 'string' ? [name] : []));
    if (names.length === 0) this.#trusted.add(settings);
    return names;
  }

  async #count(
    reading: Reading,
    { canAsk, bound, exact }: QuestionOptions,
    decision: Decision,
  ): Promise<RowCount> {
    if (!canAsk) return { kind: 'uncounted', why: 'it came in the middle of a batch' };
    if (bound?.prepared.bySql !== undefined)
      return { kind: 'uncounted', why: 'SQL prepared the statement, and a message runs it' };
    const { ask, state, end } = this.#options;
    return countRows(reading, exact(decision), {
      ask,
      inTransaction: state.transactionStatus !== 'I',
      end,
    });
  }

  #keyOf(text: string, bound: QuestionOptions['bound']): string {
    const { version } = this.#options.statements.catalog;
    if (bound === undefined) return `${version}\0${text}`;
    const { prepared, bind } = bound;
    const parts = [prepared.parameterTypes.join(), bind.parameterFormats.join()];
    for (const value of bind.parameters) parts.push(value === null ? '' : hash('sha256', value));
    return `${version}\0${text}\0${parts.join(';')}`;
  }

  #known(key: string, reading: Reading): Plan | undefined {
    const now = performance.now();
    const kept = this.#kept.get(key);
    if (kept !== undefined && kept.until > now) return kept.plan;
    const shape = this.#shapes.get(reading.statements);
    return shape !== undefined &&
      shape.until > now &&
      shape.version === this.#options.statements.catalog.version
      ? shape.plan
      : undefined;
  }

  #keep(key: string, reading: Reading, plan: Plan): void {
    const until = performance.now() + ttlMs;
    if (insertsValues(reading)) {
      this.#shapes.set(reading.statements, {
        plan,
        until,
        version: this.#options.statements.catalog.version,
      });
      return;
    }
    if (this.#kept.size >= maxKept) this.#kept.clear();
    this.#kept.set(key, { plan, until });
  }
}

const useExecute = 'Run it with EXECUTE.';

const inBatch: PlanAnswer = {
  kind: 'unknown',
  why: 'the server cannot be asked in the middle of a batch',
  hint: 'Send a Sync first, so that the statement begins a batch of its own.',
};

const behindPath: PlanAnswer = {
  kind: 'unknown',
  why: 'the search path puts something before pg_catalog, whose operators could change the query of a view',
  hint: 'Leave pg_catalog out of search_path, or name it first.',
};

/** Statements that may return rows by themselves; what RETURNING gives is counted as it comes. */
const returning: ReadonlySet<StatementFacts['node']> = new Set([
  'SelectStmt',
  'ExecuteStmt',
  'CopyStmt',
  'FetchStmt',
  'ExplainStmt',
  'CallStmt',
]);

/** Statements after which plans cost what they did, but for how tables grow. */
const keepsPlans: ReadonlySet<StatementFacts['node']> = new Set([
  'SelectStmt',
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
  'FetchStmt',
  'CopyStmt',
]);

/** Whatever the values are, the plan of an INSERT of VALUES is the same: it reads nothing. */
function insertsValues({ statements, request }: Reading): boolean {
  const { functions } = request.facts;
  return (
    statements.length === 1 &&
    statements[0]?.node === 'InsertStmt' &&
    request.actions.every(({ kind }) => kind === 'insert') &&
    Array.isArray(functions) &&
    functions.length === 0
  );
}

function withBound(text: string, bound: QuestionOptions['bound']): BoundText {
  return bound === undefined ? unbound(text) : boundText(text, bound.prepared, bound.bind);
}

function cheapened(names: readonly string[]): PlanAnswer {
  return {
    kind: 'unknown',
    why: `this session has set ${names.join(', ')}, which the costs of a plan are made of`,
    hint: `Run ${names.map((name) => `RESET ${name}`).join('; ')} first.`,
  };
}

/** What the server does not plan it would not run, but for what an earlier statement of the text makes. */
function refused(error: ProbeRefused, statements: number, withheld: boolean): PlanAnswer {
  if (statements > 1 || error.code === Sqlstate.syntax_error) {
    const hint = 'Send its statements one at a time.';
    return { kind: 'unknown', why: `the server would not plan it (${error.code})`, hint };
  }
  const message = withheld ? 'Gatehouse: the server would not plan the statement' : error.message;
  return { kind: 'refused', undecidable: { code: 'unresolved', message, native: error.code } };
}
