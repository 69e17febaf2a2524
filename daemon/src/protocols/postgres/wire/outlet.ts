import type { Duplex } from 'node:stream';

/**
 * Writes to one side of a session. Neighbouring slices of one chunk leave as one write, so that messages that only
 * pass through are neither copied nor sent one by one.
 */
export class Outlet {
  readonly #stream: Duplex;
  /** Slices before the last one. */
  #ready: Buffer[] = [];
  #buffer: Buffer | undefined;
  #start = 0;
  #end = 0;

  constructor(stream: Duplex) {
    this.#stream = stream;
  }

  /** Add `buffer[start, end)`, which must not change until it is written. */
  pass(buffer: Buffer, start: number, end: number): void {
    if (this.#buffer === buffer && this.#end === start) {
      this.#end = end;
      return;
    }
    if (this.#buffer !== undefined) this.#ready.push(this.#slice(this.#buffer));
    this.#buffer = buffer;
    this.#start = start;
    this.#end = end;
  }

  write(bytes: Buffer): void {
    this.pass(bytes, 0, bytes.length);
  }

  /** Send what was added. False: the stream asks to wait for `drain`. */
  flush(): boolean {
    const buffer = this.#buffer;
    if (buffer === undefined) return !this.#stream.writableNeedDrain;
    this.#buffer = undefined;
    const ready = this.#ready;
    if (ready.length > 0) this.#ready = [];
    if (this.#stream.destroyed || this.#stream.writableEnded) return true;
    if (ready.length === 0) return this.#stream.write(this.#slice(buffer));
    this.#stream.cork();
    for (const each of ready) this.#stream.write(each);
    const flows = this.#stream.write(this.#slice(buffer));
    this.#stream.uncork();
    return flows;
  }

  #slice(buffer: Buffer): Buffer {
    return this.#start === 0 && this.#end === buffer.length
      ? buffer
      : buffer.subarray(this.#start, this.#end);
  }
}

/** How long a peer may take to read the last bytes and hang up. */
const lingerMs = 3000;

/** For a stream that was ended: a peer that neither reads nor hangs up must not keep the daemon from ending. */
export function letGo(stream: Duplex): void {
  const timer = setTimeout(() => stream.destroy(), lingerMs).unref();
  stream.once('close', () => clearTimeout(timer));
}
