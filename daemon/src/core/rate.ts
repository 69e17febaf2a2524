/** Requests of the last minute by key, for `statementsPerMinute`. A sliding window of 60 one-second slots. */

const slots = 60;

interface Window {
  readonly counts: Uint32Array;
  /** The second (Unix time) of the newest slot. */
  second: number;
  total: number;
}

export class RateMeter {
  readonly #windows = new Map<string, Window>();

  /** Count one request of `key` at `now` (milliseconds) unless `limit` is reached. True when it was counted. */
  take(key: string, limit: number, now: number): boolean {
    const second = Math.floor(now / 1000);
    let window = this.#windows.get(key);
    if (window === undefined) {
      window = { counts: new Uint32Array(slots), second, total: 0 };
      this.#windows.set(key, window);
    }
    // A clock that was set back must not open the window anew: time only moves forward here.
    for (let passed = 0; window.second < second && passed < slots; passed++) {
      window.second++;
      const slot = window.second % slots;
      window.total -= window.counts[slot] ?? 0;
      window.counts[slot] = 0;
    }
    if (window.second < second) window.second = second;
    if (window.total >= limit) return false;
    const slot = window.second % slots;
    window.counts[slot] = (window.counts[slot] ?? 0) + 1;
    window.total++;
    return true;
  }
}
