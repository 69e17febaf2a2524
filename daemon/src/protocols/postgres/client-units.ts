import type { Duplex } from 'node:stream';
import { ProtocolFault } from '../../core/faults.ts';
import { FrontendType } from './wire/codes.ts';
import { FrameReader } from './wire/frame-reader.ts';
import { checkEmptyFrontend } from './wire/frontend-messages.ts';

/** One message of the client. `oversized`: it was thrown away, `buffer[start, end)` is its beginning. */
export interface Frame {
  readonly type: number;
  readonly buffer: Buffer;
  readonly start: number;
  readonly end: number;
  readonly oversized: boolean;
  /** More of this CopyData message is to come. */
  readonly partial: boolean;
}

/**
 * What is decided as one: a simple query, a function call, or the messages of the extended protocol up to a Sync or a
 * Flush (`full`: up to the bound on what is held back).
 */
export type Unit =
  | { readonly kind: 'query' | 'call'; readonly frame: Frame }
  | { readonly kind: 'piece'; readonly frames: readonly Frame[]; readonly end: PieceEnd }
  | { readonly kind: 'terminate' }
  | { readonly kind: 'gone' };

/** What ends a piece; a Sync goes on as the client sent it, in one write with what stands before it. */
export type PieceEnd = { readonly kind: 'sync'; readonly frame: Frame } | { readonly kind: 'flush' | 'full' };

/** A COPY message, or a piece of one (`last`: its end); `end` for CopyDone and CopyFail. */
export type CopyUnit =
  | {
      readonly kind: 'data';
      readonly buffer: Buffer;
      readonly start: number;
      readonly end: number;
      readonly last: boolean;
    }
  | { readonly kind: 'end'; readonly buffer: Buffer; readonly start: number; readonly end: number }
  /** The client sent something that has no place in COPY data. It is kept for the next unit. */
  | { readonly kind: 'other' }
  | { readonly kind: 'gone' }
  /** `interrupt` was called. */
  | { readonly kind: 'interrupted' };

export interface ClientBounds {
  readonly maxStatementBytes: number;
  readonly maxMessageBytes: number;
}

/** Room for what stands around a statement's text: the header, names, parameter types. */
const slack = 64 * 1024;
/** Bytes held unread before the socket is paused. */
const highWater = 1024 * 1024;

/** Messages held back of one batch; small ones cost more memory than they have bytes. */
const maxFrames = 50_000;

const extendedTypes: ReadonlySet<number> = new Set([
  FrontendType.Parse,
  FrontendType.Bind,
  FrontendType.Describe,
  FrontendType.Execute,
  FrontendType.Close,
]);

/** Reads the client's messages and puts them together to units. */
export class ClientUnits {
  readonly #stream: Duplex;
  readonly #reader: FrameReader;
  readonly #bounds: ClientBounds;
  #kept: Frame | undefined;
  /** What is there of the next piece. */
  #frames: Frame[] = [];
  #held = 0;
  #ended = false;
  #interrupted = false;
  #wake: (() => void) | undefined;

