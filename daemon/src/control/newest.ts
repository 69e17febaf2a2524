/** Sends the newest of something that changes: once more when it changed on the way, and never a queue of old ones. */
export class Newest {
  readonly #send: () => Promise<void>;
  readonly #failed: () => void;
  #state: 'quiet' | 'sending' | 'changed' = 'quiet';

  constructor(send: () => Promise<void>, failed: () => void) {
    this.#send = send;
    this.#failed = failed;
  }

  readonly changed = (): void => {
    if (this.#state === 'quiet') void this.#run();
    else this.#state = 'changed';
  };

  async #run(): Promise<void> {
    try {
      do {
        this.#state = 'sending';
        await this.#send();
      } while (this.#isChanged());
      this.#state = 'quiet';
    } catch {
      this.#failed();
    }
  }

  #isChanged(): boolean {
    return this.#state === 'changed';
  }
}
