import type { TransactionStatus } from './wire/backend-messages.ts';

/**
 * Where the extended protocol stands between two Syncs.
 * - `closed`: nothing was sent on since the last Sync.
 * - `open`: messages went on (before a Flush); a Sync is owed to the server.
 * - `ending`: its Sync was sent on.
 * - `skipping`: an error was answered, the gate's or the server's; as after any, all is ignored up to the client's Sync. `open` as above.
 */
export type BatchState =
  | { readonly kind: 'closed' | 'ending' }
  | { readonly kind: 'open'; readonly reached: Reach; readonly startedIn: TransactionStatus }
  | { readonly kind: 'skipping'; readonly open: boolean };

/**
 * How far the messages that were sent on have come.
 * - `prepared`: Parse, Describe and Close only, whose work no Sync ends.
 * - `bound`: a portal may be there, which a Sync outside of a transaction block drops.
 * - `executed`: something ran, which a Sync outside of a transaction block commits.
 */
export type Reach = 'prepared' | 'bound' | 'executed';

const order: Record<Reach, number> = { prepared: 0, bound: 1, executed: 2 };

/** The one that has come further. */
export function further(one: Reach, other: Reach): Reach {
  return order[one] < order[other] ? other : one;
}

/** The batch once messages that come as far as `reached` were sent on in it. */
export function sentOn(before: BatchState, reached: Reach, status: TransactionStatus): BatchState {
  return before.kind === 'open'
    ? { ...before, reached: further(before.reached, reached) }
    : { kind: 'open', reached, startedIn: status };
}

/**
 * Once all that was sent on is answered, the gate may ask the server something: the Sync of its own question changes
 * nothing that the client could see.
 */
export function canAsk(batch: BatchState): boolean {
  return batch.kind === 'closed' || (batch.kind === 'open' && batch.reached === 'prepared');
}

/** A Sync is owed to the server. */
export function isOpen(batch: BatchState): boolean {
  return batch.kind === 'open' || (batch.kind === 'skipping' && batch.open);
}
