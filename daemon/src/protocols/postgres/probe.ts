import type { Replies } from './replies.ts';
import { encodeBind, encodeClose, encodeExecute, encodeParse, encodeSync } from './wire/frontend-messages.ts';
import type { Bind } from './wire/frontend-messages.ts';
import type { Outlet } from './wire/outlet.ts';

/**
 * The name of the gate's own statements and portals. A simple query would be shorter, and would drop the client's
 * unnamed statement and portal.
 */
export const ownName = 'gatehouse: a question of its own';

/** A text with the parameters that the client bound, as it sent them. */
export interface BoundText {
  readonly text: string;
  readonly parameterTypes: readonly number[];
  readonly parameterFormats: Bind['parameterFormats'];
  readonly parameters: Bind['parameters'];
}

/** A text of the gate's own, without parameters. */
export function unbound(text: string): BoundText {
  return { text, parameterTypes: [], parameterFormats: [], parameters: [] };
}

/** A text with what a Bind message of the prepared statement holds. */
export function boundText(
  text: string,
  { parameterTypes }: Pick<BoundText, 'parameterTypes'>,
  bind: Bind,
): BoundText {
  return { text, parameterTypes, parameterFormats: bind.parameterFormats, parameters: bind.parameters };
}

export interface ProbeAnswer {
  readonly rows: readonly (readonly (string | null)[])[];
  /** The command tag. */
  readonly tag: string;
}

const close = Buffer.concat([
  encodeClose({ target: 'P', name: ownName }),
  encodeClose({ target: 'S', name: ownName }),
]);
const after = Buffer.concat([encodeExecute(ownName, 0), close, encodeSync()]);

/**
 * Ask the server something on the client's session while it is idle. The client sees nothing of it.
 * @param keepRows `false`: rows are thrown away as they come
 * @throws ProbeRefused when the server answers with an error
 * @throws ProtocolFault when the connection to the server ends
 */
export async function ask(
  { text, parameterTypes, parameterFormats, parameters }: BoundText,
  replies: Replies,
  server: Outlet,
  keepRows = true,
): Promise<ProbeAnswer> {
  const answer = new Promise<ProbeAnswer | Error>((settle) => {
    replies.expect({ kind: 'probe', keepRows, rows: [], tag: '', settle });
  });
  // A question that failed has left both behind.
  server.write(close);
  server.write(encodeParse(ownName, text, parameterTypes));
  server.write(
    encodeBind({ portal: ownName, statement: ownName, parameterFormats, parameters, resultFormats: [] }),
  );
  server.write(after);
  server.flush();
  const result = await answer;
  if (result instanceof Error) throw result;
  return result;
}
