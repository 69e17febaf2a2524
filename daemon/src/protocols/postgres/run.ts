import type { BoundSource, Decision } from '@gatehouse/policy-schema/evaluate/decision.ts';
import type { Answer } from '../../core/passage.ts';
import type { Exceeded } from '../../core/usage.ts';

/** How much of a (masked) result the record keeps for each request. */
export interface SampleBounds {
  readonly rows: number;
  readonly bytes: number;
}

/** Why a running request is cut short: a limit of its own, or a budget that it shares. */
export type Cut =
  | {
      readonly kind: 'limit';
      readonly limit: 'rows' | 'bytes' | 'duration';
      readonly bound: number;
      readonly source: BoundSource | undefined;
    }
  | { readonly kind: 'budget'; readonly exceeded: Exceeded };

/**
 * What of an error's text may carry a masked value: `values` for the errors that quote data, `all` where code that
 * nobody read could have written the text.
 */
export type Withheld = 'nothing' | 'values' | 'all';

export interface RunOptions {
  readonly id: string;
  readonly sample: SampleBounds;
  readonly decision: Pick<Decision, 'limits' | 'limitSources'>;
  /** Count towards the budgets; what comes back has no room. */
  readonly spend: (rows: number, bytes: number) => Exceeded | undefined;
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
    const { duration } = this.#options.decision.limits;
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
    const { rows } = this.#options.decision.limits;
    if (rows !== undefined && this.#rowCount >= rows) this.#pass('rows', rows);
    if (!this.#count(1, bytes)) return false;
    this.#rowCount++;
    return true;
  }

  /** Count result bytes (COPY data, a function's result). False: a limit is passed and they must not go out. */
  countBytes(bytes: number): boolean {
    return this.#count(0, bytes);
  }

  /** It takes longer than its limit of so many milliseconds. */
  late(bound: number): void {
    this.#pass('duration', bound);
  }

  #count(rows: number, bytes: number): boolean {
    const { bytes: most } = this.#options.decision.limits;
    if (most !== undefined && this.#bytes + bytes > most) this.#pass('bytes', most);
    if (this.cut !== undefined) return false;
    const exceeded = this.#options.spend(rows, bytes);
    if (exceeded !== undefined) {
      this.cut = { kind: 'budget', exceeded };
      return false;
    }
    this.#bytes += bytes;
    return true;
  }

  #pass(limit: Extract<Cut, { kind: 'limit' }>['limit'], bound: number): void {
    const source = this.#options.decision.limitSources[limit];
    this.cut ??= { kind: 'limit', limit, bound, source };
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