  constructor(stream: Duplex, leftover: Buffer, bounds: ClientBounds) {
    this.#stream = stream;
    this.#bounds = bounds;
    this.#reader = new FrameReader({
      bound: (type) => this.#bound(type),
      streams: (type) => type === FrontendType.CopyData,
    });
    this.#reader.push(leftover);
    stream.on('data', (chunk: Buffer) => {
      this.#reader.push(chunk);
      if (this.#reader.buffered > highWater) stream.pause();
      this.#wake?.();
    });
    const end = () => {
      this.#ended = true;
      this.#wake?.();
    };
    stream.once('end', end).once('close', end).once('error', end);
  }

  /**
   * The next unit if it is whole; undefined: wait for {@link more} first.
   * @throws ProtocolFault when the client breaks the protocol; the connection cannot go on.
   */
  take(): Unit | undefined {
    for (;;) {
      const frame = this.#kept ?? this.#frame();
      this.#kept = undefined;
      if (frame === undefined) return this.#ended ? { kind: 'gone' } : undefined;
      if (extendedTypes.has(frame.type)) {
        this.#frames.push(frame);
        this.#held += frame.end - frame.start;
        if (this.#held > this.#bounds.maxMessageBytes || this.#frames.length >= maxFrames)
          return this.#piece({ kind: 'full' });
        continue;
      }
      switch (frame.type) {
        case FrontendType.Sync:
          checkEmptyFrontend('Sync', frame.buffer, frame.start, frame.end);
          return this.#piece({ kind: 'sync', frame });
        case FrontendType.Flush:
          return this.#piece({ kind: 'flush' });
        case FrontendType.Query:
        case FrontendType.FunctionCall:
          if (this.#frames.length > 0) {
            this.#kept = frame;
            return this.#piece({ kind: 'full' });
          }
          return { kind: frame.type === FrontendType.Query ? 'query' : 'call', frame };
        case FrontendType.Terminate:
          return { kind: 'terminate' };
        case FrontendType.CopyData:
        case FrontendType.CopyDone:
        case FrontendType.CopyFail:
          if (this.#frames.length > 0) {
            // COPY data right behind its Execute, before any Sync or Flush.
            this.#kept = frame;
            return this.#piece({ kind: 'full' });
          }
          // What a client still sends after its COPY failed is ignored (postgres.c, PostgresMain).
          continue;
        default:
          throw new ProtocolFault('malformed', `invalid frontend message type ${frame.type}`);
      }
    }
  }

  /**
   * The next message while the server reads COPY data.
   * @param inside a part of a message was sent on, and the rest of it must be
   * @throws ProtocolFault when the client breaks the protocol
   */
  async nextCopy(inside: boolean): Promise<CopyUnit> {
    for (;;) {
      if (this.#interrupted && !inside) {
        this.#interrupted = false;
        return { kind: 'interrupted' };
      }
      const frame = this.#kept ?? this.#frame();
      this.#kept = undefined;
      if (frame === undefined) {
        if (this.#ended) return { kind: 'gone' };
        await this.more();
        continue;
      }
      const { type, buffer, start, end, oversized, partial } = frame;
      switch (type) {
        case FrontendType.CopyData:
          return { kind: 'data', buffer, start, end, last: !partial };
        case FrontendType.CopyDone:
        case FrontendType.CopyFail:
          // Only its beginning is there, and the server would take what comes next for the rest.
          if (oversized)
            throw new ProtocolFault('malformed', 'The message that ends the COPY data is too long.');
          return { kind: 'end', buffer, start, end };
        case FrontendType.Flush:
        case FrontendType.Sync:
          // A server that reads COPY data ignores them (copyfromparse.c, CopyGetData).
          continue;
        default:
          this.#kept = frame;
          return { kind: 'other' };
      }
    }
  }

  /** Read no more: what waits gets `gone`. */
  close(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** Make a waiting {@link nextCopy} return: the server wants no more COPY data. */
  interrupt(): void {
    this.#interrupted = true;
    this.#wake?.();
  }

  /** An earlier {@link interrupt} that nobody waited for. */
  clearInterrupt(): void {
    this.#interrupted = false;
  }

  #piece(end: PieceEnd): Unit {
    const frames = this.#frames;
    this.#frames = [];
    this.#held = 0;
    return { kind: 'piece', frames, end };
  }

  #frame(): Frame | undefined {
    if (!this.#reader.next()) return undefined;
    const { type, buffer, start, end, kind, last } = this.#reader;
    return { type, buffer, start, end, oversized: kind === 'oversized', partial: !last };
  }

  /** Wait for what the client does next. */
  more(): Promise<void> {
    if (this.#stream.isPaused()) this.#stream.resume();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #bound(type: number): number {
    switch (type) {
      case FrontendType.Query:
      case FrontendType.Parse:
        return this.#bounds.maxStatementBytes + slack;
      case FrontendType.Bind:
      case FrontendType.FunctionCall:
        return this.#bounds.maxMessageBytes;
      default:
        return slack;
    }
  }
}
