import { parentPort, workerData } from 'node:worker_threads';
import type { IndexingMessage, IndexingOrder } from './indexing.ts';
import { openIndex } from './store-index.ts';

/** The thread behind indexing.ts: takes in what is new whenever it is told to. */

const port = parentPort;
if (port === null) throw new Error('This file runs as a worker of indexing.ts.');
const { folder } = workerData as { readonly folder: string };
const index = openIndex(folder);
const stopping = new AbortController();

port.on('message', (order: IndexingOrder) => {
  if (order.kind === 'stop') {
    stopping.abort();
    index.close();
    port.close();
    return;
  }
  void run(order.number, order.pause);
});

async function run(number: number, pause: number): Promise<void> {
  let message: IndexingMessage;
  try {
    const result = await index.catchUp({ slice: 500, pause, signal: stopping.signal });
    message = { number, result };
  } catch (error) {
    message = { number, problem: error instanceof Error ? error.message : String(error) };
  }
  port?.postMessage(message);
}
