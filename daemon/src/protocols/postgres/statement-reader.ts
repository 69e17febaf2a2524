import { qualify } from '@gatehouse/policy-schema/model/pattern.ts';
import type {
  SqlAnalysis,
  StatementFacts,
} from '@gatehouse/policy-schema/vocabulary/sql/postgres/analysis.ts';
import type { AnalysisCache } from '@gatehouse/policy-schema/vocabulary/sql/postgres/analysis-cache.ts';
import { analyzeLong, longTextBytes } from '@gatehouse/policy-schema/vocabulary/sql/postgres/analyze-long.ts';
import { toRequest } from '@gatehouse/policy-schema/vocabulary/sql/postgres/to-request.ts';
import type { Request, Undecidable } from '@gatehouse/policy-schema/vocabulary/vocabulary.ts';
import { Catalog } from './catalog.ts';
import { readSessionProbe, sessionProbeText, type WantedNames } from './catalog-probe.ts';
import type { Frame } from './client-units.ts';
import { changesPath, refusedChange } from './name-changes.ts';
import { abortedTransaction, severalCommands, type Reading, undecidableReading } from './reading.ts';
import { isTemporary, SessionNames } from './session-names.ts';
import type { Prepared, SessionState } from './session-state.ts';
import { wantedNames } from './wanted-names.ts';
import type { FunctionCall } from './wire/frontend-messages.ts';
import { frameHeaderBytes } from './wire/frame-reader.ts';

type Rows = readonly (readonly (string | null)[])[];

export interface StatementReaderOptions {
  readonly catalog: Catalog;
  readonly analyses: AnalysisCache;
  readonly state: SessionState;
  readonly maxStatementBytes: number;
  /** Ask the server, which must be idle. */
  readonly probe: (sql: string) => Promise<Rows>;
}

export interface ReadOptions {
  /** The server is idle, so that names may be looked up. */
  readonly canProbe: boolean;
  /** A Parse message holds one statement. */
  readonly single?: boolean;
}

/** Readings of one analysis, by what else they depend on. */
type Readings = Map<string, Reading>;

/** How many ways of reading one analysis are kept. */
const maxReadings = 8;

/** Turns texts into requests, for one session. */
export class StatementReader {
  readonly #options: StatementReaderOptions;
  readonly #readings = new WeakMap<SqlAnalysis, Readings>();
  /** The resource's catalog, or one of this session alone while it sees what others do not. */
  #catalog: Catalog;
  #path: readonly string[] = [];
  #pathStale = true;
  /** The search path or role was changed inside this transaction, whose end may undo it. */
  #pathTouched = false;
  #ddlPending = false;
  /** Grows when prepared statements, cursors or temporary tables change. */
  #stateVersion = 0;

  constructor(options: StatementReaderOptions) {
    this.#options = options;
    this.#catalog = options.catalog;
  }

  get catalog(): Catalog {
    return this.#catalog;
  }

  /** Ask the session what its names mean by now. */
  async refresh(): Promise<void> {
    this.#path = readSessionProbe(await this.#options.probe(sessionProbeText));
    this.#pathStale = false;
    // Code may have made temporary tables whose names nobody told.
    if (this.#hasTemporary() && this.#catalog === this.#options.catalog) this.#seesAlone();
  }

  /** Read a text. Never rejects but for a lost server: what cannot be decided comes back as such. */
  async read(text: string, options: ReadOptions): Promise<Reading> {
    const { maxStatementBytes, analyses } = this.#options;
    if (text.length > longTextBytes) {
      const bytes = Buffer.byteLength(text);
      if (bytes > maxStatementBytes) return this.#tooLong(text.slice(0, 4096), bytes);
      return this.#readAnalysis(text, await analyzeLong(text), options);
    }
    return this.#readAnalysis(text, analyses.get(text), options);
  }

  /** Read a prepared statement as it would run now. */
  readPrepared(prepared: Prepared, options: ReadOptions): Promise<Reading> {
    if (prepared.bySql === undefined) return this.read(prepared.text, { ...options, single: true });
    return this.#readAnalysis(prepared.text, prepared.bySql.analysis, options);
  }

  /** A message over its bound, of which only the beginning is there. */
  oversized(frame: Frame): Reading {
    const text = frame.buffer.toString('utf8', frame.start + frameHeaderBytes, frame.end).replace(/\0/g, ' ');
    return this.#tooLong(text, undefined);
  }

  /** A FunctionCall message names its function by OID. */
  async readCall(call: FunctionCall): Promise<Reading> {
    if (this.#options.state.transactionStatus === 'E') {
      return undecidableReading(`FunctionCall ${call.oid}`, abortedTransaction);
    }
    const rows = await this.#options.probe(
      `SELECT n.nspname, p.proname FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n
       ON n.oid OPERATOR(pg_catalog.=) p.pronamespace WHERE p.oid OPERATOR(pg_catalog.=) ${call.oid}::pg_catalog.oid`,
    );
    const [schema, name] = rows[0] ?? [];
    if (typeof schema !== 'string' || typeof name !== 'string') {
      const message = `function with OID ${call.oid} does not exist`;
      return undecidableReading(`FunctionCall ${call.oid}`, { code: 'unresolved', message, native: '42883' });
    }
    const target = qualify(schema, name);
    const request: Request = {
      vocabulary: 'sql',
      text: `FunctionCall ${target}`,
      actions: [{ vocabulary: 'sql', kind: 'call', facts: { function: target } }],
      facts: { actions: ['call'], statements: ['call'], functions: [target], statementCount: 1n },
    };
    return {
      request,
      statements: [],
      facts: [],
      relations: [],
      wholeRow: false,
      opaque: true,
      copiesIn: false,
      copiesOut: false,
    };
  }

