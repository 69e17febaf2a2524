import { BackendType } from '../protocols/postgres/wire/codes.ts';
import { decodeReadyForQuery, type TransactionStatus } from '../protocols/postgres/wire/backend-messages.ts';
import { encodeQuery, encodeSync } from '../protocols/postgres/wire/frontend-messages.ts';
import { frames, keep, reported, restore } from './backend.ts';
import type { DemoSession } from './demo-session.ts';
import type { Engine } from './engine.ts';

export interface TurnOptions {
  /** A new database, with everything as at the start. */
  readonly start: () => Promise<Engine>;
  /** The database died under its sessions, all of which have to end. */
  readonly onCrash: (reason: string) => void;
  /** How long a transaction may keep the others waiting, in milliseconds. */
  readonly idleInTransactionMs: number;
  /** How long one message may take, in milliseconds. */
  readonly statementMs: number;
}

/** How long a statement that was cancelled may go on; nothing but the end of the database stops it. */
const cancelMs = 5_000;

/**
 * One backend for many clients. A session holds it for as long as a transaction or a batch is open; between, what it has
 * set and prepared is taken down and put up again for the next. Temporary tables, cursors and advisory locks are lost then.
 */
export class Turns {
  readonly #options: TurnOptions;
  #engine: Promise<Engine>;
  readonly #sessions = new Set<DemoSession>();
  #current: DemoSession | undefined;
  #running: DemoSession | undefined;
  #loop: Promise<void> | undefined;
  #patience: NodeJS.Timeout | undefined;
  readonly #arriving: {
    readonly session: DemoSession;
    readonly arrived: (values: ReadonlyMap<string, string>) => void;
  }[] = [];

  constructor(options: TurnOptions) {
    this.#options = options;
    this.#engine = this.#start();
  }

  /** Settles when the database answers. @throws Error when it cannot start */
  async ready(): Promise<void> {
    await this.#engine;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Let a session in. @returns what PostgreSQL reports to a new client */
  enter(session: DemoSession): Promise<ReadonlyMap<string, string>> {
    this.#sessions.add(session);
    const { promise, resolve } = Promise.withResolvers<ReadonlyMap<string, string>>();
    this.#arriving.push({ session, arrived: resolve });
    this.wake();
    return promise;
  }

  /** A session is gone; what it left open is rolled back. */
  leave(session: DemoSession): void {
    session.ended = true;
    this.#sessions.delete(session);
    this.wake();
  }

  /** Something waits. */
  wake(): void {
    this.#loop ??= this.#run().finally(() => {
      this.#loop = undefined;
      if (this.#next() !== undefined) this.wake();
    });
  }

  /** Stop what a session runs, if it runs something. */
  cancel(pid: number, key: Buffer): void {
    const session = this.#running;
    if (session === undefined || session.pid !== pid || !session.key.equals(key)) return;
    setTimeout(() => {
      if (this.#running === session)
        void this.#engine.then((engine) => engine.kill('A statement was cancelled.'));
    }, cancelMs).unref();
  }

  async close(): Promise<void> {
    clearTimeout(this.#patience);
    const engine = await this.#engine.catch(() => undefined);
    engine?.kill('The database is closed.');
  }

  #start(): Promise<Engine> {
    const starting = this.#options.start();
    starting.catch(() => {});
    return starting;
  }

  #next(): DemoSession | undefined {
    const current = this.#current;
    if (current !== undefined && (current.ended || current.standing === 'open'))
      return current.ended || current.pending.length > 0 ? current : undefined;
    const arriving = this.#arriving[0]?.session;
    return arriving ?? [...this.#sessions].find(({ pending }) => pending.length > 0);
  }

  async #run(): Promise<void> {
    for (let session = this.#next(); session !== undefined; session = this.#next()) {
      try {
        await this.#turn(session, await this.#engine);
      } catch (error) {
        this.#crash(error instanceof Error ? error.message : String(error));
      }
    }
    this.#beImpatient();
  }

  async #turn(session: DemoSession, engine: Engine): Promise<void> {
    if (session === this.#current && session.ended) {
      if (session.standing === 'open') {
        await engine.run(encodeSync());
        await engine.run(encodeQuery('ROLLBACK'));
      }
      this.#current = undefined;
      return;
    }
    if (session !== this.#current) await this.#hand(session, engine);
    if (this.#arriving[0]?.session === session) this.#arriving.shift()?.arrived(await reported(engine));
    const message = session.take();
    if (message === undefined) return;
    this.#running = session;
    const late = setTimeout(() => engine.kill('A statement took too long.'), this.#options.statementMs);
    try {
      const answer = await engine.run(message);
      session.answer(answer, lastStatus(answer));
    } finally {
      clearTimeout(late);
      this.#running = undefined;
    }
    // The next one's turn comes before this one's again.
    if (session.standing === 'idle' && this.#sessions.delete(session)) this.#sessions.add(session);
  }

  async #hand(session: DemoSession, engine: Engine): Promise<void> {
    if (this.#current !== undefined) this.#current.kept = await keep(engine);
    this.#current = undefined;
    await restore(engine, session.kept, session.parsed);
    this.#current = session;
  }

  /** A transaction that is left open keeps the others waiting; PostgreSQL's own limit for that cannot strike here. */
  #beImpatient(): void {
    clearTimeout(this.#patience);
    const current = this.#current;
    if (current?.standing !== 'open') return;
    this.#patience = setTimeout(() => {
      const others = [...this.#sessions].some((each) => each !== current && each.pending.length > 0);
      if (this.#current !== current || current.standing !== 'open') return;
      if (!others && this.#arriving.length === 0) return this.#beImpatient();
      void current.fail({
        code: '25P03',
        message: 'terminating connection due to idle-in-transaction timeout',
        detail: 'The demo database has one backend, and others are waiting for it.',
      });
      this.leave(current);
    }, this.#options.idleInTransactionMs);
  }

  #crash(reason: string): void {
    this.#current = undefined;
    this.#arriving.length = 0;
    this.#sessions.clear();
    this.#options.onCrash(reason);
    this.#engine = this.#start();
  }
}

function lastStatus(answer: Buffer): TransactionStatus | undefined {
  const ready = frames(answer).findLast(({ type }) => type === BackendType.ReadyForQuery);
  return ready && decodeReadyForQuery(ready.buffer, ready.start, ready.end);
}
