import type { Duplex } from 'node:stream';

/**
 * Writes to one side of a session. Neighbouring slices of one chunk leave as one write, so that messages that only
 * pass through are neither copied nor sent one by one.
 */
export class Outlet {
  readonly #stream: Duplex;
  #buffer: Buffer | undefined;
  #start = 0;
  #end = 0;
  #corked = false;

  constructor(stream: Duplex) {
    this.#stream = stream;
  }

  /** Add `buffer[start, end)`, which must not change until it is written. */
  pass(buffer: Buffer, start: number, end: number): void {
    if (this.#buffer === buffer && this.#end === start) {
      this.#end = end;
      return;
    }
    this.#push();
    this.#buffer = buffer;
    this.#start = start;
    this.#end = end;
  }

  write(bytes: Buffer): void {
    this.pass(bytes, 0, bytes.length);
  }

  /** Send what was added. False: the stream asks to wait for `drain`. */
  flush(): boolean {
    if (this.#buffer !== undefined) this.#push();
    if (this.#corked) {
      this.#corked = false;
      this.#stream.uncork();
    }
    return !this.#stream.writableNeedDrain;
  }

  #push(): void {
    const buffer = this.#buffer;
    if (buffer === undefined) return;
    this.#buffer = undefined;
    if (this.#stream.destroyed || this.#stream.writableEnded) return;
    if (!this.#corked) {
      this.#corked = true;
      this.#stream.cork();
    }
    this.#stream.write(
      this.#start === 0 && this.#end === buffer.length ? buffer : buffer.subarray(this.#start, this.#end),
    );
  }
}
