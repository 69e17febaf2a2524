/** Waits before each try: longer each time, from a tenth of a second to half a minute, and short again after a success. */
export class Backoff {
  #tries = 0;

  /** Milliseconds. Never the same for two windows, so that they do not crowd. */
  next(): number {
    const full = Math.min(30_000, 100 * 2 ** this.#tries);
    this.#tries++;
    return full / 2 + (Math.random() * full) / 2;
  }

  reset(): void {
    this.#tries = 0;
  }
}