  /** A statement of `reading` has completed: take over what it changed. */
  completed(reading: Reading, index: number): void {
    const statement = reading.statements[index];
    if (statement === undefined) return;
    const runsBlock = statement.kind === 'do' || statement.kind === 'call';
    if (reading.opaque || runsBlock) {
      this.#pathStale = true;
      if (this.#catalog !== this.#options.catalog) this.#catalog.invalidate();
    }
    // Nobody has read the block: it may have changed anything.
    if (runsBlock) this.#apply({ kind: 'ddl' }, reading);
    for (const effect of statement.session) {
      if (changesPath(effect)) {
        this.#pathStale = true;
        this.#pathTouched = true;
      }
      this.#apply(effect, reading);
    }
  }

  parameterChanged(name: string, value: string): void {
    if (name === 'search_path') this.#pathStale = true;
    if (name === 'application_name') this.#options.state.application = value;
  }

  #apply(effect: StatementFacts['session'][number], reading: Reading): void {
    const { state } = this.#options;
    switch (effect.kind) {
      case 'prepare':
        state.statements.set(effect.name, {
          name: effect.name,
          text: reading.request.text,
          bySql: { analysis: { statements: [effect.statement], shapeSafe: false } },
          parameterTypes: [],
        });
        break;
      case 'deallocate':
        if (effect.name === undefined) state.statements.clear();
        else state.statements.delete(effect.name);
        break;
      case 'declare':
        state.cursors.set(effect.cursor, reading);
        break;
      case 'close':
        if (effect.cursor === undefined) state.cursors.clear();
        else state.cursors.delete(effect.cursor);
        break;
      case 'temp-table':
        state.temporary.add(effect.name);
        this.#seesAlone();
        break;
      case 'ddl':
        this.#options.catalog.invalidate();
        this.#ddlPending = true;
        this.#seesAlone();
        break;
      case 'discard':
        if (effect.what === 'all') state.discard();
        this.#seesAlone();
        break;
      case 'transaction':
        if (this.#pathTouched && effect.what !== 'begin') this.#pathStale = true;
        if (effect.what.startsWith('rollback')) this.#catalog.invalidate();
        break;
      default:
        return;
    }
    this.#stateVersion++;
  }

  /** What this session sees is its own until its DDL is committed and its temporary tables are gone. */
  #seesAlone(): void {
    if (this.#catalog === this.#options.catalog) this.#catalog = new Catalog();
    else this.#catalog.invalidate();
  }

  #hasTemporary(): boolean {
    return this.#options.state.temporary.size > 0 || this.#path.some(isTemporary);
  }

  /** Outside a transaction, committed DDL is everybody's. */
  #settle(): void {
    const { state, catalog } = this.#options;
    if (state.transactionStatus !== 'I') return;
    this.#pathTouched = false;
    if (this.#ddlPending) {
      this.#ddlPending = false;
      catalog.invalidate();
      if (!this.#hasTemporary()) this.#catalog = catalog;
    }
  }

  async #readAnalysis(text: string, analysis: SqlAnalysis, options: ReadOptions): Promise<Reading> {
    const several = options.single === true && analysis.statements.length > 1 ? severalCommands : undefined;
    const undecidable = analysis.undecidable ?? several ?? this.#aborted(analysis) ?? refusedChange(analysis);
    if (undecidable !== undefined) return undecidableReading(text, undecidable);
    this.#settle();
    const behind = this.#behind(analysis);
    const wanted = [analysis, ...behind.analyses].map(wantedNames);
    const names = await this.#resolve(wanted, options);
    if (!(names instanceof SessionNames)) return undecidableReading(text, names);
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

