/** Requests that nobody made: typed by people, to see what would become of them. */
import type { Resource } from '../model/workspace.ts';
import { readers, type TypedSession } from '../vocabulary/readers.ts';
import type { DecisionInput, Principal } from './decision.ts';
import { isPlanned, withPlan } from './plan.ts';

export interface TypedRequest {
  /** As people would write it. */
  readonly text: string;
  readonly resource: Pick<Resource, 'name' | 'protocol' | 'labels'>;
  readonly principal: Principal;
  readonly at: Date;
  readonly session: TypedSession;
  /** What the server's planner would say; without it, what depends on it is left open. */
  readonly plan?: { readonly cost: number; readonly rows: number };
}

/**
 * What `decide` takes for a typed request. A text that cannot be read becomes a request that is denied, as at the gate.
 * @throws nothing; `loadReaders` must have finished before
 */
export function inputOf({ text, resource, principal, at, session, plan }: TypedRequest): DecisionInput {
  const request = readers[resource.protocol].read(text, session);
  return {
    // What the server does not plan costs nothing, whatever is said.
    request: plan === undefined || isPlanned(request) ? request : withPlan(request, plan),
    principal,
    resource: { name: resource.name, protocol: resource.protocol, labels: resource.labels },
    now: at,
    plan: 'later',
  };
}
