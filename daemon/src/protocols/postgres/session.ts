import { randomBytes } from 'node:crypto';
import type { Awaitable } from '../../core/awaitable.ts';
import { ProtocolFault } from '../../core/faults.ts';
import type { Asked, Denial, Passage } from '../../core/passage.ts';
import { BatchPace } from './batch-pace.ts';
import { type BatchState, canAsk, isOpen, sentOn } from './batch-state.ts';
import { ClientUnits, type Frame, type PieceEnd, type Unit } from './client-units.ts';
import { CopyIn, drained } from './copy-in.ts';
import {
  denialError,
  fatalError,
  heldNotice,
  poisonText,
  serverWouldRefuse,
  shutdownError,
} from './denial.ts';
import { type GrantedPiece, planPiece } from './extended-piece.ts';
import { checkPinned } from './pinned.ts';
import { ask, ownName, unbound } from './probe.ts';
import { Replies } from './replies.ts';
import { ResultMasks } from './result-masks.ts';
import type { Reading } from './reading.ts';
import type { AskBound } from './row-count.ts';
import { Run } from './run.ts';
import type { Ending, SessionOptions } from './session-options.ts';
import { ServerCancel } from './server-cancel.ts';
import { type ServerEvent, ServerEvents } from './server-events.ts';
import { SessionState } from './session-state.ts';
import { decideSimple, readCall, readQuery } from './simple-unit.ts';
import { StatementPlans } from './statement-plans.ts';
import { StatementReader } from './statement-reader.ts';
import type { Denied, Granted, UnitParts } from './unit-parts.ts';
import { encodeReadyForQuery, type TransactionStatus, welcomeMessages } from './wire/backend-messages.ts';
import { encodeFlush, encodeParse, encodeQuery, encodeTerminate } from './wire/frontend-messages.ts';
import { letGo, Outlet } from './wire/outlet.ts';

/**
 * One client's connection and its own connection to the server. One unit is under way at a time: a batch is decided
 * whole before any of it runs, and the next is not read before the server is ready again, so that what a name, a
 * transaction or a setting means is known, never guessed.
 */
export class PostgresSession {
  /** The secret of the CancelRequest that this client may send. */
  readonly key: Buffer;
  readonly #options: SessionOptions;
  readonly #client: Outlet;
  readonly #server: Outlet;
  readonly #units: ClientUnits;
  readonly #replies: Replies;
  readonly #state: SessionState;
  readonly #statements: StatementReader;
  readonly #parts: UnitParts;
  readonly #events = new ServerEvents();
  /** Why the session must end, once it must. */
  #ending: Ending | undefined;
  #hold = new AbortController();
  #batch: BatchState = { kind: 'closed' };
  readonly #pace = new BatchPace();
  readonly #copyIn: CopyIn;
  readonly #cancel: ServerCancel;

