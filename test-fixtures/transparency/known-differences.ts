/**
 * Conversations that answer otherwise through the gate, whatever the policy says, each with the reason. What breaks the
 * protocol is refused by the gate itself, before the server sees it: the code is the same or plainer, the words are its
 * own. The test fails for an entry that no longer differs.
 */
const ownWords = 'The gate refuses what breaks the protocol, in its own words.';

export const knownDifferences: ReadonlyMap<string, string> = new Map([
  ['too few parameter formats', ownWords],
  ['a format that does not exist', ownWords],
  ['Describe of neither kind', ownWords],
  ['Close of neither kind', ownWords],
  ['a text with NUL inside', ownWords],
  ['a Parse with NUL inside', ownWords],
  ['a Query without its NUL', ownWords],
  ['a Bind cut short', ownWords],
  ['a Bind with a length below -1', ownWords],
  ['an Execute cut short', ownWords],
  ['a Parse that promises more types', ownWords],
  ['invalid UTF-8 in a query', ownWords],
  ['COPY in, ended by a query', 'The server ends the session; the gate ends the COPY and goes on.'],
  ['a cursor executed as a portal', 'What a cursor reads was decided when SQL declared it; FETCH reads it.'],
  ['a Sync with a body', ownWords],
  ['a query inside an unfinished pipeline', 'No driver sends it, and the server itself stumbles over it.'],
  ['a query while errors are skipped', 'As above: a simple query before the Sync of an extended one.'],
]);

/** Statements of the corpus that answer otherwise in the extended protocol, each with the reason. */
export const knownInExtended: ReadonlyMap<string, string> = new Map([
  ['EXECUTE missing', 'The gate says at Parse what the server says at Execute.'],
  ['EXECUTE by_id (1)', 'As above.'],
]);
