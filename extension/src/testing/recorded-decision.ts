import type { RecordLine, SessionResult } from '@gatehouse/daemon/control/messages.ts';
import { type RecordedDecision, recordedDecision } from '@gatehouse/policy-schema/tests/recorded-decision.ts';
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

type Asked = Extract<RecordLine, { readonly kind: 'approval.asked' }>;
type Principal = Pick<RecordedDecision, 'resource' | 'principal'>;

/** What the record says of a request; undefined where it is not there. @throws Error for the person */
export async function decisionOf(
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
      if (step.kind === 'request' && step.decided.request === request)
        return recordedDecision(step.decided, by);
      const { approval } = step;
      if (approval?.asked.approval !== request) continue;
      return step.kind === 'request' ? recordedDecision(step.decided, by) : ofAsked(approval.asked, by);
    }
    after = page.next;
  } while (after !== undefined);
  return undefined;
}

function principalOf({ session }: SessionResult): RecordedDecision['principal'] {
  const { agent, person, groups, task } = session;
  return { agent, person, groups, task };
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
