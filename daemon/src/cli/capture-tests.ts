/** `gatehouse test --capture`: what an agent did becomes what must come of it. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { anyFileKindOf, testFolder, testSuffix } from '@gatehouse/policy-schema/model/layout.ts';
import { applyEdits } from '@gatehouse/policy-schema/syntax/edits.ts';
import { recordedDecision } from '@gatehouse/policy-schema/tests/recorded-decision.ts';
import { writeTest } from '@gatehouse/policy-schema/tests/write-test.ts';
import { ConfigFault } from '../core/faults.ts';
import { replaySession } from '../recordings/replay.ts';
import type { StoreIndex } from '../recordings/store-index.ts';

export interface Captured {
  /** Relative to the workspace, with `/`. */
  readonly file: string;
  readonly tests: number;
  /** Requests that are no tests, a line each: why. */
  readonly left: readonly string[];
}

/** A file of policies or tests holds no more. */
const maxCharacters = 250_000;

/**
 * Write the decided requests of a session as tests, each once. What was masked is nowhere in the record, and so not in
 * the file; what the agent itself wrote is.
 * @param out where to, relative to the workspace; absent: named after the session
 * @throws RecordFault `session-unknown`; ConfigFault `usage`: nothing to write, or nowhere to write it
 */
export async function captureTests(
  index: StoreIndex,
  root: string,
  session: string,
  out: string | undefined,
): Promise<Captured> {
  const { id, resource, agent, person, groups, task } = index.sessionById(session);
  const file = out ?? `${testFolder}/session-${id.slice(0, 8)}${testSuffix}`;
  if (anyFileKindOf(file) !== 'Test')
    throw new ConfigFault(
      'usage',
      `Tests are read from ${testFolder}/NAME${testSuffix}; ${file} is not one of them.`,
    );
  if (existsSync(path.join(root, file)))
    throw new ConfigFault(
      'usage',
      `${file} is there already. Give another one with --out, or delete it first.`,
    );
  let text: string | undefined;
  let tests = 0;
  const left: string[] = [];
  const seen = new Set<string>();
  for await (const step of replaySession(index, id)) {
    // What is made ready is decided again when it runs.
    if (step.kind !== 'request' || step.decided.stage === 'prepare') continue;
    const { decided } = step;
    if (seen.has(decided.digest)) continue;
    seen.add(decided.digest);
    const recorded = recordedDecision(decided, { resource, principal: { agent, person, groups, task } });
    const made = writeTest(text, file, recorded);
    if (!made.ok) {
      left.push(made.message);
      continue;
    }
    const after = made.isNew ? made.edit.text : applyEdits(text ?? '', [made.edit]);
    if (after.length > maxCharacters) {
      left.push(`${file} would grow beyond what a file may hold.`);
      break;
    }
    text = after;
    tests++;
  }
  if (text === undefined)
    throw new ConfigFault(
      'usage',
      `No request of session ${id.slice(0, 8)} can be written as a test. ${left[0] ?? 'It has none.'}`,
    );
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text, { flag: 'wx' });
  return { file, tests, left };
}
