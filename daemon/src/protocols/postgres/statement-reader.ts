import { isDeepStrictEqual } from 'node:util';
import type { Awaitable } from '../../core/awaitable.ts';
import type {
  SqlAnalysis,
  StatementFacts,
} from '@gatehouse/policy-schema/vocabulary/sql/postgres/analysis.ts';
import type { AnalysisCache } from '@gatehouse/policy-schema/vocabulary/sql/postgres/analysis-cache.ts';
import { analyzeLong, longTextBytes } from '@gatehouse/policy-schema/vocabulary/sql/postgres/analyze-long.ts';
import { toRequest } from '@gatehouse/policy-schema/vocabulary/sql/postgres/to-request.ts';
import type { Undecidable } from '@gatehouse/policy-schema/vocabulary/vocabulary.ts';
import { BatchChanges } from './batch-changes.ts';
import type { Catalog } from './catalog.ts';
import type { Ask } from './catalog-learn.ts';
import type { WantedNames } from './catalog-probe.ts';
import type { Frame } from './client-units.ts';
import { readFunctionCall } from './function-call.ts';
import { refusedChange } from './name-changes.ts';
import { PreparedCheck } from './prepared-check.ts';
import { ProbeRefused } from './probe-refused.ts';
import {
  abortedTransaction,
  isForeign,
  type Reading,
  severalCommands,
  tooLongReading,
  undecidableReading,
  unknownInBatch,
  withText,
} from './reading.ts';
import type { SessionNames } from './session-names.ts';
import type { Prepared, SessionState } from './session-state.ts';
import type { TurnedText } from './masks/detokenize-text.ts';
import { type LineageNames, SessionView } from './session-view.ts';
import { chain, executedNames, isBlock, isExecute, looksBehind } from './statement-runs.ts';
import { allWantedNames, namesIn } from './wanted-names.ts';
import type { FunctionCall } from './wire/frontend-messages.ts';
import { frameHeaderBytes } from './wire/frame-reader.ts';

export interface StatementReaderOptions {
  readonly catalog: Catalog;
  readonly analyses: AnalysisCache;
  readonly state: SessionState;
  readonly maxStatementBytes: number;
  /** Ask the server, which must be idle. */
  readonly probe: Ask;
}

export interface ReadOptions {
  /** The server is idle, so that names may be looked up. */
  readonly canProbe: boolean;
  /** A Parse message holds one statement. */
  readonly single?: boolean;
  /** What its batch changes was looked at before. */
  readonly again?: boolean;
}

/** Readings of one analysis, by what else they depend on. */
type Readings = Map<string, Reading>;

/** How many ways of reading one analysis are kept. */
const maxReadings = 8;

/** Turns texts into requests, for one session. */
export class StatementReader {
  readonly #options: StatementReaderOptions;
  readonly #readings = new WeakMap<SqlAnalysis, Readings>();
  readonly #view: SessionView;
  readonly #check: PreparedCheck;
  /** What the batch under way changes, or may. */
  readonly batch = new BatchChanges();
  /** Readings of code that nobody here has read, which the batch runs. */
  readonly #code: Reading[] = [];

  constructor(options: StatementReaderOptions) {
    this.#options = options;
    this.#view = new SessionView(options);
    this.#check = new PreparedCheck(options.state, options.probe);
  }

  get catalog(): Catalog {
    return this.#view.catalog;
  }

