import { Worker } from 'node:worker_threads';
import { RecordFault } from '../core/faults.ts';
import type { Recorder } from './recorder.ts';
import type { CatchUp } from './store-index.ts';

export type IndexingOrder =
  | { readonly kind: 'catch-up'; readonly number: number; readonly pause: number }
  | { readonly kind: 'stop' };

export type IndexingMessage =
  | { readonly number: number; readonly result: CatchUp }
  | { readonly number: number; readonly problem: string };

export interface Indexing {
  /** Take in everything that is safe by now, without pauses. @throws RecordFault when the index cannot be written */
  now(): Promise<CatchUp>;
  close(): Promise<void>;
}

export interface IndexingOptions {
  /** Milliseconds between looks; 1000 unless told. */
  readonly every?: number;
  /**
   * Called when indexing fails or finds the segments changed or damaged; it is tried again at the next look. Records and
   * permits do not depend on it.
   */
  readonly onProblem?: (message: string) => void;
}

/** More new lines than this between two looks, and indexing can wait. */
const busyLines = 500;
/** Looks that are put off in a row before the index is brought along all the same, slowly. */
const longestPutOff = 60;

interface Waiting {
  readonly resolve: (result: CatchUp) => void;
  readonly reject: (fault: RecordFault) => void;
}

/**
 * Keep a daemon's index near its records. SQLite is synchronous, and a write of it may wait for a busy disk however
 * short the slice, so it has a thread of its own and reads the segments itself: the thread that relays does nothing for
 * it but look once a second whether there is anything new. It rests three times as long as it works, and waits while many
 * records come in.
 */
export function startIndexing(
  recorder: Pick<Recorder, 'folder' | 'lines'>,
  options: IndexingOptions = {},
): Indexing {
  const worker = new Worker(new URL('./index-worker.ts', import.meta.url), {
    workerData: { folder: recorder.folder },
    // Node 22 says that SQLite may still change there; what is used of it has not.
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  worker.unref();
  const waiting = new Map<number, Waiting>();
  let numbers = 0;
  let looked = -1;
  let seen = recorder.lines;
  let putOff = 0;
  /** A problem that lasts is told once. */
  let told: string | undefined;
  let ended: RecordFault | undefined;

  const order = (pause: number): Promise<CatchUp> => {
    if (ended !== undefined) return Promise.reject(ended);
    const number = ++numbers;
    // Whoever waits for it keeps the process up; a look that nobody waits for does not.
    if (pause === 0) worker.ref();
    return new Promise((resolve, reject) => {
      waiting.set(number, { resolve, reject });
      const message: IndexingOrder = { kind: 'catch-up', number, pause };
      worker.postMessage(message);
    });
  };
  const end = (why: string): void => {
    ended ??= new RecordFault('store-unwritable', `The index in ${recorder.folder} is not kept: ${why}.`);
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  worker.on('message', (message: IndexingMessage) => {
    const each = waiting.get(message.number);
    waiting.delete(message.number);
    if (waiting.size === 0) worker.unref();
    if ('result' in message) each?.resolve(message.result);
    else each?.reject(new RecordFault('store-unwritable', message.problem));
  });
  worker.on('error', (error) => {
    end(error instanceof Error ? error.message : 'its thread failed');
    options.onProblem?.(ended?.message ?? '');
  });
  const exited = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      end('its thread has ended');
      resolve();
    });
  });

  const timer = setInterval(() => {
    const grown = recorder.lines - seen;
    seen = recorder.lines;
    // One at a time, and none while nothing was written.
    if (waiting.size > 0 || ended !== undefined || recorder.lines === looked) return;
    // Under load the processors belong to the requests. Whoever reads the index brings it up to date first.
    const busy = grown > busyLines;
    if (busy && ++putOff < longestPutOff) return;
    putOff = 0;
    looked = recorder.lines;
    order(busy ? 19 : 3).then(
      (result) => {
        told = undefined;
        for (const problem of problemsOf(result)) options.onProblem?.(problem);
      },
      (fault: RecordFault) => {
        looked = -1;
        if (ended !== undefined || told === fault.message) return;
        told = fault.message;
        options.onProblem?.(fault.message);
      },
    );
  }, options.every ?? 1000).unref();

  return {
    now: () => order(0),
    close: async () => {
      clearInterval(timer);
      if (ended === undefined) {
        worker.ref();
        const stop: IndexingOrder = { kind: 'stop' };
        worker.postMessage(stop);
      }
      await exited;
    },
  };
}

function problemsOf({ rebuilt, damage }: CatchUp): readonly string[] {
  return [
    ...(rebuilt === undefined ? [] : [`The index was begun anew: ${rebuilt}. Run \`gatehouse verify\`.`]),
    ...(damage === undefined
      ? []
      : [
          `The records are damaged in segment ${damage.segment}: ${damage.message}. Run \`gatehouse verify\`.`,
        ]),
  ];
}
