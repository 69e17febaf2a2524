import type { Answer } from '../../core/passage.ts';

/** How much of a (masked) result the record keeps for each request. */
export interface SampleBounds {
  readonly rows: number;
  readonly bytes: number;
}

/** Why a running request is cut short: the limit's name and its bound, as the policy gives them. */
export interface Cut {
  readonly limit: 'rows' | 'bytes' | 'duration';
  readonly bound: number;
}

/**
 * What of an error's text may carry a masked value: `values` for the errors that quote data, `all` where code that
 * nobody read could have written the text.
 */
export type Withheld = 'nothing' | 'values' | 'all';

export interface RunOptions {
  readonly id: string;
  readonly sample: SampleBounds;
  readonly limits: { readonly rows?: number; readonly bytes?: number; readonly duration?: number };
  readonly withheld: Withheld;
  readonly onAnswered: (answer: Answer) => void;
  /** The limit on the duration, in milliseconds, is passed. */
  readonly onOvertime: (bound: number) => void;
}

/** One request that the server works on: counts what comes back and keeps the start of it for the record. */
export class Run {
  readonly id: string;
  /** Column names of the result that the sample speaks of. */
  columns: readonly string[] = [];
  /** Set once a limit was passed; nothing more of this request reaches the client. */
  cut: Cut | undefined;
  readonly #options: RunOptions;
  readonly #started = performance.now();
  readonly #rows: (readonly (string | null)[])[] = [];
  #sampled = 0;
  #rowCount = 0;
  #bytes = 0;
  #settled = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RunOptions) {
    this.id = options.id;
    this.#options = options;
  }

  get withheld(): Withheld {
    return this.#options.withheld;
  }

  /** The server works on it from now on. */
  start(): void {
    const { duration } = this.#options.limits;
    if (duration === undefined || this.#settled) return;
    clearTimeout(this.#timer);
    // A longer timer would fire at once.
    this.#timer = setTimeout(() => this.#options.onOvertime(duration), Math.min(duration, 0x7fffffff));
  }

  /** The server works on it no more, until it is started again. */
  pause(): void {
    clearTimeout(this.#timer);
  }

  /** Count a row of `bytes` before it goes out. False: a limit is passed and it must not. */
  countRow(bytes: number): boolean {
    const { rows } = this.#options.limits;
    if (rows !== undefined && this.#rowCount >= rows) this.cut ??= { limit: 'rows', bound: rows };
    if (!this.countBytes(bytes)) return false;
    this.#rowCount++;
    return true;
  }

  /** Count result bytes (COPY data, a function's result). False: a limit is passed and they must not go out. */
  countBytes(bytes: number): boolean {
    const { bytes: most } = this.#options.limits;
    if (most !== undefined && this.#bytes + bytes > most) this.cut ??= { limit: 'bytes', bound: most };
    if (this.cut !== undefined) return false;
    this.#bytes += bytes;
    return true;
  }

  get wantsSample(): boolean {
    return this.#rows.length < this.#options.sample.rows && this.#sampled < this.#options.sample.bytes;
  }

  keep(row: readonly (string | null)[], bytes: number): void {
    this.#rows.push(row);
    this.#sampled += bytes;
  }

  settle(outcome: Answer['outcome'], more: Pick<Answer, 'tag' | 'error'> = {}): void {
    if (this.#settled) return;
    this.#settled = true;
    this.pause();
    this.#options.onAnswered({
      outcome: this.cut === undefined ? outcome : 'cut',
      rows: this.#rowCount,
      bytes: this.#bytes,
      durationMs: Math.round((performance.now() - this.#started) * 1000) / 1000,
      ...more,
      ...(this.#rows.length === 0
        ? {}
        : {
            result: {
              columns: this.columns,
              rows: this.#rows,
              truncated: this.#rows.length < this.#rowCount,
            },
          }),
    });
  }
}
