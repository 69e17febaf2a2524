import type { Awaitable } from '../../core/awaitable.ts';
import type { Reading } from './reading.ts';
import type { Run } from './run.ts';

/** One message of a batch, to be sent on. */
export interface Send {
  readonly send: () => void;
  /** Present for an Execute; the run is there once it was granted. */
  readonly executes?: { readonly reading: Reading; readonly run: () => Run | undefined };
}

/** Actions that leave nothing behind. */
const reads: ReadonlySet<string> = new Set([
  'select',
  'values',
  'show',
  'fetch',
  'declare',
  'close',
  'explain',
]);

/** Statements that may return rows, or COPY data; the rest only does so by RETURNING. */
const returns: ReadonlySet<string> = new Set([
  'SelectStmt',
  'ExecuteStmt',
  'CopyStmt',
  'FetchStmt',
  'ExplainStmt',
]);

/**
 * A request that returns too much is cut before the server knows of it, and a batch without its Sync is one transaction.
 * So that nothing behind the cut runs, and nothing before it is committed, messages wait until what runs can be cut no
 * more. Requests without such bounds, and single reads, wait for nothing.
 */
export class BatchPace {
  /** The last Execute whose result may be cut. */
  #last: Run | undefined;
  #writes = false;

  /** Send on in order. False: a request was cut, and the rest was not sent. */
  send(sends: readonly Send[], flush: () => void): Awaitable<boolean> {
    for (let at = 0; at < sends.length; at++) {
      const each = sends[at] as Send;
      if (each.executes !== undefined && this.#last?.isRunning === true)
        return this.#later(sends.slice(at), flush);
      this.#one(each, flush);
    }
    return true;
  }

  /** Before the Sync that commits what was done. */
  settled(flush: () => void): Awaitable<unknown> {
    if (!this.#writes || this.#last?.isRunning !== true) return undefined;
    flush();
    return this.#last.over();
  }

  /** The batch is over. */
  clear(): void {
    this.#last = undefined;
    this.#writes = false;
  }

  async #later(sends: readonly Send[], flush: () => void): Promise<boolean> {
    for (const each of sends) {
      if (each.executes !== undefined && this.#last?.isRunning === true) {
        flush();
        await this.#last.over();
      }
      if (this.#last?.cut !== undefined) return false;
      this.#one(each, flush);
    }
    return true;
  }

  #one({ send, executes }: Send, flush: () => void): void {
    send();
    if (executes === undefined) return;
    const { reading, run } = executes;
    const { actions } = reading.request;
    this.#writes ||= reading.opaque || actions.some(({ kind }) => !reads.has(kind));
    const own = run();
    // The time of what comes next begins when this is answered, which must not wait in the server's buffer.
    if (own?.isTimed === true) flush();
    const mayReturn =
      !reading.copiesIn &&
      (reading.statements.some(({ node }) => returns.has(node)) || /returning/i.test(reading.request.text));
    if (mayReturn && own?.countsRows === true) this.#last = own;
  }
}
