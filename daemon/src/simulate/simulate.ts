import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { RecordFault } from '../core/faults.ts';
import type { FromWorker, ToWorker } from './simulate-worker.ts';
import { type RangeProgress, RangeSimulation, type SimulationTask } from './simulate-ranges.ts';
import type { Simulation } from './simulation.ts';
import { rangesSince, type StoreRange } from './store-lines.ts';
import { Tally, type TallyData } from './tally.ts';

export interface SimulateOptions {
  /** Called now and then; `all` is the bytes that are read in the end. */
  readonly progress?: (done: RangeProgress & { readonly all: number }) => void;
  /** By the processors and the size of the store unless told; 0: none but this one. */
  readonly threads?: number;
}

/** Starting a thread costs more than reading so much. */
const worthThreads = 16 * 1024 * 1024;
const mostThreads = 8;

/**
 * For a process that does nothing but simulate: few different texts are read, so making the parser's code faster would cost
 * more than it brings, half a gigabyte for a moment and a second of a processor. Before anything is simulated.
 */
export function forThisAlone(): void {
  setFlagsFromString('--no-wasm-tier-up');
  setFlagsFromString('--no-wasm-dynamic-tiering');
}

/**
 * Decide every recorded request of a time again, and say what would change. The index must be up to date: it tells the
 * sessions that were opened before. Memory does not grow with the number of requests.
 * @throws RecordFault `store-corrupt`
 */
export async function simulate(task: SimulationTask, options: SimulateOptions = {}): Promise<Simulation> {
  const ranges = rangesSince(task.folder, task.since);
  const all = ranges.reduce((sum, { from, to }) => sum + to - from, 0);
  const done = { bytes: 0, requests: 0 };
  const progress = ({ bytes, requests }: RangeProgress): void => {
    done.bytes += bytes;
    done.requests += requests;
    options.progress?.({ ...done, all });
  };
  const threads =
    options.threads ??
    (all < worthThreads ? 0 : Math.min(availableParallelism(), ranges.length, mostThreads));
  const tally = new Tally();
  if (threads === 0) tally.merge(await inThisThread(task, ranges, progress));
  else
    for (const part of await inThreads(task, ranges, { threads: Math.min(threads, ranges.length), progress }))
      tally.merge(part);
  return tally.result(task.since);
}

async function inThisThread(
  task: SimulationTask,
  ranges: readonly StoreRange[],
  progress: (done: RangeProgress) => void,
): Promise<TallyData> {
  const simulation = await RangeSimulation.open(task);
  try {
    for (const range of ranges) {
      simulation.take(range, progress);
      await setImmediate();
    }
    return simulation.end();
  } finally {
    simulation.close();
  }
}

/** Each thread takes the next part when it is done with one. */
async function inThreads(
  task: SimulationTask,
  ranges: readonly StoreRange[],
  { threads, progress }: { readonly threads: number; readonly progress: (done: RangeProgress) => void },
): Promise<readonly TallyData[]> {
  const waiting = [...ranges];
  const workers: Worker[] = [];
  const one = (): Promise<TallyData> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./simulate-worker.ts', import.meta.url), { workerData: task });
      workers.push(worker);
      const tell = (message: ToWorker): void => worker.postMessage(message);
      worker.on('message', (message: FromWorker) => {
        switch (message.kind) {
          case 'ready': {
            const range = waiting.shift();
            tell(range === undefined ? 'end' : { range });
            return;
          }
          case 'progress':
            return progress(message.done);
          case 'result':
            return resolve(message.tally);
          case 'fault':
            return reject(new RecordFault(message.code, message.message));
        }
      });
      worker.on('error', reject);
      worker.on('exit', () => reject(new Error('A thread that decides again has ended.')));
    });
  try {
    return await Promise.all(Array.from({ length: threads }, one));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
