import { Worker } from 'node:worker_threads';
import { ConfigFault, RecordFault } from '../core/faults.ts';
import type { Indexing } from '../recordings/indexing.ts';
import type { Questions, Review } from './questions.ts';

export interface ReviewSetting {
  /** Of the records. */
  readonly folder: string;
  readonly workspaceFolder: string;
}

export interface ReviewQuestion {
  readonly number: number;
  readonly name: keyof Questions;
  readonly params: Questions[keyof Questions]['params'];
}

export type ReviewAnswer = { readonly number: number } & (
  | { readonly kind: 'result'; readonly result: unknown }
  | { readonly kind: 'record'; readonly code: RecordFault['code']; readonly message: string }
  | { readonly kind: 'config'; readonly code: ConfigFault['code']; readonly message: string }
  | { readonly kind: 'unexpected'; readonly message: string }
);

export interface ReviewOptions extends ReviewSetting {
  readonly indexing: Pick<Indexing, 'now'>;
  /** Milliseconds without a question after which the thread ends; 60 seconds unless told. */
  readonly idleMs?: number;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** How long a question waits for the index to take in the last records. What it has by then is told. */
const freshWithinMs = 2000;
const usualIdleMs = 60_000;

/**
 * Answers questions about the record in a thread of its own, which is there while somebody asks: reading a large store
 * or deciding a thousand requests again holds up nobody whose request waits for its decision.
 */
export function openReview(options: ReviewOptions): Review {
  const { folder, workspaceFolder, indexing, idleMs = usualIdleMs } = options;
  const setting: ReviewSetting = { folder, workspaceFolder };
  const waiting = new Map<number, Waiting>();
  let numbers = 0;
  let worker: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let closed = false;

  const end = (ended: Worker, why: Error): void => {
    if (worker !== ended) return;
    worker = undefined;
    clearTimeout(idle);
    for (const { reject } of waiting.values()) reject(why);
    waiting.clear();
  };
  const start = (): Worker => {
    const made = new Worker(new URL('./review-worker.ts', import.meta.url), { workerData: setting });
    made.on('message', (answer: ReviewAnswer) => {
      const asker = waiting.get(answer.number);
      waiting.delete(answer.number);
      if (waiting.size === 0) {
        made.unref();
        idle = setTimeout(() => {
          // Whoever asks from now on starts another.
          worker = undefined;
          void made.terminate();
        }, idleMs).unref();
      }
      if (answer.kind === 'result') asker?.resolve(answer.result);
      else asker?.reject(errorOf(answer));
    });
    made.on('error', (error) => end(made, error instanceof Error ? error : new Error(String(error))));
    made.on('exit', () => end(made, new Error('The thread that reads the records has ended.')));
    return made;
  };

  return {
    async ask<Name extends keyof Questions>(
      name: Name,
      params: Questions[Name]['params'],
    ): Promise<Questions[Name]['result']> {
      await fresh(indexing);
      if (closed) throw new RecordFault('store-closed', 'The daemon is ending.');
      clearTimeout(idle);
      worker ??= start();
      worker.ref();
      const question: ReviewQuestion = { number: ++numbers, name, params };
      const asked = worker;
      // The thread answers each question with its own kind of result.
      return new Promise<Questions[Name]['result']>((resolve, reject) => {
        waiting.set(question.number, { resolve: resolve as (result: unknown) => void, reject });
        asked.postMessage(question);
      });
    },
    async close() {
      closed = true;
      await worker?.terminate();
    },
  };
}

/** Let the index take in the last records, unless that takes long or cannot be: what it has is still worth telling. */
async function fresh(indexing: Pick<Indexing, 'now'>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, freshWithinMs);
  });
  await Promise.race([
    indexing.now().then(
      () => {},
      () => {},
    ),
    late,
  ]);
  clearTimeout(timer);
}

function errorOf(answer: Exclude<ReviewAnswer, { readonly kind: 'result' }>): Error {
  switch (answer.kind) {
    case 'record':
      return new RecordFault(answer.code, answer.message);
    case 'config':
      return new ConfigFault(answer.code, answer.message);
    case 'unexpected':
      return new Error(answer.message);
  }
}