  constructor(options: SessionOptions) {
    this.#options = options;
    const { client, server } = options;
    this.key = randomBytes(client.minor >= 2 ? 32 : 4);
    this.#client = new Outlet(client.stream);
    this.#server = new Outlet(server.stream);
    this.#units = new ClientUnits(client.stream, client.leftover, options.sizes);
    this.#cancel = new ServerCancel(options.cancelServer, options.log);
    this.#copyIn = new CopyIn(this.#units, this.#server, server.stream);
    this.#state = new SessionState(client.application);
    this.#replies = new Replies({
      outlet: this.#client,
      onReady: (status) => {
        this.#batchOver(status);
        this.#events.push('ready');
      },
      onProbed: (status) => {
        this.#state.transactionStatus = status;
      },
      onCopyIn: () => {
        this.#copyIn.begin();
        this.#events.push('copy-in');
      },
      onError: () => {
        if (this.#batch.kind === 'open') this.#batch = { kind: 'skipping', open: true };
        this.#copyIn.stop();
        this.#events.push('error');
      },
      onParameter: (name, value) => {
        checkPinned(name, value);
        this.#statements.parameterChanged(name, value);
      },
      onCut: () => {
        this.#cancel.ask();
        // If the server is done before it hears of it, the batch must fail all the same.
        if (this.#batch.kind === 'open') this.#poison(Buffer.alloc(0), ownName);
      },
    });
    const end = (reason: string) => this.end(reason);
    const asks: AskBound = (question, keepRows) => ask(question, this.#replies, this.#server, keepRows);
    this.#statements = new StatementReader({
      catalog: options.catalog,
      analyses: options.analyses,
      state: this.#state,
      maxStatementBytes: options.sizes.maxStatementBytes,
      probe: async (sql) => (await asks(unbound(sql))).rows,
    });
    const masks = new ResultMasks(this.#statements, this.#state, options.maskKey);
    this.#parts = {
      state: this.#state,
      statements: this.#statements,
      masks,
      plans: new StatementPlans({ state: this.#state, statements: this.#statements, masks, ask: asks, end }),
      replies: this.#replies,
      server: this.#server,
      pass: (asked) => this.#pass(asked),
      decide: (request) => options.gate.decide(options.session, request),
      run: (granted, reading) => this.#run(granted, reading),
    };
  }

  /** Serve the client until either side goes, and tell why it ended. Never rejects. */
  async run(): Promise<string> {
    const { client, server } = this.#options;
    try {
      for (const [name, value] of server.parameters) checkPinned(name, value);
      this.#listen();
      await this.#statements.refresh();
      // As a server says after a login, with its own parameters and a cancel key of the gate's.
      this.#client.write(welcomeMessages(server.parameters, server.pid, this.key));
      this.#client.write(encodeReadyForQuery('I'));
      this.#client.flush();
      await this.#serve();
    } catch (fault) {
      this.#end(fault instanceof Error ? fault.message : String(fault), fatalError(fault));
    } finally {
      const { farewell } = this.#end('the client closed the connection');
      if (farewell !== undefined) this.#client.write(farewell);
      this.#client.flush();
      for (const portal of this.#state.portals.values()) portal.run.settle('cancelled');
      // A request that was granted while the session ended was not sent.
      this.#replies.abandon();
      client.stream.end();
      if (!server.stream.destroyed) server.stream.end(encodeTerminate());
      for (const { stream } of [client, server]) letGo(stream);
      await this.#cancel.pending;
    }
    return this.#end('the client closed the connection').reason;
  }

  /** The client asked, on a connection of its own, to cancel what runs or waits. */
  cancel(): void {
    this.#hold.abort();
    this.#hold = new AbortController();
    if (!this.#replies.idle) this.#cancel.ask();
  }

  /** End the session from outside, telling the client why. */
  end(reason: string): void {
    // The server would not notice before it has a result to send.
    if (!this.#replies.idle) this.#cancel.ask();
    this.#end(reason, shutdownError(reason));
  }

  /** The first reason counts. What waits anywhere in the session is let go. */
  #end(reason: string, farewell?: Buffer): Ending {
    const ending = this.#ending ?? { reason, ...(farewell === undefined ? {} : { farewell }) };
    this.#ending = ending;
    this.#hold.abort();
    this.#replies.abandon();
    this.#units.close();
    this.#events.end();
    return ending;
  }

  #listen(): void {
    const { client, server } = this.#options;
    const receive = (chunk: Buffer) => {
      try {
        this.#replies.receive(chunk);
      } catch (fault) {
        this.#end(`the server broke the protocol: ${String(fault)}`, fatalError(fault));
        return;
      }
      this.#events.heard();
      if (client.stream.destroyed && !this.#replies.idle) this.#end('the client closed the connection');
      if (!this.#client.flush()) {
        server.stream.pause();
        client.stream.once('drain', () => server.stream.resume());
      }
    };
    if (server.leftover.length > 0) receive(server.leftover);
    server.stream.on('data', receive);
    server.stream.once('close', () => this.#end('the server closed the connection'));
    server.stream.on('error', () => this.#end('the connection to the server failed'));
    client.stream.on('error', () => this.#end('the connection to the client failed'));
    // A client that goes away takes its held request with it.
    for (const event of ['end', 'close']) client.stream.once(event, () => this.#hold.abort());
    // Nobody will take what is read from now on, and a server that may not write never comes to its end.
    client.stream.once('close', () => server.stream.resume());
  }

  async #serve(): Promise<void> {
    while (this.#ending === undefined) {
      const unit = this.#units.take();
      if (unit === undefined) {
        await this.#units.more();
        continue;
      }
      if (unit.kind === 'gone' || unit.kind === 'terminate') return;
      if (this.#cancel.pending !== undefined) await this.#cancel.pending;
      await this.#take(unit);
      this.#client.flush();
    }
  }

  #take(unit: Exclude<Unit, { kind: 'gone' | 'terminate' }>): Promise<unknown> {
    switch (unit.kind) {
      case 'query':
        return this.#simple(unit.frame, readQuery);
      case 'call':
        return this.#simple(unit.frame, readCall);
      case 'piece':
        return this.#piece(unit.frames, unit.end);
    }
  }

  /** A unit of one message, answered up to ReadyForQuery. */
  async #simple(frame: Frame, read: typeof readQuery): Promise<unknown> {
    if (this.#batch.kind !== 'closed') {
      const words = 'A simple query or function call came before the Sync of an extended query.';
      throw new ProtocolFault('out-of-order', words);
    }
    const reading = read(frame, this.#parts);
    const unit = reading instanceof Promise ? await reading : reading;
    const planned = await decideSimple(unit, this.#parts);
    if (planned.kind === 'denied') return this.#denySimple(planned.denial);
    planned.send();
    return await this.#sendAndWait();
  }

  async #piece(frames: readonly Frame[], end: PieceEnd): Promise<unknown> {
    let fed = false;
    if (frames.length > 0 && canAsk(this.#batch) && !this.#replies.idle) await this.#answered();
    if (this.#batch.kind !== 'skipping' && frames.length > 0) {
      const plan = await planPiece(frames, this.#parts, canAsk(this.#batch));
      if (plan.kind === 'denied') this.#denyPiece(plan);
      else if (await this.#sendPiece(plan)) fed = await this.#waitFor('error');
    }
    // A server that reads COPY data ignores a Sync (copyfromparse.c, CopyGetData); the next one ends the batch.
    if (end.kind === 'sync' && !fed) {
      const settling = this.#pace.settled(() => this.#flushServer());
      if (settling !== undefined) await settling;
      return await this.#sync(end.frame);
    }
    if (end.kind === 'flush' && isOpen(this.#batch)) this.#flushServer();
    return await drained(this.#options.server.stream);
  }

  /** True: it reads COPY data of the client. */
  async #sendPiece(plan: GrantedPiece): Promise<boolean> {
    let sent: Awaitable<boolean> = false;
    // An error may have come meanwhile, behind which the server ignores the rest of the batch.
    if (this.#batch.kind !== 'skipping' && this.#ending === undefined) {
      this.#batch = sentOn(this.#batch, plan.reached, this.#state.transactionStatus);
      sent = this.#pace.send(plan.sends, () => this.#flushServer());
      if (sent instanceof Promise) sent = await sent;
    }
    if (!sent) for (const withdraw of plan.withdrawals) withdraw();
    // What follows is COPY data, or nothing if the server refuses: find out which before reading on.
    else if (plan.copiesIn) this.#flushServer();
    return sent && plan.copiesIn;
  }

  /** Answer a denial inside a batch, and ignore the rest of it. */
  #denyPiece({ denial, dropsUnnamed }: Denied): void {
    const batch = this.#batch;
    if (this.#ending !== undefined || batch.kind === 'skipping') return;
    const instead = denialError(denial);
    // What ran before in an implicit transaction must fail with the rest of it, as it would at the server.
    const endsTransaction = batch.kind === 'open' && batch.reached === 'executed' && batch.startedIn === 'I';
    if (endsTransaction || serverWouldRefuse(denial)) {
      this.#poison(instead, dropsUnnamed === true ? '' : ownName);
    } else {
      this.#batch = { kind: 'skipping', open: isOpen(batch) };
      this.#replies.expect({ kind: 'local', bytes: instead });
    }
  }

  /** Make the server fail the batch, by a text that it takes for the statement `name`. */
  #poison(instead: Buffer, name: string): void {
    this.#batch = { kind: 'skipping', open: true };
    this.#replies.expect({ kind: 'poison', instead });
    this.#server.write(encodeParse(name, poisonText));
    this.#server.flush();
  }

  #sync(frame: Frame): Awaitable<unknown> {
    if (this.#batch.kind === 'skipping' && !this.#batch.open) {
      this.#client.write(encodeReadyForQuery(this.#state.transactionStatus));
      this.#batchOver(this.#state.transactionStatus);
      return undefined;
    }
    this.#batch = { kind: 'ending' };
    this.#replies.expect({ kind: 'sync' });
    this.#server.pass(frame.buffer, frame.start, frame.end);
    return this.#sendAndWait();
  }

  #batchOver(status: TransactionStatus): void {
    this.#state.ready(status);
    this.#statements.ready();
    this.#batch = { kind: 'closed' };
    this.#pace.clear();
  }

  /** Wait until the server is ready; feed it COPY data meanwhile if it asks for some. */
  #sendAndWait(): Awaitable<unknown> {
    // What a person granted too late stays here.
    if (this.#ending !== undefined) return undefined;
    this.#server.flush();
    return this.#waitFor('ready');
  }

  /** Wait for `wanted`, serving COPY data on the way. True: some was taken in the extended protocol. */
  async #waitFor(wanted: ServerEvent): Promise<boolean> {
    for (;;) {
      await this.#events.some();
      const event = this.#events.take();
      if (event === undefined || event === wanted) return false;
      if (event === 'copy-in' && !this.#replies.isBehindHead) {
        const extended = this.#replies.head !== 'query';
        const fed = await this.#copyIn.feed();
        if (extended) return fed;
      }
    }
  }

  /** Ask the gate, showing the client a notice while a person is asked. */
  #pass(asked: Asked): Promise<Passage> {
    const { gate, session } = this.#options;
    return gate.pass(
      session,
      asked,
      (held) => {
        this.#client.write(heldNotice(held));
        this.#client.flush();
      },
      this.#hold.signal,
    );
  }

  #run(passage: Granted, reading: Reading): Run {
    const { gate, session, results } = this.#options;
    const run: Run = new Run({
      id: passage.id,
      sample: results,
      decision: passage.decision,
      spend: passage.spend,
      withheld: this.#parts.masks.withheld(reading, passage.decision.masks),
      onAnswered: (answer) => gate.answered(session, passage.id, answer),
      onOvertime: (bound) => {
        this.#replies.overtime(run, bound);
        this.#client.flush();
      },
    });
    return run;
  }

  #denySimple(denial: Denial): Awaitable<unknown> {
    // What was held is withdrawn by the end of the session, of which the farewell tells.
    if (this.#ending !== undefined) return undefined;
    const instead = denialError(denial);
    if (serverWouldRefuse(denial)) {
      // The server would have ended the transaction for it, so it does.
      this.#replies.expect({ kind: 'poison-query', instead });
      this.#server.write(encodeQuery(poisonText));
      return this.#sendAndWait();
    }
    this.#client.write(instead);
    this.#client.write(encodeReadyForQuery(this.#state.transactionStatus));
    return undefined;
  }

  /** Every reply to what was sent on has come, so that the batch is skipping if one is an error. */
  async #answered(): Promise<void> {
    this.#flushServer();
    await this.#events.answered(this.#replies);
    // It must not hit a question of the gate.
    await this.#cancel.pending;
  }

  #flushServer(): void {
    if (this.#ending !== undefined) return;
    this.#server.write(encodeFlush());
    this.#server.flush();
  }
}
