import { parentPort } from 'node:worker_threads';
import { analyzeSql, loadSqlParser } from './analyze.ts';

/** The other side of analyze-long.ts: one text in, one analysis out, in order. */
await loadSqlParser();
parentPort?.on('message', (text: string) => {
  parentPort?.postMessage(analyzeSql(text));
});
parentPort?.postMessage('ready');
