import { ProtocolFault } from '../../core/faults.ts';
import { cutError, cutWords } from './denial.ts';
import { endsBatch, type Expectation } from './expectation.ts';
import { ProbeRefused } from './probe-refused.ts';
import type { Run, Withheld } from './run.ts';
import {
  decodeCommandComplete,
  decodeErrorFields,
  decodeNoticeFields,
  decodeParameterDescription,
  decodeParameterStatus,
  decodeReadyForQuery,
  decodeRowDescription,
  type FieldDescription,
  type TransactionStatus,
} from './wire/backend-messages.ts';
import { BackendType } from './wire/codes.ts';
import { FrameReader } from './wire/frame-reader.ts';
import type { Outlet } from './wire/outlet.ts';
import { decodeProbeRow } from './wire/probe-row.ts';
import { toldError, toldFields, withheldNotice } from './withheld-text.ts';

export interface RepliesOptions {
  /** Towards the client. */
  readonly outlet: Outlet;
  /** The server is ready for the next batch, with the transaction status that it told. */
  readonly onReady: (status: TransactionStatus) => void;
  /** As `onReady`, after a question of the gate's own. */
  readonly onProbed: (status: TransactionStatus) => void;
  /** The server waits for COPY data. */
  readonly onCopyIn: () => void;
  /** The server stopped taking COPY data, or anything else, because of an error. */
  readonly onError: () => void;
  /** A parameter was reported. Throws a ProtocolFault when it changes what texts mean. */
  readonly onParameter: (name: string, value: string) => void;
  /** A request passed a limit: ask the server to stop working on it. */
  readonly onCut: (run: Run) => void;
}

/** The end of binary COPY data: a header and the field count -1. */
const copyTrailerBytes = 7;

/** A server may send values of up to 1 GiB in one message (MaxAllocSize). */
const maxReplyBytes = 0x40000000 + 1024;

/**
 * What comes back from the server. Every message that was sent on has put an expectation into the queue; replies are
 * held against its head, so the gate always knows which request, which mask and which prepared statement a byte
 * belongs to. Replies to the gate's own messages go no further.
 */
export class Replies {
  readonly #options: RepliesOptions;
  readonly #queue: Expectation[] = [];
  readonly #reader: FrameReader;
  /** A message from the server is out in part. */
  #inside = false;
  /** A request that took too long while a message of it was out in part. */
  #late: { readonly run: Run; readonly bound: number } | undefined;
  #abandoned = false;
  /** Set while what the server says of a cut request is thrown away. */
  #discarding = false;

