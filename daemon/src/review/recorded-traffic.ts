import type { CompiledPolicies } from '@gatehouse/policy-schema/evaluate/decide.ts';
import type { DecisionInput } from '@gatehouse/policy-schema/evaluate/decision.ts';
import type { Resource } from '@gatehouse/policy-schema/model/workspace.ts';
import { RecordFault } from '../core/faults.ts';
import type { SessionRow } from '../recordings/index-rows.ts';
import { readRecords } from '../recordings/read-segments.ts';
import type { StoreIndex } from '../recordings/store-index.ts';
import { asFarAsAsked, variants } from './decide-again.ts';
import { recordedInput } from './recorded-input.ts';

export interface Traffic {
  readonly policies: CompiledPolicies;
  readonly resources: readonly Resource[];
  readonly since: Date;
  /** @param share of the record, from 0 to 1 */
  readonly progress: (share: number, requests: number) => void;
}

/**
 * Recorded requests as `decide` takes them, to be decided by the policies as they are now: each as all that it may have
 * been where the record lacks a fact that some condition asks for, and as nothing where that cannot be tried, or its
 * session or resource is gone. `loadReaders` must have finished before.
 * @throws RecordFault `store-corrupt`
 */
export async function* recordedTraffic(
  index: StoreIndex,
  { policies, resources, since, progress }: Traffic,
): AsyncGenerator<readonly DecisionInput[], void> {
  const declared = new Map(resources.map((resource) => [resource.name, resource]));
  const sessions = new Map<string, SessionRow>();
  const from = since.toISOString();
  const head = index.position.head.seq;
  let requests = 0;
  for await (const { line } of readRecords(index.folder, { containing: '"kind":"request.decided"' })) {
    if (line.kind !== 'request.decided' || line.at < from) continue;
    // Each run of what was made ready has a record of its own; what was refused never runs.
    if (line.stage === 'prepare' && line.effect !== 'deny') continue;
    progress(line.seq / head, ++requests);
    const session = sessions.get(line.session) ?? sessionIn(index, line.session);
    const resource = session && declared.get(session.resource);
    if (session === undefined || resource === undefined) {
      yield [];
      continue;
    }
    sessions.set(line.session, session);
    const recorded = asFarAsAsked(recordedInput(line, session, resource), policies);
    yield recorded.unknown.length > 0 ? [] : variants(recorded);
  }
}

/** Its record may be damaged or gone. */
function sessionIn(index: StoreIndex, id: string): SessionRow | undefined {
  try {
    return index.sessionById(id);
  } catch (fault) {
    if (fault instanceof RecordFault && fault.code === 'session-unknown') return undefined;
    throw fault;
  }
}
