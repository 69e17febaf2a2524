import { ProtocolFault } from '../../../core/faults.ts';

const firstBytes = 128;

/** Builds one message: an optional type byte, the Int32 length that counts itself, and the fields. */
export class MessageWriter {
  readonly #start: number;
  #buffer: Buffer;
  #at: number;

  /** Without a type: one of the packets that begin a connection. */
  constructor(type?: number) {
    this.#buffer = Buffer.allocUnsafe(firstBytes);
    this.#start = type === undefined ? 0 : 1;
    if (type !== undefined) this.#buffer[0] = type;
    this.#at = this.#start + 4;
  }

  #room(bytes: number): number {
    const at = this.#at;
    const needed = at + bytes;
    if (needed > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
      this.#buffer.copy(grown, 0, 0, at);
      this.#buffer = grown;
    }
    this.#at = needed;
    return at;
  }

  byte(value: number): this {
    const at = this.#room(1);
    this.#buffer[at] = value;
    return this;
  }

  int16(value: number): this {
    const at = this.#room(2);
    this.#buffer.writeInt16BE(value, at);
    return this;
  }

  /** A count of fields. */
  count(value: number): this {
    if (value > 0xffff) throw new ProtocolFault('oversized', `A message cannot carry ${value} fields.`);
    const at = this.#room(2);
    this.#buffer.writeUInt16BE(value, at);
    return this;
  }

  int32(value: number): this {
    const at = this.#room(4);
    this.#buffer.writeInt32BE(value, at);
    return this;
  }

  uint32(value: number): this {
    const at = this.#room(4);
    this.#buffer.writeUInt32BE(value, at);
    return this;
  }

  bytes(value: Uint8Array): this {
    const at = this.#room(value.length);
    this.#buffer.set(value, at);
    return this;
  }

  /** An Int32 length and the bytes, or -1 for null. */
  value(value: Uint8Array | null): this {
    return value === null ? this.int32(-1) : this.int32(value.length).bytes(value);
  }

  /** A text and its NUL. A NUL inside would let the other side read what follows as another field. */
  text(value: string): this {
    if (value.includes('\0'))
      throw new ProtocolFault('malformed', 'A text of the protocol cannot hold a NUL.');
    const bytes = Buffer.byteLength(value);
    const at = this.#room(bytes + 1);
    this.#buffer.write(value, at, bytes, 'utf8');
    this.#buffer[at + bytes] = 0;
    return this;
  }

  /** As {@link text}, for words that people read: a NUL is shown as U+FFFD. */
  shownText(value: string): this {
    return this.text(value.replaceAll('\0', '\ufffd'));
  }

  finish(): Buffer {
    this.#buffer.writeUInt32BE(this.#at - this.#start, this.#start);
    return this.#buffer.subarray(0, this.#at);
  }
}
