import type { Replies } from './replies.ts';
import { encodeBind, encodeClose, encodeExecute, encodeParse, encodeSync } from './wire/frontend-messages.ts';
import type { Outlet } from './wire/outlet.ts';

/**
 * The name of the gate's own statements and portals. A simple query would be shorter, and would drop the client's
 * unnamed statement and portal.
 */
export const ownName = 'gatehouse: a question of its own';

const parts = {
  portal: ownName,
  statement: ownName,
  parameterFormats: [],
  parameters: [],
  resultFormats: [],
};
// A question that was cancelled has left its statement behind.
const before = encodeClose({ target: 'S', name: ownName });
const after = Buffer.concat([
  encodeBind(parts),
  encodeExecute(ownName, 0),
  encodeClose({ target: 'P', name: ownName }),
  before,
  encodeSync(),
]);

/**
 * The gate's own question to the server, on the client's session while it is idle. The client sees nothing of it.
 * @throws ProbeRefused when the server answers with an error
 * @throws ProtocolFault when the connection to the server ends
 */
export async function probe(
  sql: string,
  replies: Replies,
  server: Outlet,
): Promise<readonly (readonly (string | null)[])[]> {
  const answer = new Promise<readonly (readonly (string | null)[])[] | Error>((settle) => {
    replies.expect({ kind: 'probe', rows: [], settle });
  });
  server.write(before);
  server.write(encodeParse(ownName, sql));
  server.write(after);
  server.flush();
  const result = await answer;
  if (result instanceof Error) throw result;
  return result;
}
