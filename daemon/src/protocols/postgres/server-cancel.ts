/** Cancel requests to the server, one at a time. */
export class ServerCancel {
  readonly #cancel: () => Promise<void>;
  readonly #log: (line: string) => void;
  #pending: Promise<void> | undefined;

  constructor(cancel: () => Promise<void>, log: (line: string) => void) {
    this.#cancel = cancel;
    this.#log = log;
  }

  /** One that is under way; the next unit waits for it, lest it hit that one. */
  get pending(): Promise<void> | undefined {
    return this.#pending;
  }

  /** Ask the server to stop what it works on. */
  ask(): void {
    this.#pending ??= this.#cancel()
      .catch(() => this.#log('a cancel request did not reach the server'))
      .finally(() => {
        this.#pending = undefined;
      });
  }
}