  constructor(options: RepliesOptions) {
    this.#options = options;
    this.#reader = new FrameReader({
      bound: () => maxReplyBytes,
      // Rows that nobody rewrites need not be whole in memory.
      streams: (type) =>
        type === BackendType.CopyData || (type === BackendType.DataRow && this.#passesRows()),
    });
  }

  expect(expectation: Expectation): void {
    this.#queue.push(expectation);
    if (this.#abandoned) this.abandon();
    this.#sendLocal();
  }

  /** Nothing is outstanding. */
  get idle(): boolean {
    return this.#queue.length === 0;
  }

  /** What is being answered. */
  get head(): Expectation['kind'] | undefined {
    return this.#queue[0]?.kind;
  }

  /** More was sent behind the message that is being answered. */
  get isBehindHead(): boolean {
    return this.#queue.length > 1;
  }

  /**
   * Take bytes from the server.
   * @throws ProtocolFault when they make no sense here; the session cannot go on then.
   */
  receive(chunk: Buffer): void {
    const reader = this.#reader;
    reader.push(chunk);
    while (reader.next()) {
      if (reader.kind === 'oversized')
        throw new ProtocolFault('oversized', 'The server sent a message of over 1 GiB.');
      const passes = this.#take(reader.type);
      this.#inside = !reader.last;
      if (passes) this.#options.outlet.pass(reader.buffer, reader.start, reader.end);
      if (this.#late !== undefined && !this.#inside) this.overtime(this.#late.run, this.#late.bound);
    }
  }

  /** The connection is gone: whatever was under way did not complete. */
  abandon(): void {
    this.#abandoned = true;
    for (const each of this.#queue.splice(0)) {
      if ('run' in each) each.run.settle('cancelled');
      if (each.kind === 'probe')
        each.settle(new ProtocolFault('out-of-order', 'The connection to the server ended.'));
    }
  }

  #passesRows(): boolean {
    const head = this.#queue[0];
    if (head === undefined || (head.kind !== 'execute' && head.kind !== 'query')) return false;
    return head.masker() === undefined && !head.run.wantsSample;
  }

  /** One message, or a piece of one. True: it goes on to the client as it is. */
  #take(type: number): boolean {
    const head = this.#queue[0];
    switch (type) {
      case BackendType.DataRow:
        return this.#row(head);
      case BackendType.CopyData:
        return this.#copyOut(head);
      case BackendType.NotificationResponse:
        return true;
      case BackendType.NoticeResponse:
        return this.#notice(head);
      case BackendType.ParameterStatus: {
        const { name, value } = this.#read(decodeParameterStatus);
        this.#options.onParameter(name, value);
        return true;
      }
      case BackendType.ErrorResponse:
        return this.#error(head);
      case BackendType.ReadyForQuery:
        return this.#ready(head);
      default:
        return head === undefined ? this.#unexpected(type, head) : this.#answer(type, head);
    }
  }

  #answer(type: number, head: Expectation): boolean {
    switch (type) {
      case BackendType.ParseComplete:
      case BackendType.BindComplete:
      case BackendType.CloseComplete:
        if (head.kind === 'probe') return false;
        if (head.kind !== 'parse' && head.kind !== 'bind' && head.kind !== 'close')
          return this.#unexpected(type, head);
        head.done();
        return this.#pop(true);
      case BackendType.ParameterDescription:
        if (head.kind !== 'describe') return this.#unexpected(type, head);
        head.parameters = this.#read(decodeParameterDescription);
        return !head.hidden && !this.#discarding;
      case BackendType.RowDescription:
        return this.#fields(head, this.#read(decodeRowDescription));
      case BackendType.NoData:
        if (head.kind !== 'describe') return this.#unexpected(type, head);
        head.learn([], head.parameters ?? []);
        return this.#pop(!head.hidden);
      case BackendType.CommandComplete:
        return this.#complete(head, this.#read(decodeCommandComplete));
      case BackendType.EmptyQueryResponse:
        return this.#complete(head, '');
      case BackendType.PortalSuspended:
        if (head.kind !== 'execute') return this.#unexpected(type, head);
        head.suspended();
        return this.#pop(!this.#discarding);
      case BackendType.CopyInResponse:
        if (head.kind !== 'execute' && head.kind !== 'query') return this.#unexpected(type, head);
        this.#options.onCopyIn();
        return true;
      case BackendType.CopyOutResponse:
      case BackendType.CopyDone:
        if (head.kind !== 'execute' && head.kind !== 'query') return this.#unexpected(type, head);
        return !this.#discarding;
      case BackendType.FunctionCallResponse:
        if (head.kind !== 'call') return this.#unexpected(type, head);
        if (!head.run.countBytes(this.#reader.end - this.#reader.start)) return this.#cut(head.run);
        head.run.settle('completed');
        return true;
      default:
        return this.#unexpected(type, head);
    }
  }

  #row(head: Expectation | undefined): boolean {
    if (head?.kind === 'probe') {
      if (head.keepRows) head.rows.push(this.#read(decodeProbeRow));
      return false;
    }
    if (head?.kind !== 'execute' && head?.kind !== 'query')
      return this.#unexpected(BackendType.DataRow, head);
    if (this.#discarding) return false;
    const { buffer, start, end, kind } = this.#reader;
    const { run } = head;
    if (kind === 'piece') {
      // Counted by its bytes as they pass and as a row when its last piece does.
      const within = this.#reader.last ? run.countRow(end - start) : run.countBytes(end - start);
      return within || this.#cut(run, true);
    }
    if (!run.countRow(end - start)) return this.#cut(run);
    const masker = head.masker();
    if (masker === undefined) {
      if (run.wantsSample) run.keep(head.sample(buffer, start, end), end - start);
      return true;
    }
    const masked = masker.mask(buffer, start, end);
    this.#options.outlet.pass(masked.buffer, masked.start, masked.end);
    if (run.wantsSample)
      run.keep(head.sample(masked.buffer, masked.start, masked.end), masked.end - masked.start);
    return false;
  }

  #copyOut(head: Expectation | undefined): boolean {
    if (head?.kind !== 'execute' && head?.kind !== 'query')
      return this.#unexpected(BackendType.CopyData, head);
    if (this.#discarding) return false;
    const { start, end, kind, last } = this.#reader;
    // One message is one row (copyto.c), or a line of names; binary data ends with a message of two bytes.
    const isRow = last && end - start !== copyTrailerBytes;
    const { run } = head;
    return (
      (isRow ? run.countRow(end - start) : run.countBytes(end - start)) || this.#cut(run, kind === 'piece')
    );
  }

  #fields(head: Expectation, fields: readonly FieldDescription[]): boolean {
    switch (head.kind) {
      case 'describe':
        head.learn(fields, head.parameters ?? []);
        return this.#pop(!head.hidden);
      case 'query':
        head.learn(fields);
        return !this.#discarding;
      case 'probe':
        return false;
      default:
        return this.#unexpected(BackendType.RowDescription, head);
    }
  }

  #complete(head: Expectation, tag: string): boolean {
    switch (head.kind) {
      case 'execute':
        head.done(tag);
        return this.#pop(!this.#discarding);
      case 'query':
        head.done(tag);
        return !this.#discarding;
      case 'probe':
        head.tag = tag;
        return false;
      default:
        return this.#unexpected(BackendType.CommandComplete, head);
    }
  }

  /** An error ends all that was sent up to the next Sync, or the simple query or call that it answers. */
  #error(head: Expectation | undefined): boolean {
    const fields = this.#read(decodeErrorFields);
    // Before a FATAL error the server may have nothing to answer: a shutdown, a terminated backend.
    if (head === undefined) return true;
    const told = toldFields(fields, withheldOf(head), 'text' in head ? head.text : undefined);
    const error = { code: told.C ?? 'XX000', message: told.M ?? '' };
    const wasCut = this.#discarding;
    while (this.#queue[0] !== undefined && !endsBatch(this.#queue[0])) {
      const dropped = this.#queue.shift();
      if (dropped?.kind === 'execute' || dropped?.kind === 'bind') dropped.run.settle('failed', { error });
    }
    // A question ends with its own Sync: what the client has under way goes on.
    if (head.kind !== 'probe') this.#options.onError();
    if (head.kind === 'poison' || head.kind === 'poison-query') {
      this.#options.outlet.write(head.instead);
      return false;
    }
    if (head.kind === 'query' || head.kind === 'call') head.run.settle('failed', { error });
    if (head.kind === 'probe') {
      head.error = new ProbeRefused(error.code, error.message);
      return false;
    }
    if (wasCut) return false;
    if (told === fields) return true;
    this.#options.outlet.write(toldError(told));
    return false;
  }

  #notice(head: Expectation | undefined): boolean {
    const withheld = withheldOf(head);
    if (withheld === 'nothing') return true;
    const instead = withheldNotice(this.#read(decodeNoticeFields), withheld);
    if (instead === undefined) return true;
    this.#options.outlet.write(instead);
    return false;
  }

  #ready(head: Expectation | undefined): boolean {
    const status = this.#read(decodeReadyForQuery);
    if (head === undefined || !endsBatch(head)) return this.#unexpected(BackendType.ReadyForQuery, head);
    this.#queue.shift();
    this.#discarding = false;
    if (head.kind === 'probe') {
      this.#options.onProbed(status);
      head.settle(head.error ?? head);
      return false;
    }
    if (head.kind === 'query' || head.kind === 'call')
      head.run.settle('completed', head.kind === 'query' ? { tag: head.tag } : {});
    this.#options.outlet.pass(this.#reader.buffer, this.#reader.start, this.#reader.end);
    this.#options.onReady(status);
    return false;
  }

  /**
   * A limit is passed. The client gets the error at once; the rest of the batch is thrown away until the server is
   * ready again. Inside a message that is partly out already, the connection cannot be kept in step and must end.
   */
  #cut(run: Run, inside = false): boolean {
    if (run.cut === undefined) return false;
    if (inside) throw new ProtocolFault('oversized', cutWords(run.cut).message);
    this.#cutNow(run);
    return false;
  }

  /** `run` takes longer than it may. */
  overtime(run: Run, bound: number): void {
    this.#late = undefined;
    // Replies to what only makes it ready may wait in the server's buffer for those of the request itself.
    const first = this.#queue.find(({ kind }) => kind === 'execute' || kind === 'query' || kind === 'call');
    // What stands before it takes its time; its own begins now.
    if (first === undefined || !('run' in first) || first.run !== run) {
      run.time();
      return;
    }
    if (this.#inside) {
      this.#late = { run, bound };
      return;
    }
    run.late(bound);
    this.#cutNow(run);
  }

  /** Tell the client that `run` is cut and throw away what the server still says of it. */
  #cutNow(run: Run): void {
    if (this.#discarding || run.cut === undefined) return;
    this.#discarding = true;
    this.#options.outlet.write(cutError(run.cut));
    this.#options.onCut(run);
  }

  #pop(pass: boolean): boolean {
    this.#queue.shift();
    const goesOn = pass && !this.#discarding;
    if (goesOn && this.#queue[0]?.kind === 'local') {
      this.#options.outlet.pass(this.#reader.buffer, this.#reader.start, this.#reader.end);
      this.#sendLocal();
      return false;
    }
    this.#sendLocal();
    return goesOn;
  }

  /** The gate's own answers go out when everything before them has. */
  #sendLocal(): void {
    for (let head = this.#queue[0]; head?.kind === 'local'; head = this.#queue[0]) {
      this.#queue.shift();
      if (!this.#discarding) this.#options.outlet.write(head.bytes);
    }
  }

  #read<T>(decode: (buffer: Buffer, start: number, end: number) => T): T {
    const { buffer, start, end } = this.#reader;
    return decode(buffer, start, end);
  }

  #unexpected(type: number, head: Expectation | undefined): never {
    const where = head === undefined ? 'nothing was asked' : `a ${head.kind} is being answered`;
    throw new ProtocolFault('out-of-order', `The server sent '${String.fromCharCode(type)}' where ${where}.`);
  }
}

/** What the request that is being answered lets out of its messages. */
function withheldOf(head: Expectation | undefined): Withheld {
  return head !== undefined && 'run' in head ? head.run.withheld : 'nothing';
}
