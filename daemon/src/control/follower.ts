import type { RecordLine } from '../recordings/entry.ts';
import type { Records } from '../recordings/record.ts';

export interface FollowerParts {
  readonly records: Records;
  /** The last lines of the store, oldest first. */
  readonly backlog: (lines: number) => Promise<readonly RecordLine[]>;
  /** Resolves when the line has left for the client. */
  readonly send: (line: RecordLine) => Promise<void>;
  readonly sendMissed: (lines: number) => Promise<void>;
}

/** Lines that wait for a client. Beyond it the client misses lines, and is told how many. */
const maxWaiting = 1000;

/**
 * Sends one client the last lines of the store and then each new one, without a gap or a repetition. The recorder only
 * ever hands a line over here: a client that does not read holds up nothing but itself.
 */
export class Follower {
  readonly #parts: FollowerParts;
  readonly #unsubscribe: () => void;
  #waiting: RecordLine[] = [];
  #missed = 0;
  #sent = 0;
  #phase: 'starting' | 'idle' | 'sending' | 'closed' = 'starting';

  constructor(parts: FollowerParts) {
    this.#parts = parts;
    // Before the backlog is read, so that no line falls between the two.
    this.#unsubscribe = parts.records.subscribe((line) => this.#take(line));
  }

  /** Send the backlog, then what came meanwhile; from then on lines go out as they come. */
  async start(backlog: number): Promise<void> {
    try {
      const lines = backlog === 0 ? [] : await this.#parts.backlog(backlog);
      for (const line of lines) await this.#send(line);
    } finally {
      if (this.#phase === 'starting') this.#phase = 'idle';
    }
    void this.#pump();
  }

  close(): void {
    this.#phase = 'closed';
    this.#waiting = [];
    this.#unsubscribe();
  }

  #take(line: RecordLine): void {
    if (this.#phase === 'closed') return;
    if (this.#missed > 0 || this.#waiting.length >= maxWaiting) this.#missed++;
    else this.#waiting.push(line);
    if (this.#phase === 'idle') void this.#pump();
  }

  async #pump(): Promise<void> {
    if (this.#phase !== 'idle') return;
    this.#phase = 'sending';
    try {
      while (this.#waiting.length > 0 || this.#missed > 0) {
        const lines = this.#waiting;
        this.#waiting = [];
        for (const line of lines) await this.#send(line);
        if (this.#waiting.length === 0 && this.#missed > 0) {
          const missed = this.#missed;
          this.#missed = 0;
          await this.#parts.sendMissed(missed);
        }
      }
      this.#rest();
    } catch {
      // The connection is gone; its owner closes this.
      this.close();
    }
  }

  #rest(): void {
    if (this.#phase === 'sending') this.#phase = 'idle';
  }

  async #send(line: RecordLine): Promise<void> {
    if (this.#phase === 'closed' || line.seq <= this.#sent) return;
    this.#sent = line.seq;
    await this.#parts.send(line);
  }
}
