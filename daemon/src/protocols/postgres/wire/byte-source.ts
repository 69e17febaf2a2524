import type { Duplex } from 'node:stream';

/**
 * Takes exact numbers of bytes from a stream, for the part of a connection where each side waits for the other. What
 * was not taken stays in the stream, so that another reader, or TLS, finds every byte.
 */
export class ByteSource {
  readonly #stream: Duplex;
  readonly #wake: () => void;
  #ended = false;
  #abandoned = false;
  #waiting: (() => void) | undefined;

  constructor(stream: Duplex) {
    this.#stream = stream;
    this.#wake = () => {
      const waiting = this.#waiting;
      this.#waiting = undefined;
      waiting?.();
    };
    stream.on('readable', this.#wake);
    stream.on('end', this.#end);
    stream.on('close', this.#end);
    stream.on('error', this.#end);
    if (stream.destroyed || stream.readableEnded) this.#ended = true;
  }

  readonly #end = (): void => {
    this.#ended = true;
    this.#wake();
  };

  /** Bytes that have arrived and were not taken. */
  get buffered(): number {
    return this.#stream.readableLength;
  }

  /** The next `bytes` bytes, or undefined when the stream ended before them. Never rejects. One caller at a time. */
  async take(bytes: number): Promise<Buffer | undefined> {
    for (;;) {
      if (this.#stream.destroyed || this.#abandoned) return undefined;
      const taken: unknown = this.#stream.read(bytes);
      // At its end a stream gives what is left, though it is less.
      if (taken instanceof Buffer) return taken.length === bytes ? taken : undefined;
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
  }

  /** End a `take` that waits, and all later ones, with undefined. What has arrived stays in the stream. */
  abandon(): void {
    this.#abandoned = true;
    this.detach();
    this.#wake();
  }

  /** Give back what was taken last. */
  putBack(bytes: Buffer): void {
    this.#stream.unshift(bytes);
  }

  /** Stop reading, with all that has arrived left in the stream. */
  detach(): void {
    this.#stream.off('readable', this.#wake);
    this.#stream.off('end', this.#end);
    this.#stream.off('close', this.#end);
    this.#stream.off('error', this.#end);
  }

  /** Stop reading and return all that has arrived. */
  release(): Buffer {
    this.detach();
    const rest: unknown = this.#stream.destroyed ? null : this.#stream.read();
    return rest instanceof Buffer ? rest : Buffer.alloc(0);
  }
}
