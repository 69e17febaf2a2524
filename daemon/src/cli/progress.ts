import { performance } from 'node:perf_hooks';
import { count } from './format.ts';
import { err } from './terminal.ts';

const everyMs = 100;
const width = 24;
/** What is done sooner needs no bar. */
const patience = 300;

/** A bar on the standard error of a terminal; nothing anywhere else. */
export class Progress {
  readonly #title: string;
  readonly #what: string;
  readonly #started = performance.now();
  #last = 0;
  #isShown = false;

  /** @param what is counted, in the plural */
  constructor(title: string, what: string) {
    this.#title = title;
    this.#what = what;
  }

  /** @param share from 0 to 1 */
  show(share: number, done: number): void {
    if (!err.interactive) return;
    const now = performance.now();
    if (now - this.#started < patience || now - this.#last < everyMs) return;
    this.#last = now;
    this.#isShown = true;
    const filled = Math.round(Math.min(1, share) * width);
    const bar = err.paint('cyan', '█'.repeat(filled)) + err.paint('dim', '░'.repeat(width - filled));
    const rate = Math.round((done / (now - this.#started)) * 1000);
    const line = `${this.#title} ${bar} ${String(Math.floor(Math.min(1, share) * 100)).padStart(3)} %  ${count(done)} ${this.#what}, ${count(rate)}/s`;
    err.write(`\r${line}\u001b[K`);
  }

  /** Take it away. */
  end(): void {
    if (this.#isShown) err.write('\r\u001b[K');
  }
}
