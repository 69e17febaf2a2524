import type { Replies } from './replies.ts';
import { encodeQuery } from './wire/frontend-messages.ts';
import type { Outlet } from './wire/outlet.ts';

/**
 * The gate's own question to the server, on the client's session while it is idle. The client sees nothing of it.
 * @throws ProtocolFault when the server does not answer it
 */
export async function probe(
  sql: string,
  replies: Replies,
  server: Outlet,
): Promise<readonly (readonly (string | null)[])[]> {
  const answer = new Promise<readonly (readonly (string | null)[])[] | Error>((settle) => {
    replies.expect({ kind: 'probe', rows: [], settle });
  });
  server.write(encodeQuery(sql));
  server.flush();
  const result = await answer;
  if (result instanceof Error) throw result;
  return result;
}
