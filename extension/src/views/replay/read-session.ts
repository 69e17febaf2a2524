import type { SessionRow, ToldStep } from '@gatehouse/daemon/control/messages.ts';
import type { Gate } from '../../gate/gate.ts';

/** A session as far as it was read. */
export interface ReadSession {
  readonly session: SessionRow;
  readonly steps: readonly ToldStep[];
  /** There are more behind this record. */
  readonly next?: number;
}

/** Read a session's steps, page by page, until there are so many more. @throws Error in words for the person */
export async function readSession(
  gate: Pick<Gate, 'call'>,
  id: string,
  { after, atMost }: { readonly after?: number; readonly atMost: number },
): Promise<ReadSession> {
  const steps: ToldStep[] = [];
  let next = after;
  for (;;) {
    const page = await gate.call('session', { id, ...(next === undefined ? {} : { after: next }) });
    steps.push(...page.steps);
    next = page.next;
    if (next === undefined) return { session: page.session, steps };
    if (steps.length >= atMost) return { session: page.session, steps, next };
  }
}

/** The steps that cannot change any more; what follows is read again when the session goes on. */
export function settled(steps: readonly ToldStep[]): readonly ToldStep[] {
  const first = steps.findIndex(mayChange);
  return first === -1 ? steps : steps.slice(0, first);
}

function mayChange(step: ToldStep): boolean {
  if (step.kind === 'approval') return step.approval.answered === undefined;
  const { effect, stage } = step.decided;
  return effect !== 'deny' && stage !== 'prepare' && step.answered === undefined;
}

export function seqOf(step: ToldStep): number {
  return step.kind === 'request' ? step.decided.seq : step.approval.asked.seq;
}
