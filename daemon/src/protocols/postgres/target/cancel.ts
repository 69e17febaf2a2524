import { once } from 'node:events';
import { encodeCancelRequest } from '../wire/startup-packets.ts';
import { abortable, attempt } from './attempt.ts';
import { connect } from './connect.ts';
import type { TargetAddress } from './target-options.ts';

/**
 * Ask the server to cancel what backend `pid` is doing ("Canceling Requests in Progress"), over a connection secured as
 * the session's own. Resolves when the server has taken the request and closed; it never says whether the key was right.
 * @throws TargetFault when the server cannot be reached or does not answer in time
 */
export async function cancelTarget(address: TargetAddress, pid: number, key: Uint8Array): Promise<void> {
  await attempt(address, async (signal) => {
    const { stream } = await connect(address, signal);
    try {
      // A server may reset the connection instead of closing it; the request has arrived either way.
      const closed = once(stream, 'close').catch(() => {});
      stream.write(encodeCancelRequest(pid, key));
      stream.resume();
      await abortable(closed, signal);
    } finally {
      stream.destroy();
    }
  });
}
