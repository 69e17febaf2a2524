/** Failed attempts by peer: a token bucket each, so that a guesser is slowed and cannot fill a log. */

const burst = 10;
/** One attempt comes back in this many milliseconds. */
const refillMs = 2000;
/** Peers that are remembered; beyond it the oldest is forgotten. Loopback has few. */
const maxPeers = 1024;

interface Bucket {
  readonly left: number;
  /** Milliseconds on the caller's clock. */
  readonly at: number;
}

export class FailedAttempts {
  readonly #buckets = new Map<string, Bucket>();

  /** Count one failure of `peer` at `now` (milliseconds). False when it has used up its share. */
  take(peer: string, now: number): boolean {
    const before = this.#buckets.get(peer) ?? { left: burst, at: now };
    const left = Math.min(burst, before.left + Math.max(0, now - before.at) / refillMs);
    const allowed = left >= 1;
    this.#buckets.delete(peer);
    this.#buckets.set(peer, { left: allowed ? left - 1 : left, at: Math.max(now, before.at) });
    if (this.#buckets.size > maxPeers) {
      const [oldest] = this.#buckets.keys();
      if (oldest !== undefined) this.#buckets.delete(oldest);
    }
    return allowed;
  }
}
