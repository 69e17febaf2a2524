/**
 * Where the extended protocol stands between two Syncs.
 * - `closed`: nothing was sent on since the last Sync.
 * - `open`: messages went on (before a Flush); a Sync is owed to the server.
 * - `ending`: its Sync was sent on.
 * - `skipping`: an error was answered, the gate's or the server's; as after any, all is ignored up to the client's Sync. `open` as above.
 */
export type BatchState =
  | { readonly kind: 'closed' | 'ending' }
  | { readonly kind: 'open'; readonly executed: boolean; readonly startedIn: string }
  | { readonly kind: 'skipping'; readonly open: boolean };

/** A Sync is owed to the server. */
export function isOpen(batch: BatchState): boolean {
  return batch.kind === 'open' || (batch.kind === 'skipping' && batch.open);
}
