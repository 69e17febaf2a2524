import { ProtocolFault } from '../../core/faults.ts';
import type { PortalSlot } from './session-state.ts';
import type { UnitParts } from './unit-parts.ts';

/** Say what the server owes for an Execute of the portal that was granted. */
export function expectExecuted(
  { portal }: PortalSlot,
  { masks, replies, statements }: Pick<UnitParts, 'masks' | 'replies' | 'statements'>,
): void {
  if (portal === undefined)
    throw new ProtocolFault('out-of-order', 'A portal without a permit was to be run.');
  const { run, reading, prepared } = portal;
  const result = masks.forPortal(portal);
  run.start();
  replies.expect({
    kind: 'execute',
    run,
    text: prepared.sent,
    copiesIn: reading.copiesIn,
    masker: () => result.rewriter,
    sample: (buffer, start, end) => result.sample(buffer, start, end),
    done: (tag) => {
      run.settle('completed', { tag });
      statements.completed(reading, 0, prepared.sent);
    },
    suspended: () => run.pause(),
  });
}
