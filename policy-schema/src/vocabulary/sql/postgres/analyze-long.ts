import { Worker } from 'node:worker_threads';
import type { SqlAnalysis } from './analysis.ts';

/** Texts longer than this (in UTF-16 units) would hold up everybody else while they are parsed. */
export const longTextBytes = 32 * 1024;
/** A parser that has read a text this long keeps its memory; it is replaced. */
const recycleLength = 4 * 1024 * 1024;
/** Texts that may wait for their turn. */
const maxWaiting = 64;

const defaultDeadlineMs = 2_000;
const loadMs = 10_000;

export interface AnalyzeLongOptions {
  /** Milliseconds from the moment that the text's turn has come; 2,000 by default. */
  readonly deadlineMs?: number;
}

/** Analyses texts one at a time in a worker thread of its own. */
export class LongAnalyzer {
  readonly #url: URL;
  #worker: Promise<Worker> | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** @param url The worker's script; the default is right for the source and for a bundle that keeps it beside. */
  constructor(url: URL = new URL('./parse-worker.ts', import.meta.url)) {
    this.#url = url;
  }

  /** Never rejects: what cannot be told comes back as undecidable, and the worker is replaced. */
  analyze(text: string, { deadlineMs = defaultDeadlineMs }: AnalyzeLongOptions = {}): Promise<SqlAnalysis> {
    if (this.#waiting >= maxWaiting)
      return Promise.resolve(failed('too many long statements wait to be read'));
    this.#waiting++;
    const result = this.#turn.then(() => this.#take(text, deadlineMs));
    this.#turn = result;
    return result.finally(() => {
      this.#waiting--;
    });
  }

  /** End the worker. A later text starts another. */
  async close(): Promise<void> {
    await this.#turn;
    await this.#end();
  }

  async #take(text: string, deadlineMs: number): Promise<SqlAnalysis> {
    try {
      this.#worker ??= startWorker(this.#url);
      const worker = await this.#worker;
      worker.ref();
      const answer = await nextMessage(worker, deadlineMs, () => worker.postMessage(text));
      worker.unref();
      if (answer.kind === 'message') {
        if (text.length > recycleLength) await this.#end();
        return answer.value as SqlAnalysis;
      }
      await this.#end();
      return answer.kind === 'deadline'
        ? failed(`the statement could not be read within ${deadlineMs} ms`)
        : failed('the statement could not be read');
    } catch {
      this.#worker = undefined;
      return failed('the reader of long statements did not start');
    }
  }

  async #end(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await (await worker?.catch(() => undefined))?.terminate();
  }
}

function failed(message: string): SqlAnalysis {
  const hint = 'Make it shorter, or send its data as parameters or by COPY.';
  return { statements: [], spans: [], undecidable: { code: 'deadline', message, hint }, shapeSafe: false };
}

async function startWorker(url: URL): Promise<Worker> {
  const worker = new Worker(url, { name: 'gatehouse-sql', stdin: false });
  // An error without a listener would end the process; every wait below has its own.
  worker.on('error', () => {});
  const answer = await nextMessage(worker, loadMs, () => {});
  worker.unref();
  if (answer.kind === 'message') return worker;
  await worker.terminate();
  throw new Error('the worker did not start');
}

type Answer = { readonly kind: 'message'; readonly value: unknown } | { readonly kind: 'deadline' | 'ended' };

function nextMessage(worker: Worker, deadlineMs: number, start: () => void): Promise<Answer> {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  const onMessage = (value: unknown) => resolve({ kind: 'message', value });
  const onEnd = () => resolve({ kind: 'ended' });
  const timer = setTimeout(() => resolve({ kind: 'deadline' }), deadlineMs);
  worker.once('message', onMessage).once('error', onEnd).once('exit', onEnd);
  start();
  return promise.finally(() => {
    clearTimeout(timer);
    worker.off('message', onMessage).off('error', onEnd).off('exit', onEnd);
  });
}

let shared: LongAnalyzer | undefined;

/** {@link LongAnalyzer.analyze} of the process's own one. */
export function analyzeLong(text: string, options: AnalyzeLongOptions = {}): Promise<SqlAnalysis> {
  shared ??= new LongAnalyzer();
  return shared.analyze(text, options);
}
