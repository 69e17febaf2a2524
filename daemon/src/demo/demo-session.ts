import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import {
  encodeErrorResponse,
  encodeReadyForQuery,
  type TransactionStatus,
} from '../protocols/postgres/wire/backend-messages.ts';
import { FrontendType, Sqlstate } from '../protocols/postgres/wire/codes.ts';
import { FrameReader } from '../protocols/postgres/wire/frame-reader.ts';
import { decodeClose, decodeParse, decodeQuery } from '../protocols/postgres/wire/frontend-messages.ts';
import { type Fatal, refuseClient } from '../protocols/postgres/startup/refuse-client.ts';
import type { Kept } from './backend.ts';

/** Where a session stands between two of its turns. */
export type Standing =
  /** Nothing of it is open in the backend. */
  | 'idle'
  /** In a transaction, or in a batch whose Sync has not come: nobody else may use the backend. */
  | 'open';

const maxMessageBytes = 16 * 1024 * 1024;

/** COPY … FROM STDIN, which ends a backend that has no client of its own to read from. */
const copyIn = /\bcopy\b[^;]*\bfrom\s+stdin\b/i;

/** One client of the demo's database. */
export class DemoSession {
  readonly pid: number;
  readonly key: Buffer;
  standing: Standing = 'idle';
  kept: Kept;
  readonly parsed = new Map<string, Buffer>();
  /** Whole messages that wait for their turn. */
  readonly pending: Buffer[] = [];
  ended = false;
  readonly #stream: Duplex;
  readonly #reader = new FrameReader({ bound: () => maxMessageBytes, streams: () => false });
  #status: TransactionStatus = 'I';
  /** Within a batch of the extended protocol. */
  #inBatch = false;
  /** After an error of ours in a batch, up to its Sync. */
  #skipping = false;

  constructor(stream: Duplex, minor: 0 | 2, pid: number, settings: Kept['settings']) {
    this.pid = pid;
    this.key = randomBytes(minor === 2 ? 32 : 4);
    this.kept = { settings, prepared: [] };
    this.#stream = stream;
  }

  /** Take bytes of the client. @throws ProtocolFault when they are no messages */
  receive(chunk: Buffer): void {
    this.#reader.push(chunk);
    while (this.#reader.next()) {
      const { kind, type, buffer, start, end } = this.#reader;
      if (type === FrontendType.Terminate || kind === 'oversized') {
        this.ended = true;
        return;
      }
      this.pending.push(buffer.subarray(start, end));
    }
  }

  /** Take the next message out of what waits, and note what it changes. Undefined: none is left to run. */
  take(): Buffer | undefined {
    for (let message = this.pending.shift(); message !== undefined; message = this.pending.shift()) {
      if (this.#skipping && message[0] !== FrontendType.Sync) continue;
      this.#skipping = false;
      if (this.#refuses(message)) continue;
      this.#note(message);
      return message;
    }
    return undefined;
  }

  /** Pass an answer on; `status` is that of the last ReadyForQuery in it. */
  answer(bytes: Buffer, status: TransactionStatus | undefined): void {
    this.#status = status ?? this.#status;
    this.#settle();
    this.write(bytes);
  }

  write(bytes: Buffer): void {
    if (!this.#stream.destroyed && !this.#stream.writableEnded) this.#stream.write(bytes);
  }

  /** Say why it cannot go on, and close. */
  async fail(fatal: Fatal): Promise<void> {
    this.ended = true;
    await refuseClient(this.#stream, fatal);
  }

  close(): void {
    this.ended = true;
    this.#stream.destroy();
  }

  #settle(): void {
    this.standing = this.#status === 'I' && !this.#inBatch ? 'idle' : 'open';
  }

  #note(message: Buffer): void {
    this.#inBatch = message[0] !== FrontendType.Query && message[0] !== FrontendType.Sync;
    if (message[0] === FrontendType.Parse) this.parsed.set(decodeParse(message).name, message);
    // A simple query forgets the unnamed statement.
    if (message[0] === FrontendType.Query) this.parsed.delete('');
    if (message[0] === FrontendType.Close) {
      const { target, name } = decodeClose(message);
      if (target === 'S') this.parsed.delete(name);
    }
    this.#settle();
  }

  #refuses(message: Buffer): boolean {
    const isQuery = message[0] === FrontendType.Query;
    if (!isQuery && message[0] !== FrontendType.Parse) return false;
    const text = isQuery ? decodeQuery(message) : decodeParse(message).query;
    if (!copyIn.test(text)) return false;
    this.write(
      encodeErrorResponse({
        severity: 'ERROR',
        code: Sqlstate.feature_not_supported,
        message: 'the demo database has no COPY FROM STDIN',
        hint: 'Use INSERT.',
      }),
    );
    if (isQuery) this.write(encodeReadyForQuery(this.#status));
    else this.#skipping = true;
    return true;
  }
}
