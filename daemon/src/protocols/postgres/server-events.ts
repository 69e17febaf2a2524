/** What the server said that a session waits for. */
export type ServerEvent = 'ready' | 'copy-in' | 'error';

/** A queue of what the server said, read by whoever waits for it. */
export class ServerEvents {
  readonly #events: ServerEvent[] = [];
  #ended = false;
  #wake: (() => void) | undefined;

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
  }

  /** The next event; undefined when the session has ended. */
  async next(): Promise<ServerEvent | undefined> {
    for (;;) {
      const event = this.#events.shift();
      if (event !== undefined || this.#ended) return event;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }
}
