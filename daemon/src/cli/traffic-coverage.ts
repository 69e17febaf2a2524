import { existsSync } from 'node:fs';
import { type CompiledPolicies, decide } from '@gatehouse/policy-schema/evaluate/decide.ts';
import type { Resource } from '@gatehouse/policy-schema/model/workspace.ts';
import { CoverageCount } from '@gatehouse/policy-schema/tests/coverage.ts';
import { readRecords } from '../recordings/read-segments.ts';
import type { StoreIndex } from '../recordings/store-index.ts';
import { asFarAsAsked } from '../review/decide-again.ts';
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
 * Which rules recorded requests show at work, decided again by the files as they stand. Requests of which the record lacks a
 * fact that a condition asks for are left out, and counted. `loadReaders` must have finished before.
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
    if (line.kind !== 'request.decided' || line.stage === 'prepare' || line.at < from) continue;
    const session = sessions.get(line.session) ?? index.sessionById(line.session);
    sessions.set(line.session, session);
    const resource = declared.get(session.resource);
    if (resource === undefined) continue;
    requests++;
    progress.show(line.seq / head, requests);
    const { input, either, unknown } = asFarAsAsked(recordedInput(line, session, resource), policies);
    if (either.length > 0 || unknown.length > 0) open++;
    else counted.add(decide(policies, input), input);
  }
  progress.end();
  return { rules: counted.of(policies.set), requests, open };
}
