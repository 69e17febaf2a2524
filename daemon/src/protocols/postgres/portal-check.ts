import { isDeepStrictEqual } from 'node:util';
import type { Undecidable } from '@gatehouse/policy-schema/vocabulary/vocabulary.ts';
import type { Awaitable } from '../../core/awaitable.ts';
import type { PortalSlot } from './session-state.ts';
import type { UnitParts } from './unit-parts.ts';

/** Statements whose names the server has looked up when it has bound them; others are read again when they are run. */
const plannedAtBind: ReadonlySet<string> = new Set([
  'SelectStmt',
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
]);

function changedSince(what: string): Undecidable {
  return {
    code: 'unresolved',
    message: `Gatehouse: ${what} since this portal was bound`,
    hint: 'Bind it again, so that it is decided as it is now.',
  };
}

/** Why what was decided when a portal was bound may no longer hold for what it would do now. */
export function changedPortal(
  name: string,
  { reading, boundAfter, portal }: PortalSlot,
  { state, statements, decide }: UnitParts,
  canProbe: boolean,
): Awaitable<Undecidable | undefined> {
  // In a failed transaction the server runs nothing but its end.
  if (state.transactionStatus === 'E') return undefined;
  const { batch } = statements;
  const isLate = reading.statements.some(({ node }) => !plannedAtBind.has(node));
  if (isLate && batch.ran !== boundAfter) {
    const refusal = batch.refusalToRun(statements.runs(reading));
    if (refusal !== undefined) return refusal;
  }
  if (portal === undefined || state.pendingPortals.has(name)) return undefined;
  if (portal.doubtful === true && portal.masks.length > 0)
    return changedSince('code that nobody read was run');
  const now = decide(reading.request);
  if (
    now.policyDigest !== portal.policyDigest &&
    (now.effect === 'deny' || !isDeepStrictEqual(now.masks, portal.masks))
  )
    return changedSince('the policy changed');
  if (!isLate) return undefined;
  const unchanged = statements.unchanged(portal.prepared, reading, { canProbe });
  return unchanged.then((same) => (same ? undefined : changedSince('what its names mean changed')));
}