  /** What the names in a reading lead to, for its lineage. */
  lineageNames(reading: Reading, canProbe: boolean): Awaitable<LineageNames | Undecidable> {
    const wanted = namesIn(reading.facts);
    const known = this.#view.knownForLineage(wanted);
    if (known !== undefined) return known;
    if (this.#options.state.transactionStatus === 'E') return abortedTransaction;
    return canProbe ? this.#view.learnForLineage(wanted).catch(refusedProbe) : unknownInBatch;
  }

  /** Ask the session what its names mean by now. */
  refresh(): Promise<void> {
    return this.#view.refresh();
  }

  /** Read a text. Never rejects but for a lost server: what cannot be decided comes back as such. */
  read(text: string, options: ReadOptions): Awaitable<Reading> {
    const { maxStatementBytes, analyses } = this.#options;
    if (text.length <= longTextBytes) return this.#readAnalysis(text, analyses.get(text), options);
    const bytes = Buffer.byteLength(text);
    if (bytes > maxStatementBytes) return tooLongReading(text.slice(0, 4096), bytes, maxStatementBytes);
    return analyzeLong(text).then((analysis) => this.#readAnalysis(text, analysis, options));
  }

  /** Read a prepared statement as it would run now. */
  readPrepared({ text, bySql }: Prepared, options: ReadOptions): Awaitable<Reading> {
    return bySql === undefined
      ? this.read(text, { ...options, single: true })
      : this.#readAnalysis(text, bySql.analysis, options);
  }

  /** A message over its bound, of which only the beginning is there. */
  oversized(frame: Frame): Reading {
    const text = frame.buffer.toString('utf8', frame.start + frameHeaderBytes, frame.end).replace(/\0/g, ' ');
    return tooLongReading(text, undefined, this.#options.maxStatementBytes);
  }

  /** A FunctionCall message names its function by OID. */
  readCall(call: FunctionCall): Promise<Reading> {
    const { state, probe } = this.#options;
    return state.transactionStatus === 'E'
      ? Promise.resolve(undecidableReading(`FunctionCall ${call.oid}`, abortedTransaction))
      : unlessRefused(`FunctionCall ${call.oid}`, readFunctionCall(call, probe));
  }

  /** Every statement that a text runs, those that it executes by name among them. */
  runs(reading: Reading): readonly StatementFacts[] {
    return reading.statements.flatMap((statement) => this.#executed(statement));
  }

  /** A reading will be run in the batch under way. */
  planned(reading: Reading): readonly StatementFacts[] {
    const runs = this.runs(reading);
    this.batch.add(runs, this.#view.pathTouched);
    if (reading.opaque || runs.some(isBlock)) {
      this.batch.ranCode = true;
      this.#code.push(reading);
    }
    return runs;
  }

  /**
   * A statement of `reading` has completed: take over what it changed.
   * @param sent what the server got instead of the text
   */
  completed(reading: Reading, index: number, sent: TurnedText | undefined): void {
    const statement = reading.statements[index];
    if (statement === undefined) return;
    const runs = this.#executed(statement);
    if (reading.opaque || runs.some(isBlock)) this.#codeRan(runs.some(isBlock));
    for (const each of runs) {
      for (const effect of each.session) {
        this.#view.apply(effect);
        this.#options.state.apply(effect, reading, sent);
      }
    }
  }

  /** The batch is over, whatever became of it. */
  ready(): void {
    // Code that failed may have committed something before.
    for (const reading of this.#code) this.#codeRan(this.runs(reading).some(isBlock));
    if (this.#code.length > 0) this.#options.state.doubtPortals(this.#code);
    this.#code.length = 0;
    this.batch.clear();
  }

  parameterChanged(name: string, value: string): void {
    if (name === 'search_path') this.#view.pathReported();
    if (name === 'application_name') this.#options.state.application = value;
  }

  /** Make sure of what a prepared statement is. What comes back says why that cannot be. */
  sure(name: string, { canProbe }: ReadOptions): Awaitable<Undecidable | undefined> {
    const unsure = this.batch.refusalOf(name) ?? this.#check.settle([name], canProbe);
    return unsure instanceof Promise ? unsure.catch(refusedProbe) : unsure;
  }

  /** Whether what was read, of a prepared statement or else as a text, still means what was decided about it. */
  async unchanged(prepared: Prepared | undefined, reading: Reading, options: ReadOptions): Promise<boolean> {
    const now = await (prepared === undefined
      ? this.read(reading.request.text, options)
      : this.readPrepared(prepared, options));
    if (now === reading) return true;
    return (
      isDeepStrictEqual(now.request.actions, reading.request.actions) &&
      isDeepStrictEqual(now.request.undecidable, reading.request.undecidable) &&
      isDeepStrictEqual(now.facts, reading.facts) &&
      isDeepStrictEqual(now.relations, reading.relations) &&
      now.opaque === reading.opaque
    );
  }

  #codeRan(block: boolean): void {
    this.#view.codeRan(block);
    this.#options.state.codeRan();
  }

  #readAnalysis(text: string, analysis: SqlAnalysis, options: ReadOptions): Awaitable<Reading> {
    const unsure = this.#settleExecuted(analysis, options);
    if (!(unsure instanceof Promise)) return this.#readSettled(text, analysis, unsure, options);
    return unlessRefused(
      text,
      unsure.then((told) => this.#readSettled(text, analysis, told, options)),
    );
  }

  #readSettled(
    text: string,
    analysis: SqlAnalysis,
    unsure: Undecidable | undefined,
    options: ReadOptions,
  ): Awaitable<Reading> {
    const several = options.single === true && analysis.statements.length > 1 ? severalCommands : undefined;
    const undecidable =
      analysis.undecidable ??
      several ??
      this.#aborted(analysis) ??
      unsure ??
      refusedChange(analysis, this.#executed, this.#view.pathTouched) ??
      (options.again === true ? undefined : this.#behindBatch(text, analysis));
    if (undecidable !== undefined) return undecidableReading(text, undecidable);
    const behind = this.#behind(analysis);
    const names = this.#resolve(allWantedNames(analysis, behind.analyses), options);
    if (!(names instanceof Promise)) return this.#readNamed(text, analysis, behind, names);
    return unlessRefused(
      text,
      names.then((learned) => this.#readNamed(text, analysis, behind, learned)),
    );
  }

  #readNamed(
    text: string,
    analysis: SqlAnalysis,
    behind: Behind,
    names: SessionNames | Undecidable,
  ): Reading {
    if ('code' in names) return undecidableReading(text, names);
    const key = this.#key(names, behind.analyses.length > 0 || behind.cursors.length > 0);
    let readings = this.#readings.get(analysis);
    if (readings === undefined) {
      readings = new Map();
      this.#readings.set(analysis, readings);
    }
    const known = readings.get(key);
    if (known !== undefined) return known.request.text === text ? known : withText(known, text);
    const reading = this.#build(text, analysis, names, behind);
    if (readings.size >= maxReadings) readings.clear();
    readings.set(key, reading);
    return reading;
  }

  /** Why a text cannot be decided behind what its batch has so far. */
  #behindBatch(text: string, { statements }: SqlAnalysis): Undecidable | undefined {
    if (this.batch.isEmpty) return undefined;
    const runs = statements.flatMap((statement) => this.#executed(statement));
    for (const name of executedNames(runs)) {
      const refusal = this.batch.refusalOf(name);
      if (refusal !== undefined) return refusal;
    }
    return this.batch.refusal(text, runs);
  }

  /** What the server has under the names of statements that a text executes may be asked for. */
  #settleExecuted(
    { statements }: SqlAnalysis,
    { canProbe }: ReadOptions,
  ): Awaitable<Undecidable | undefined> {
    if (!statements.some(({ session }) => session.some(isExecute))) return undefined;
    const runs = statements.flatMap((statement) => this.#executed(statement));
    return this.#check.settle(executedNames(runs), canProbe);
  }

  #build(text: string, analysis: SqlAnalysis, names: SessionNames, behind: Behind): Reading {
    const { state } = this.#options;
    const { request } = toRequest(text, analysis, names, {
      inTransaction: state.transactionStatus !== 'I',
      application: state.application,
      temporary: state.temporary,
      prepared: (name) => this.#preparedAnalysis(name),
    });
    const facts = [analysis, ...behind.analyses].flatMap((each) => each.statements);
    const relations = new Set(behind.cursors.flatMap((cursor) => cursor.relations));
    for (const { facts: named } of request.actions)
      if (typeof named.table === 'string') relations.add(named.table);
    const copies = facts.flatMap((each) => each.session).filter((effect) => effect.kind === 'copy');
    return {
      request,
      statements: analysis.statements,
      spans: analysis.spans,
      facts: [...facts, ...behind.cursors.flatMap((cursor) => cursor.facts)],
      relations: [...relations],
      catalog: names.catalog,
      opaque:
        behind.opaque ||
        behind.cursors.some((cursor) => cursor.opaque) ||
        request.actions.some(
          (action) => action.kind === 'do' || (action.kind === 'call' && isForeign(action.facts.function)),
        ),
      copiesIn: copies.some((copy) => copy.direction === 'from' && copy.via === 'stdio'),
      copiesOut: copies.some((copy) => copy.direction === 'to'),
    };
  }

  /** What stands behind the EXECUTEs and FETCHes of a text. */
  #behind(analysis: SqlAnalysis): Behind {
    if (!analysis.statements.some(({ session }) => session.some(looksBehind))) return nothingBehind;
    const analyses = new Set<SqlAnalysis>();
    const cursors: Reading[] = [];
    let opaque = false;
    for (const { statements } of chain(analysis, analyses)) {
      for (const { session } of statements) {
        for (const effect of session) {
          if (effect.kind === 'execute') {
            const prepared = this.#preparedAnalysis(effect.name);
            if (prepared !== undefined) analyses.add(prepared);
          } else if (effect.kind === 'fetch') {
            const cursor = this.#options.state.cursors.get(effect.cursor);
            if (cursor === undefined || this.batch.cursors.has(effect.cursor)) opaque = true;
            else cursors.push(cursor);
          }
        }
      }
    }
    return { analyses: [...analyses], cursors, opaque };
  }

  /** A statement, and those that it executes by name. */
  readonly #executed = (
    statement: StatementFacts,
    inText?: ReadonlyMap<string, StatementFacts>,
  ): readonly StatementFacts[] => {
    if (!statement.session.some(isExecute)) return [statement];
    const all = new Set([statement]);
    for (const { session } of all) {
      for (const effect of session) {
        if (effect.kind !== 'execute') continue;
        const own = inText?.get(effect.name);
        const executed = own === undefined ? this.#preparedAnalysis(effect.name)?.statements : [own];
        for (const each of executed ?? []) all.add(each);
      }
    }
    return [...all];
  };

  #preparedAnalysis(name: string): SqlAnalysis | undefined {
    const prepared = this.#options.state.statement(name);
    return prepared === undefined
      ? undefined
      : (prepared.bySql?.analysis ?? this.#options.analyses.get(prepared.text));
  }

  /** Learn what is not known of `wanted`. What comes back instead of names says why that cannot be done now. */
  #resolve(wanted: WantedNames, { canProbe }: ReadOptions): Awaitable<SessionNames | Undecidable> {
    const known = this.#view.known(wanted);
    if (known !== undefined) return known;
    if (this.#options.state.transactionStatus === 'E') return abortedTransaction;
    return canProbe ? this.#view.learn(wanted) : unknownInBatch;
  }

  /** In a failed transaction the server takes nothing but its end. */
  #aborted({ statements: [first] }: SqlAnalysis): Undecidable | undefined {
    if (this.#options.state.transactionStatus !== 'E' || first === undefined) return undefined;
    const ends = first.session.some((effect) => effect.kind === 'transaction' && endings.has(effect.what));
    return ends ? undefined : abortedTransaction;
  }

  /** All that a reading depends on besides its analysis. */
  #key(names: SessionNames, usesState: boolean): string {
    const { state } = this.#options;
    const inTransaction = state.transactionStatus === 'I' ? '' : 'T';
    const version = usesState ? state.version : '';
    return `${names.catalog.version} ${inTransaction} ${state.temporary.size} ${version}\n${this.#view.key}\n${state.application}`;
  }
}

/** A question that was cancelled, or timed out, ends as the statement that it was about would have. */
function refusedProbe(error: unknown): Undecidable {
  if (!(error instanceof ProbeRefused)) throw error;
  return { code: 'unresolved', message: error.message, native: error.code };
}

function unlessRefused(text: string, reading: Promise<Reading>): Promise<Reading> {
  return reading.catch((error: unknown) => undecidableReading(text, refusedProbe(error)));
}

/** Ends of a transaction block (IsTransactionExitStmt in postgres.c). */
const endings: ReadonlySet<string> = new Set(['commit', 'prepare', 'rollback', 'rollback-to']);

interface Behind {
  readonly analyses: readonly SqlAnalysis[];
  readonly cursors: readonly Reading[];
  readonly opaque: boolean;
}

const nothingBehind: Behind = { analyses: [], cursors: [], opaque: false };
