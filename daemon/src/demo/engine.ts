import { Worker } from 'node:worker_threads';

/** What the worker says: once `ready`, then one answer for each message. */
export type EngineAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answered'; readonly bytes: Uint8Array }
  | { readonly kind: 'died'; readonly reason: string };

/** One PostgreSQL backend in a thread. */
export interface Engine {
  /**
   * Run messages of the protocol, one call after the other.
   * @returns what PostgreSQL answers
   * @throws Error when the backend has died, now or before
   */
  run(messages: Uint8Array): Promise<Buffer>;
  /** End it, also in the middle of a statement. */
  kill(reason: string): void;
}

/** Start a database with the shop in it. @throws Error when it cannot start */
export async function startEngine(): Promise<Engine> {
  const worker = new Worker(new URL('./demo-postgres-worker.ts', import.meta.url));
  let waiting: PromiseWithResolvers<Buffer> | undefined;
  let dead: string | undefined;
  const die = (reason: string): void => {
    dead ??= reason;
    waiting?.reject(new Error(dead));
    waiting = undefined;
    void worker.terminate();
  };
  worker.on('error', (error) => die(error.message));
  worker.on('exit', () => die('The database ended.'));
  const answer = (): Promise<Buffer> => {
    if (dead !== undefined) return Promise.reject(new Error(dead));
    waiting = Promise.withResolvers<Buffer>();
    return waiting.promise;
  };
  worker.on('message', (said: EngineAnswer) => {
    if (said.kind === 'died') return die(said.reason);
    const asked = waiting;
    waiting = undefined;
    const bytes = said.kind === 'answered' ? said.bytes : new Uint8Array();
    asked?.resolve(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  });
  await answer();
  return {
    run: (messages) => {
      const answered = answer();
      if (dead === undefined) worker.postMessage(messages);
      return answered;
    },
    kill: die,
  };
}
