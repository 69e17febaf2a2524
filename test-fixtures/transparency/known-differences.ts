/**
 * Statements that answer otherwise through the gate, whatever the policy says, each with the reason. Session state that
 * would change what a statement means is pinned; everything else has to be the same.
 */
export const knownDifferences: ReadonlyMap<string, string> = new Map([]);
