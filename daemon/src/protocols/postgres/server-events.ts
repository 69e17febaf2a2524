import type { Awaitable } from '../../core/awaitable.ts';

/** What the server said that a session waits for. */
export type ServerEvent = 'ready' | 'copy-in' | 'error';

/** A queue of what the server said, read by whoever waits for it. */
export class ServerEvents {
  readonly #events: ServerEvent[] = [];
  #ended = false;
  #wake: (() => void) | undefined;
  #heard: (() => void) | undefined;

  push(event: ServerEvent): void {
    // What came before a ReadyForQuery is over with it.
    if (event === 'ready') this.#events.length = 0;
    this.#events.push(event);
    this.#wake?.();
  }

  /** Nothing more will come. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
    this.#heard?.();
  }

  /** Bytes of the server were taken in. */
  heard(): void {
    this.#heard?.();
  }

  /** Wait until nothing is outstanding, or nothing more will come. */
  async answered(replies: { readonly idle: boolean }): Promise<void> {
    while (!replies.idle && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
    this.#heard = undefined;
  }

  /** Wait until {@link take} has something to say. */
  some(): Awaitable<void> {
    if (this.#events.length > 0 || this.#ended) return undefined;
    return new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  /** The next event; undefined when there is none, or none will come. */
  take(): ServerEvent | undefined {
    return this.#events.shift();
  }
}
