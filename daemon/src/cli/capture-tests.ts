/** `gatehouse test --capture`: what an agent did becomes what must come of it. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { anyFileKindOf, testFolder, testSuffix } from '@gatehouse/policy-schema/model/layout.ts';
import { compilePolicies } from '@gatehouse/policy-schema/evaluate/decide.ts';
import { type AboutRecorded, recordedFitter } from '@gatehouse/policy-schema/tests/fit-recorded.ts';
import { type RecordedDecision, recordedDecision } from '@gatehouse/policy-schema/tests/recorded-decision.ts';
import { writeTests } from '@gatehouse/policy-schema/tests/write-test.ts';
import { loadReaders } from '@gatehouse/policy-schema/vocabulary/readers.ts';
import { ConfigFault } from '../core/faults.ts';
import { replaySession } from '../recordings/replay.ts';
import type { RecordedOf } from '../recordings/session-page.ts';
import type { StoreIndex } from '../recordings/store-index.ts';
import { policyOf } from '../simulate/policy-of.ts';
import { readPolicyFiles } from '../workspace/files.ts';
import { plural } from './text.ts';

export interface Captured {
  /** Relative to the workspace, with `/`. */
  readonly file: string;
  readonly tests: number;
  /** Requests that other policies decided, and that these decide otherwise, as their texts: their tests fail. */
  readonly otherwise: readonly string[];
  /** Requests that are no tests, a line each: why. */
  readonly left: readonly string[];
}

/** A file of policies or tests holds no more. */
const maxCharacters = 250_000;

/**
 * Write the decided requests of a session as tests, each text once for each answer that it got. What was masked is nowhere in the record, and so not in
 * the file; what the agent itself wrote is.
 * @param out where to, relative to the workspace; absent: named after the session
 * @throws RecordFault `session-unknown`; ConfigFault `usage`: nothing to write, or nowhere to write it; `workspace-invalid`: files with errors
 */
export async function captureTests(
  index: StoreIndex,
  root: string,
  session: string,
  out: string | undefined,
): Promise<Captured> {
  const { id, resource, agent, person, groups, task, workspace, client } = index.sessionById(session);
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
  const fit = await fitterOf(root);
  const found: RecordedDecision[] = [];
  const left: string[] = [];
  const otherwise: string[] = [];
  const seen = new Set<string>();
  for await (const step of replaySession(index, id)) {
    if (step.kind !== 'request') continue;
    const { decided } = step;
    // What is made ready is decided again when it runs.
    if (decided.stage === 'prepare' && decided.effect !== 'deny') continue;
    const recorded = recordedDecision(decided, {
      resource,
      principal: { agent, person, groups, task, workspace },
      session: { application: client.application },
    });
    const key = JSON.stringify([recorded.request, recorded.decision, recorded.observed, recorded.rules]);
    if (seen.has(key)) continue;
    seen.add(key);
    const fitted = fit(recorded, aboutOf(decided));
    if (fitted.kind === 'left out') {
      left.push(`${shortened(decided.text)}: ${fitted.why}`);
      continue;
    }
    if (fitted.kind === 'otherwise') otherwise.push(shortened(decided.text));
    found.push(fitted.recorded);
  }
  if (found.length === 0)
    throw new ConfigFault(
      'usage',
      `No request of session ${id.slice(0, 8)} can be written as a test. ${left[0] ?? 'It has none.'}`,
    );
  const made = writeTests(file, found, maxCharacters);
  if (made === undefined)
    throw new ConfigFault(
      'usage',
      `The requests of session ${id.slice(0, 8)} cannot be written to one file.`,
    );
  const over = found.length - made.written;
  if (over > 0) left.push(`${plural(over, 'more request')}: ${file} would grow beyond what a file may hold.`);
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), made.text, { flag: 'wx' });
  return { file, tests: made.written, otherwise, left };
}

async function fitterOf(root: string): Promise<ReturnType<typeof recordedFitter>> {
  const policy = policyOf(await readPolicyFiles(root));
  if (policy.kind === 'broken')
    throw new ConfigFault(
      'workspace-invalid',
      `The policy files have errors; see \`gatehouse check\`.\n  ${policy.problems.slice(0, 5).join('\n  ')}`,
    );
  await loadReaders();
  return recordedFitter({ policies: compilePolicies(policy.set), resources: policy.resources });
}

function aboutOf({ actions, policyDigest }: RecordedOf<'request.decided'>): AboutRecorded {
  const tables = actions.flatMap(({ facts }) => (typeof facts.table === 'string' ? [facts.table] : []));
  return {
    schemas: [...new Set(tables.flatMap((table) => table.split('.').slice(0, -1).slice(-1)))],
    policyDigest,
  };
}

const shown = 80;

function shortened(text: string): string {
  const characters = [...text];
  return characters.length > shown ? `${characters.slice(0, shown).join('')}…` : text;
}
