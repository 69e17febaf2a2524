import { RawPostgres, type RawTarget } from '../clients/raw-postgres.ts';
import { query } from '../clients/frontend-messages.ts';
import { readCorpus } from '../corpora/corpus.ts';
import { conversations } from '../corpora/postgres/messages.ts';
import { describeAnswer } from './compare.ts';
import { type Mode, modes } from './modes.ts';

/** What one connection answered to one statement or conversation, in words. */
export interface Answer {
  readonly place: string;
  readonly asked: string;
  readonly answer: readonly string[];
}

/** Run all statements of the corpus in order. A connection that the server closes is opened anew. */
export async function runStatements(mode: Mode, target: RawTarget): Promise<Answer[]> {
  const answers: Answer[] = [];
  let client = await RawPostgres.connect(target);
  try {
    // How each side asks for the password is its own affair.
    const greeting = client.greeting.filter((message) => message.type !== 'R');
    answers.push({ place: 'greeting', asked: '', answer: describeAnswer(greeting) });
    for (const statement of readCorpus('postgres')) {
      if (client.ended) client = await RawPostgres.connect(target);
      const answer = describeAnswer(await modes[mode](client, statement));
      answers.push({ place: statement.place, asked: statement.text, answer });
    }
  } finally {
    await client.end();
  }
  return answers;
}

/** Run all conversations in order, on one connection as long as it lives. */
export async function runConversations(target: RawTarget): Promise<Answer[]> {
  const answers: Answer[] = [];
  let client = await RawPostgres.connect(target);
  try {
    for (const { name, steps } of conversations) {
      if (client.ended) client = await RawPostgres.connect(target);
      for (const [index, step] of steps.entries()) {
        client.send(...step.send);
        const got: string[] = [];
        for (let left = step.ready; left > 0 && !client.ended; left--) {
          got.push(...describeAnswer(await client.until('Z')));
        }
        if (index === steps.length - 1) got.push(...(await leftOver(client)));
        answers.push({ place: `messages.ts, step ${index + 1}`, asked: name, answer: got });
      }
    }
  } finally {
    await client.end();
  }
  return answers;
}

/** What a conversation leaves unread, so that it is not taken for an answer to the next one. */
async function leftOver(client: RawPostgres): Promise<string[]> {
  const found: string[] = [];
  const marker = query("SELECT 'the conversation is over'");
  if (!client.ended) client.send(marker);
  while (!client.ended) {
    const words = describeAnswer(await client.until('Z'));
    found.push(...words);
    // In a failed transaction the question itself is refused; when it fails otherwise it is asked again.
    if (words.some((each) => /is over|C=25P02/.test(each))) break;
    if (words.some((each) => each.startsWith('E '))) client.send(marker);
  }
  return found;
}

export interface Difference {
  readonly place: string;
  readonly asked: string;
  readonly direct: string;
  readonly other: string;
}

/** Where the answers differ: the first message that does, of each statement. */
export function differences(direct: readonly Answer[], other: readonly Answer[]): Difference[] {
  const found: Difference[] = [];
  for (const [index, left] of direct.entries()) {
    const right = other[index];
    const length = Math.max(left.answer.length, right?.answer.length ?? 0);
    for (let at = 0; at < length; at++) {
      const a = left.answer[at] ?? '(nothing)';
      const b = right?.answer[at] ?? '(nothing)';
      if (a === b) continue;
      found.push({ place: left.place, asked: left.asked, direct: a, other: b });
      break;
    }
  }
  return found;
}
