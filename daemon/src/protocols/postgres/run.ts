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
  readonly decision: Pick<Decision, 'limits' | 'limitSources' | 'budgets'>;
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
  #outstanding = 0;
  #over: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RunOptions) {
    this.id = options.id;
    this.#options = options;
  }

  get withheld(): Withheld {
    return this.#options.withheld;
  }

  /** The server is to work on it from now on; once for each Execute of a portal. */
  start(): void {
    if (this.#settled) return;
    this.#outstanding++;
    this.time();
  }

  /** Its time begins now. */
  time(): void {
    const { duration } = this.#options.decision.limits;
    if (duration === undefined || this.#settled) return;
    clearTimeout(this.#timer);
    // A longer timer would fire at once.
    this.#timer = setTimeout(() => this.#options.onOvertime(duration), Math.min(duration, 0x7fffffff));
  }

  /** One {@link start} of it is answered. */
  pause(): void {
    clearTimeout(this.#timer);
    this.#outstanding--;
    if (this.#outstanding > 0) this.time();
    else this.#over?.();
  }

  get isRunning(): boolean {
    return this.#outstanding > 0 && !this.#settled;
  }

  /** Resolves when the server works on it no more. */
  over(): Promise<void> {
    if (!this.isRunning) return Promise.resolve();
    return new Promise((resolve) => {
      this.#over = resolve;
    });
  }

  /** A limit on its time holds. */
  get isTimed(): boolean {
    return this.#options.decision.limits.duration !== undefined;
  }

  /** Some limit or budget may cut it by what it returns. */
  get countsRows(): boolean {
    const { limits, budgets } = this.#options.decision;
    return limits.rows !== undefined || limits.bytes !== undefined || budgets.some(({ of }) => of !== 'cost');
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
    clearTimeout(this.#timer);
    this.#over?.();
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
