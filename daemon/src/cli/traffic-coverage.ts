import { existsSync } from 'node:fs';
import { type CompiledPolicies, decide } from '@gatehouse/policy-schema/evaluate/decide.ts';
import type { Resource } from '@gatehouse/policy-schema/model/workspace.ts';
import { CoverageCount } from '@gatehouse/policy-schema/tests/coverage.ts';
import { readRecords } from '../recordings/read-segments.ts';
import type { StoreIndex } from '../recordings/store-index.ts';
import { RecordFault } from '../core/faults.ts';
import { asFarAsAsked, variants } from '../review/decide-again.ts';
import { recordedInput } from '../review/recorded-input.ts';
import { statePaths } from '../workspace/state.ts';
import { withRecords } from './context.ts';
import { Progress } from './progress.ts';
import type { TrafficCoverage } from './test-reports/test-report.ts';

interface Decided {
  readonly policies: CompiledPolicies;
  readonly resources: readonly Resource[];
}

/**
 * Which rules recorded requests show at work, decided again by the files as they stand. Of a request of which the
 * record lacks a fact that a condition asks for, only what holds either way counts, and nothing where that cannot be tried. `loadReaders` must have finished before.
 * @throws RecordFault `store-corrupt`
 */
export async function trafficCoverage(root: string, by: Decided, since: Date): Promise<TrafficCoverage> {
  const state = statePaths(root);
  const nothing: TrafficCoverage = { rules: new CoverageCount().of(by.policies.set), requests: 0, open: 0 };
  if (!existsSync(state.records)) return nothing;
  return withRecords({ workspaceFolder: root, state }, (index) => count(index, by, since));
}

async function count(
  index: StoreIndex,
  { policies, resources }: Decided,
  since: Date,
): Promise<TrafficCoverage> {
  const declared = new Map(resources.map((resource) => [resource.name, resource]));
  const sessions = new Map<string, ReturnType<StoreIndex['sessionById']>>();
  const counted = new CoverageCount();
  const from = since.toISOString();
  const head = index.position.head.seq;
  const progress = new Progress('Deciding the record', 'requests');
  let [requests, open] = [0, 0];
  for await (const { line } of readRecords(index.folder, { containing: '"kind":"request.decided"' })) {
    if (line.kind !== 'request.decided' || line.at < from) continue;
    // Each run of what was made ready has a record of its own; what was refused never runs.
    if (line.stage === 'prepare' && line.effect !== 'deny') continue;
    requests++;
    const session = sessions.get(line.session) ?? sessionIn(index, line.session);
    const resource = session && declared.get(session.resource);
    if (session === undefined || resource === undefined) {
      open++;
      continue;
    }
    sessions.set(line.session, session);
    progress.show(line.seq / head, requests);
    const recorded = asFarAsAsked(recordedInput(line, session, resource), policies);
    const possible = variants(recorded).map((input) => ({ decision: decide(policies, input), input }));
    const isKnown = recorded.unknown.length === 0;
    if (!isKnown || !counted.addEither(possible)) open++;
  }
  progress.end();
  return { rules: counted.of(policies.set), requests, open };
}

/** Its record may be damaged or gone. */
function sessionIn(index: StoreIndex, id: string): ReturnType<StoreIndex['sessionById']> | undefined {
  try {
    return index.sessionById(id);
  } catch (fault) {
    if (fault instanceof RecordFault && fault.code === 'session-unknown') return undefined;
    throw fault;
  }
}
