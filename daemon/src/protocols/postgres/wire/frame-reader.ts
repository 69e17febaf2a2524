import { ProtocolFault } from '../../../core/faults.ts';

/**
 * Cuts a stream of bytes into messages (type byte, Int32 length that counts itself, body; "Message Formats" in
 * PostgreSQL's protocol chapter) without copying them. Pull-based, so that a caller can stop in the middle of a chunk
 * and hold what follows.
 */

/** The type byte and the length field. */
export const frameHeaderBytes = 5;

export interface FrameRules {
  /** The largest whole message of this type, in bytes with its header. What is larger is skipped, see `oversized`. */
  bound(type: number): number;
  /** Types whose messages may be handed on in pieces, so that their size needs no bound. */
  streams(type: number): boolean;
}

/**
 * What `next()` found.
 * - `whole`: `buffer[start, end)` is one message.
 * - `piece`: `buffer[start, end)` is a part of a streamed message; `last` tells whether it is the last.
 * - `oversized`: a message over its bound was read and thrown away; `buffer[start, end)` is its beginning.
 */
export type FrameKind = 'whole' | 'piece' | 'oversized';

/** How much of an oversized message is kept to show what it was. */
const oversizedPrefixBytes = 4096;

type Mode =
  | { readonly kind: 'headers' }
  | { readonly kind: 'streaming'; left: number }
  | { readonly kind: 'skipping'; left: number; readonly prefix: Buffer[]; kept: number }
  | { readonly kind: 'gathering'; left: number; readonly chunks: Buffer[] };

const headers: Mode = { kind: 'headers' };
const empty = Buffer.alloc(0);

export class FrameReader {
  /** Valid after `next()` returned true, until the next call. The bytes themselves stay valid. */
  kind: FrameKind = 'whole';
  type = 0;
  buffer: Buffer = empty;
  start = 0;
  end = 0;
  last = true;

  readonly #rules: FrameRules;
  #chunks: Buffer[] = [];
  #position = 0;
  #mode: Mode = headers;
  #buffered = 0;

  constructor(rules: FrameRules) {
    this.#rules = rules;
  }

  /** Bytes pushed and not yet handed out. */
  get buffered(): number {
    return this.#buffered;
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
  }

  /**
   * Move to the next message or piece. False: more bytes are needed.
   * @throws ProtocolFault `malformed` when a length is impossible. The stream cannot be read on after that.
   */
  next(): boolean {
    for (;;) {
      const chunk = this.#chunks[0];
      if (chunk === undefined) return false;
      if (this.#position === chunk.length) {
        this.#chunks.shift();
        this.#position = 0;
        continue;
      }
      switch (this.#mode.kind) {
        case 'headers':
          if (!this.#header(chunk)) return false;
          if (this.#mode.kind === 'headers') return true;
          continue;
        case 'streaming':
          this.#stream(this.#mode, chunk);
          return true;
        case 'skipping':
          if (this.#skip(this.#mode, chunk)) return true;
          continue;
        case 'gathering':
          if (this.#gather(this.#mode, chunk)) return true;
          continue;
      }
    }
  }

  /** At a header. Hands out a whole message, or changes the mode. False: more bytes are needed. */
  #header(first: Buffer): boolean {
    let chunk = first;
    if (chunk.length - this.#position < frameHeaderBytes) {
      if (this.#buffered < frameHeaderBytes) return false;
      // A header across chunks: join what is there, which is rare and short.
      chunk = Buffer.concat([chunk.subarray(this.#position), ...this.#chunks.slice(1)]);
      this.#chunks = [chunk];
      this.#position = 0;
    }
    const start = this.#position;
    const type = chunk[start] as number;
    const length = chunk.readUInt32BE(start + 1);
    if (length < 4 || length > 0x7fffffff) {
      throw new ProtocolFault(
        'malformed',
        `A message of type 0x${type.toString(16)} says it is ${length} bytes long.`,
      );
    }
    this.type = type;
    const total = length + 1;
    if (this.#rules.streams(type)) {
      if (chunk.length - start >= total) this.#hand('whole', chunk, start, start + total);
      else this.#mode = { kind: 'streaming', left: total };
    } else if (total > this.#rules.bound(type)) {
      this.#mode = { kind: 'skipping', left: total, prefix: [], kept: 0 };
    } else if (chunk.length - start >= total) {
      this.#hand('whole', chunk, start, start + total);
    } else {
      this.#mode = { kind: 'gathering', left: total, chunks: [] };
    }
    return true;
  }

  #stream(mode: { left: number }, chunk: Buffer): void {
    const take = Math.min(mode.left, chunk.length - this.#position);
    mode.left -= take;
    this.last = mode.left === 0;
    if (this.last) this.#mode = headers;
    this.#hand('piece', chunk, this.#position, this.#position + take, this.last);
  }

  #skip(mode: { left: number; readonly prefix: Buffer[]; kept: number }, chunk: Buffer): boolean {
    const take = Math.min(mode.left, chunk.length - this.#position);
    if (mode.kept < oversizedPrefixBytes) {
      const keep = Math.min(take, oversizedPrefixBytes - mode.kept);
      mode.prefix.push(Buffer.from(chunk.subarray(this.#position, this.#position + keep)));
      mode.kept += keep;
    }
    mode.left -= take;
    this.#advance(take);
    if (mode.left > 0) return false;
    this.#mode = headers;
    const prefix = Buffer.concat(mode.prefix);
    this.#set('oversized', prefix, 0, prefix.length);
    return true;
  }

  #gather(mode: { left: number; readonly chunks: Buffer[] }, chunk: Buffer): boolean {
    const take = Math.min(mode.left, chunk.length - this.#position);
    mode.chunks.push(chunk.subarray(this.#position, this.#position + take));
    mode.left -= take;
    this.#advance(take);
    if (mode.left > 0) return false;
    this.#mode = headers;
    const whole = Buffer.concat(mode.chunks);
    this.#set('whole', whole, 0, whole.length);
    return true;
  }

  #hand(kind: FrameKind, chunk: Buffer, start: number, end: number, last = true): void {
    this.#advance(end - start);
    this.#set(kind, chunk, start, end);
    this.last = last;
  }

  #set(kind: FrameKind, buffer: Buffer, start: number, end: number): void {
    this.kind = kind;
    this.buffer = buffer;
    this.start = start;
    this.end = end;
    this.last = true;
  }

  #advance(bytes: number): void {
    this.#position += bytes;
    this.#buffered -= bytes;
  }
}
