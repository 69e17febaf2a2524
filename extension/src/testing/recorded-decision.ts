import type { RecordLine, SessionResult } from '@gatehouse/daemon/control/messages.ts';
import type { Gate } from '../gate/gate.ts';

/** Which request of the record: one that was decided, or one that waits for a person. */
export interface RecordedRequest {
  /** The workspace folder's address. */
  readonly folder: string;
  /** The id of its session. */
  readonly session: string;
  /** The id of the request, or of the approval that it waits for. */
  readonly request: string;
}

/** What a test is made of; as the language server takes it. */
export interface RecordedDecision {
  readonly request: string;
  readonly parameters?: readonly (string | null)[];
  readonly resource: string;
  readonly principal: {
    readonly agent: string;
    readonly person: string;
    readonly groups: readonly string[];
    readonly task: string;
  };
  readonly at: string;
  readonly plan?: { readonly cost: number; readonly rows: number };
  readonly decision: 'allow' | 'approve' | 'deny';
  readonly rules?: readonly string[];
}

type Decided = Extract<RecordLine, { readonly kind: 'request.decided' }>;
type Asked = Extract<RecordLine, { readonly kind: 'approval.asked' }>;
type Principal = Pick<RecordedDecision, 'resource' | 'principal'>;

/** What the record says of a request; undefined where it is not there. @throws Error for the person */
export async function recordedDecision(
  gate: Gate,
  { session, request }: RecordedRequest,
): Promise<RecordedDecision | undefined> {
  let after: number | undefined;
  do {
    const page: SessionResult = await gate.call('session', {
      id: session,
      ...(after !== undefined && { after }),
    });
    const by: Principal = { resource: page.session.resource, principal: principalOf(page) };
    for (const step of page.steps) {
      if (step.kind === 'request' && step.decided.request === request) return ofDecided(step.decided, by);
      const { approval } = step;
      if (approval?.asked.approval !== request) continue;
      return step.kind === 'request' ? ofDecided(step.decided, by) : ofAsked(approval.asked, by);
    }
    after = page.next;
  } while (after !== undefined);
  return undefined;
}

function principalOf({ session }: SessionResult): RecordedDecision['principal'] {
  const { agent, person, groups, task } = session;
  return { agent, person, groups, task };
}

function ofDecided(decided: Decided, by: Principal): RecordedDecision {
  // A person's answer is no part of the policy, and the policy asked for one.
  const decision = decided.approval === undefined ? decided.effect : 'approve';
  const rules = decided.actions
    .filter(({ effect }) => effect === decision)
    .flatMap((action) => action.rules.map(({ policy, rule }) => `${policy}/${rule}`));
  const isKnown = decided.undecidable !== undefined || rules.length > 0 || decision === 'deny';
  return {
    request: decided.text,
    ...(decided.parameters && { parameters: decided.parameters }),
    ...by,
    at: decided.at,
    ...(decided.plan && { plan: decided.plan }),
    decision,
    ...(isKnown && { rules }),
  };
}

function ofAsked(asked: Asked, by: Principal): RecordedDecision {
  return {
    request: asked.text,
    ...(asked.parameters && { parameters: asked.parameters }),
    ...by,
    at: asked.at,
    ...(asked.plan && { plan: asked.plan }),
    decision: 'approve',
  };
}
