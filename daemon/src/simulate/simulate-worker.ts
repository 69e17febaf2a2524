import { parentPort, workerData } from 'node:worker_threads';
import { RecordFault } from '../core/faults.ts';
import { type RangeProgress, RangeSimulation, type SimulationTask } from './simulate-ranges.ts';
import type { StoreRange } from './store-lines.ts';
import type { TallyData } from './tally.ts';

/** One of the threads of simulate.ts. */

export type ToWorker = { readonly range: StoreRange } | 'end';
export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly done: RangeProgress }
  | { readonly kind: 'result'; readonly tally: TallyData }
  | { readonly kind: 'fault'; readonly code: RecordFault['code']; readonly message: string };

const port = parentPort;
if (port === null) throw new Error('This file runs as a worker of simulate.ts.');
const tell = (message: FromWorker): void => port.postMessage(message);

const simulation = await RangeSimulation.open(workerData as SimulationTask);
port.on('message', (message: ToWorker) => {
  try {
    if (message === 'end') {
      tell({ kind: 'result', tally: simulation.end().data() });
      port.close();
      return;
    }
    simulation.take(message.range, (done) => tell({ kind: 'progress', done }));
    tell({ kind: 'ready' });
  } catch (error) {
    if (!(error instanceof RecordFault)) throw error;
    tell({ kind: 'fault', code: error.code, message: error.message });
    port.close();
  }
});
tell({ kind: 'ready' });
