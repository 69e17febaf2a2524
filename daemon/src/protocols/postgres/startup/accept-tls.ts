import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';

/** The name of PostgreSQL's protocol in TLS's application-layer protocol negotiation. */
export const alpnProtocol = 'postgresql';

/**
 * Continue `socket` as the server's side of TLS. What has arrived and was not read is taken as the beginning of the
 * handshake. Undefined: the handshake failed and the connection is gone.
 */
export async function acceptTls(
  socket: Socket,
  secureContext: SecureContext,
): Promise<TLSSocket | undefined> {
  const secure = new TLSSocket(socket, { isServer: true, secureContext, ALPNProtocols: [alpnProtocol] });
  secure.on('error', () => {});
  const established = await new Promise<boolean>((resolve) => {
    secure.once('secure', () => resolve(true));
    secure.once('close', () => resolve(false));
    secure.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
  if (established) return secure;
  secure.destroy();
  socket.destroy();
  return undefined;
}
