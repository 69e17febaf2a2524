import net from 'node:net';
import { TargetFault } from '../../../core/faults.ts';
import { ByteSource } from '../wire/byte-source.ts';
import { encodeSSLRequest } from '../wire/startup-packets.ts';
import { isSocketFolder, placeOf, socketPath } from './attempt.ts';
import { startTls } from './start-tls.ts';
import type { TargetAddress } from './target-options.ts';

/** A connection on which nothing of the session has been said. */
export interface Transport {
  readonly stream: net.Socket;
  /** The server's certificate, DER, where TLS is used. */
  readonly tls: { readonly certificate: Buffer | undefined } | undefined;
  /** The bytes do not leave this machine. */
  readonly local: boolean;
}

/**
 * Connect, with TLS as the address says. The caller owns the stream. A listener for late errors is left on it.
 * @throws TargetFault `unreachable`, `tls-refused`, `tls-unverified`, `disconnected`
 */
export async function connect(address: TargetAddress, signal: AbortSignal): Promise<Transport> {
  const overSocket = isSocketFolder(address.host);
  const socket = net.connect(
    overSocket ? { path: socketPath(address) } : { host: address.host, port: address.port, noDelay: true },
  );
  const abort = () => socket.destroy();
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    await connected(socket, address);
    if (!overSocket) socket.setKeepAlive(true, 60_000);
    const local = overSocket || isLoopback(socket.remoteAddress);
    // libpq never uses TLS on a unix socket either: whoever could listen in could read the server's memory.
    if (overSocket || address.tls.mode === 'disable') return { stream: socket, tls: undefined, local };
    if (address.tls.negotiation === 'postgres') await requestTls(socket, address);
    const stream = await startTls(socket, address);
    return { stream, tls: { certificate: stream.getPeerX509Certificate()?.raw }, local };
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function connected(socket: net.Socket, address: TargetAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    // Stays for the socket's life: an error after the handover must find a listener.
    socket.on('error', (cause: NodeJS.ErrnoException) => reject(unreachable(address, cause)));
    socket.once('close', () => reject(unreachable(address)));
  });
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOENT: 'there is no such socket',
  EACCES: 'this user may not use it',
  EPERM: 'this user may not use it',
  ENOTFOUND: 'the name is not known',
  EAI_AGAIN: 'the name could not be looked up',
  ETIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  ECONNRESET: 'it closed the connection',
};

function unreachable(address: TargetAddress, cause?: NodeJS.ErrnoException): TargetFault {
  const reason = reasons[cause?.code ?? ''] ?? cause?.code ?? 'the connection was closed';
  const message = `The database at ${placeOf(address)} cannot be reached: ${reason}. Check that it runs, and the resource's host and port.`;
  return new TargetFault('unreachable', message, { cause });
}

/** SSLRequest and its one-byte answer ("SSL Session Encryption"). */
async function requestTls(socket: net.Socket, address: TargetAddress): Promise<void> {
  const place = placeOf(address);
  const source = new ByteSource(socket);
  try {
    socket.write(encodeSSLRequest());
    const answer = (await source.take(1))?.toString('latin1');
    if (answer === undefined) {
      throw new TargetFault(
        'tls-refused',
        `${place} closed the connection when asked for TLS. Is it a PostgreSQL server?`,
      );
    }
    if (answer === 'N') {
      throw new TargetFault(
        'tls-refused',
        `The database at ${place} offers no TLS. Turn it on there (ssl = on), or say tls: { mode: disable } for the resource if the network between is trusted.`,
      );
    }
    // Also `E`: an error told before TLS may come from anyone, so its words are not passed on (CVE-2024-10977).
    if (answer !== 'S') {
      throw new TargetFault(
        'tls-refused',
        `${place} did not answer the request for TLS as a PostgreSQL server does.`,
      );
    }
    // Bytes behind the answer came in the clear; read later, they would pass for the server's (CVE-2021-23222).
    if (source.buffered > 0) {
      throw new TargetFault(
        'tls-refused',
        `${place} sent unencrypted bytes behind its answer to the request for TLS. Somebody may be in between; nothing was sent.`,
      );
    }
  } finally {
    source.detach();
  }
}

function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false;
  const plain = address.startsWith('::ffff:') ? address.slice(7) : address;
  return plain === '::1' || (net.isIPv4(plain) && plain.startsWith('127.'));
}
