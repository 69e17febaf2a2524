import { parentPort, workerData } from 'node:worker_threads';
import { ConfigFault, RecordFault } from '../core/faults.ts';
import { openIndex } from '../recordings/store-index.ts';
import { requests, ruleCounts, session, sessions } from './answers.ts';
import type { Questions } from './questions.ts';
import type { ReviewAnswer, ReviewQuestion, ReviewSetting } from './review.ts';

/** The thread behind review.ts: reads the index and the segments, and decides again. */

const port = parentPort;
if (port === null) throw new Error('This file runs as a worker of review.ts.');
const { folder, workspaceFolder } = workerData as ReviewSetting;
const index = openIndex(folder);

const answers: {
  readonly [Name in keyof Questions]: (
    params: Questions[Name]['params'],
  ) => Questions[Name]['result'] | Promise<Questions[Name]['result']>;
} = {
  sessions: (params) => sessions(index, params),
  session: (params) => session(index, params),
  requests: (params) => requests(index, params),
  ruleCounts: (params) => ruleCounts(index, params),
  agentsSeen: () => index.agentsSeen(500),
  // Parsers are loaded by those alone who ask for it.
  decideAgain: async (params) => (await import('./again.ts')).again(index, workspaceFolder, params),
  suggestRules: async (params) =>
    (await import('./suggested-rules.ts')).suggestedRules(index, workspaceFolder, params),
  simulate: async (params) => (await import('./simulated.ts')).simulated(index, workspaceFolder, params),
};

port.on('message', (question: ReviewQuestion) => {
  void answer(question).then((told) => port.postMessage(told));
});

async function answer({ number, name, params }: ReviewQuestion): Promise<ReviewAnswer> {
  try {
    // One question's parameters are its own: both come from the same call of `ask`.
    const answerOne = answers[name] as (given: typeof params) => unknown;
    return { number, kind: 'result', result: await answerOne(params) };
  } catch (error) {
    if (error instanceof RecordFault)
      return { number, kind: 'record', code: error.code, message: error.message };
    if (error instanceof ConfigFault)
      return { number, kind: 'config', code: error.code, message: error.message };
    return {
      number,
      kind: 'unexpected',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}