  #build(text: string, analysis: SqlAnalysis, names: SessionNames, behind: Behind): Reading {
    const { state } = this.#options;
    const { request, wholeRow } = toRequest(text, analysis, names, {
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
      facts: [...facts, ...behind.cursors.flatMap((cursor) => cursor.facts)],
      relations: [...relations],
      catalog: names.catalog,
      wholeRow: wholeRow || behind.cursors.some((cursor) => cursor.wholeRow),
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
    const analyses: SqlAnalysis[] = [];
    const cursors: Reading[] = [];
    let opaque = false;
    for (const { session } of analysis.statements) {
      for (const effect of session) {
        if (effect.kind === 'execute') {
          const prepared = this.#preparedAnalysis(effect.name);
          if (prepared !== undefined) analyses.push(prepared);
        } else if (effect.kind === 'fetch') {
          const cursor = this.#options.state.cursors.get(effect.cursor);
          if (cursor === undefined) opaque = true;
          else cursors.push(cursor);
        }
      }
    }
    return { analyses, cursors, opaque };
  }

  #preparedAnalysis(name: string): SqlAnalysis | undefined {
    const prepared = this.#options.state.statement(name);
    return prepared === undefined
      ? undefined
      : (prepared.bySql?.analysis ?? this.#options.analyses.get(prepared.text));
  }

  /** Learn what is not known of `wanted`. What comes back instead of names says why that cannot be done now. */
  async #resolve(
    wanted: readonly WantedNames[],
    { canProbe }: ReadOptions,
  ): Promise<SessionNames | Undecidable> {
    const { state, probe } = this.#options;
    const all: WantedNames = {
      relations: wanted.flatMap((each) => each.relations),
      functions: wanted.flatMap((each) => each.functions),
    };
    const usesNames = all.relations.length > 0 || all.functions.length > 0;
    this.#catalog.expire();
    if (!usesNames) return new SessionNames(this.#catalog.view, this.#path);
    if (this.#pathStale || !this.#catalog.knows(all)) {
      if (state.transactionStatus === 'E') return abortedTransaction;
      if (!canProbe) {
        return {
          code: 'unresolved',
          message: 'Gatehouse cannot look up the names of this statement in the middle of a batch',
          hint: 'Send a Sync first, so that the statement begins a batch of its own.',
        };
      }
      if (this.#pathStale) await this.refresh();
      return new SessionNames(await this.#catalog.learn(all, probe), this.#path);
    }
    return new SessionNames(this.#catalog.view, this.#path);
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
    const alone = this.#catalog === this.#options.catalog ? '' : 'alone';
    const inTransaction = state.transactionStatus === 'I' ? '' : 'T';
    const parts = [
      names.catalog.version,
      alone,
      inTransaction,
      state.temporary.size,
      this.#path.join('\0'),
      state.application,
    ];
    return (usesState ? [...parts, this.#stateVersion] : parts).join('\n');
  }

  #tooLong(beginning: string, bytes: number | undefined): Reading {
    const { maxStatementBytes } = this.#options;
    const length = bytes === undefined ? 'longer' : `${bytes} bytes, longer`;
    return undecidableReading(beginning, {
      code: 'oversized',
      message: `Gatehouse: the statement is ${length} than maxStatementBytes (${maxStatementBytes}) allows`,
      hint: 'Send data as parameters or by COPY, or ask for a larger sizes.maxStatementBytes in gatehouse.yaml.',
    });
  }
}

/** Ends of a transaction block (IsTransactionExitStmt in postgres.c). */
const endings: ReadonlySet<string> = new Set(['commit', 'prepare', 'rollback', 'rollback-to']);

interface Behind {
  readonly analyses: readonly SqlAnalysis[];
  readonly cursors: readonly Reading[];
  readonly opaque: boolean;
}

/** The same shape with other literals: the same actions, under its own text. */
function withText(reading: Reading, text: string): Reading {
  const length = BigInt(Buffer.byteLength(text));
  const known = reading.request.facts;
  // The same facts stay one object, by which decisions are kept.
  const facts = known.length === length ? known : { ...known, length };
  return { ...reading, request: { ...reading.request, text, facts } };
}

/** Built-in functions that are actions for what they do, and whose result tells nothing of any table. */
const plainResult =
  /^pg_catalog\.(nextval|currval|lastval|setval|set_config|pg_sleep(_for|_until)?|pg_notify|pg_(try_)?advisory_\w+|pg_cancel_backend|pg_terminate_backend)$/;

/** A function that may give out whatever it can reach. */
function isForeign(name: string | readonly string[] | undefined): boolean {
  return typeof name !== 'string' || !plainResult.test(name);
}
