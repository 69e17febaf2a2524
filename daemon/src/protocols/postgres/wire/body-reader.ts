import { isUtf8 } from 'node:buffer';
import { ProtocolFault } from '../../../core/faults.ts';

const headerBytes = 5;

/**
 * Reads the fields of one whole message in order and trusts no length in it. Every method throws ProtocolFault
 * `malformed`, and nothing else, on bytes that do not fit.
 */
export class BodyReader {
  readonly #buffer: Buffer;
  readonly #end: number;
  readonly #message: string;
  #at: number;

  private constructor(buffer: Buffer, at: number, end: number, message: string) {
    this.#buffer = buffer;
    this.#at = at;
    this.#end = end;
    this.#message = message;
  }

  /** A reader on `buffer[start, end)`: type byte, Int32 length that counts itself, body. */
  static frame(buffer: Buffer, start: number, end: number, type: number, message: string): BodyReader {
    const reader = new BodyReader(buffer, start + headerBytes, end, message);
    if (start < 0 || end > buffer.length || end - start < headerBytes) reader.fail('is cut off');
    if (buffer[start] !== type) reader.fail('has another type byte');
    if (buffer.readUInt32BE(start + 1) !== end - start - 1) reader.fail('has a length that is not its own');
    return reader;
  }

  /** A reader on `buffer[start, end)`, which begins with an Int32 length and has no type byte. */
  static packet(buffer: Buffer, start: number, end: number, message: string): BodyReader {
    const reader = new BodyReader(buffer, start + 4, end, message);
    if (start < 0 || end > buffer.length || end - start < 4) reader.fail('is cut off');
    if (buffer.readUInt32BE(start) !== end - start) reader.fail('has a length that is not its own');
    return reader;
  }

  get left(): number {
    return this.#end - this.#at;
  }

  fail(how: string): never {
    throw new ProtocolFault('malformed', `The ${this.#message} ${how}.`);
  }

  #take(bytes: number): number {
    const at = this.#at;
    if (bytes > this.#end - at) this.fail('ends in the middle of a field');
    this.#at = at + bytes;
    return at;
  }

  byte(): number {
    // In bounds: #take has checked.
    return this.#buffer[this.#take(1)] as number;
  }

  int16(): number {
    return this.#buffer.readInt16BE(this.#take(2));
  }

  /** Counts are unsigned on the wire: a Bind may carry 65,535 parameters. */
  uint16(): number {
    return this.#buffer.readUInt16BE(this.#take(2));
  }

  int32(): number {
    return this.#buffer.readInt32BE(this.#take(4));
  }

  uint32(): number {
    return this.#buffer.readUInt32BE(this.#take(4));
  }

  /** The next `length` bytes: a view, not a copy. */
  bytes(length: number): Buffer {
    const at = this.#take(length);
    return this.#buffer.subarray(at, at + length);
  }

  /** An Int32 length and as many bytes, or null for -1. A view, not a copy. */
  value(): Buffer | null {
    const length = this.int32();
    if (length === -1) return null;
    if (length < 0) this.fail(`has a value of ${length} bytes`);
    return this.bytes(length);
  }

  #terminated(): [start: number, end: number] {
    const start = this.#at;
    const end = this.#buffer.indexOf(0, start);
    if (end === -1 || end >= this.#end) this.fail('has a text without its terminator');
    this.#at = end + 1;
    return [start, end];
  }

  /** A text up to its NUL. Must be UTF-8: what cannot be read exactly cannot be decided. */
  text(): string {
    const [start, end] = this.#terminated();
    const text = this.#buffer.toString('utf8', start, end);
    // What is not valid reads as U+FFFD, which a text may hold as well.
    if (text.includes('\ufffd') && !isUtf8(this.#buffer.subarray(start, end)))
      this.fail('has a text that is not valid UTF-8');
    return text;
  }

  /**
   * A text of the server's for people and records; what is no UTF-8 reads as U+FFFD. A server of encoding SQL_ASCII
   * converts nothing, and a column's odd name must not end a session.
   */
  shownText(): string {
    const [start, end] = this.#terminated();
    return this.#buffer.toString('utf8', start, end);
  }

  /** `count` times what `read` gives, refused before reading when `least` bytes each cannot be there. */
  list<T>(count: number, least: number, read: () => T): T[] {
    if (count * least > this.left) this.fail(`counts ${count} fields and is too short for them`);
    const list: T[] = [];
    for (let index = 0; index < count; index++) list.push(read());
    return list;
  }

  /** The message must end here. */
  done(): void {
    if (this.#at !== this.#end) this.fail(`has ${this.#end - this.#at} bytes after its end`);
  }
}
