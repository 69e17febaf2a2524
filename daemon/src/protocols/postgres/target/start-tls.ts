import { X509Certificate } from 'node:crypto';
import net from 'node:net';
import tls from 'node:tls';
import { TargetFault } from '../../../core/faults.ts';
import { placeOf } from './attempt.ts';
import type { TargetAddress } from './target-options.ts';

const alpnProtocol = 'postgresql';

/**
 * Continue `socket` as the client's side of TLS 1.2 or newer and verify the server as the address says.
 * @throws TargetFault `tls-unverified` when the certificate is not the one to trust, `tls-refused` on any other failure
 */
export async function startTls(socket: net.Socket, address: TargetAddress): Promise<tls.TLSSocket> {
  const { mode, negotiation, caPem, serverName = address.host } = address.tls;
  const verify = mode !== 'require' || caPem !== undefined;
  const options: tls.ConnectionOptions = {
    socket,
    // The name that `verify-full` checks; also an address, which may stand in a certificate but not in SNI.
    host: serverName,
    ...(net.isIP(serverName) === 0 ? { servername: serverName } : {}),
    ALPNProtocols: [alpnProtocol],
    minVersion: 'TLSv1.2',
    rejectUnauthorized: verify,
    ...(verify ? { ca: caPem === undefined ? systemCertificates() : certificatesOf(caPem) } : {}),
    ...(mode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
  };
  const secure = tls.connect(options);
  const place = placeOf(address);
  const failed = await new Promise<Error | 'closed' | undefined>((resolve) => {
    secure.once('secureConnect', () => resolve(undefined));
    secure.on('error', resolve);
    secure.once('close', () => resolve('closed'));
  });
  if (failed !== undefined) {
    secure.destroy();
    throw fault(failed, secure, address);
  }
  if (negotiation === 'direct' && secure.alpnProtocol !== alpnProtocol) {
    secure.destroy();
    throw new TargetFault(
      'tls-refused',
      `${place} speaks TLS but did not choose the protocol "${alpnProtocol}". Direct TLS needs PostgreSQL 17 or newer: say tls: { negotiation: postgres }.`,
    );
  }
  return secure;
}

/** Node passes over what it cannot read in a CA file, so that a broken one would look like a stranger's server. */
function certificatesOf(pem: string): string[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  try {
    for (const block of blocks) new X509Certificate(block);
  } catch (cause) {
    const number = `${blocks.length === 1 ? 'The certificate' : `One of the ${blocks.length} certificates`}`;
    throw new TargetFault(
      'tls-unverified',
      `${number} in the resource's tls.ca cannot be read: ${textOf(cause)}.`,
      { cause },
    );
  }
  if (blocks.length > 0) return blocks;
  throw new TargetFault(
    'tls-unverified',
    "The file of the resource's tls.ca holds no certificate in PEM form.",
  );
}

function fault(failed: Error | 'closed', secure: tls.TLSSocket, address: TargetAddress): TargetFault {
  const place = placeOf(address);
  const code = failed === 'closed' ? '' : ((failed as NodeJS.ErrnoException).code ?? '');
  if (failed === 'closed' || code === 'ECONNRESET') {
    const direct = address.tls.negotiation === 'direct';
    const advice = direct
      ? ' Direct TLS needs PostgreSQL 17 or newer: say tls: { negotiation: postgres }.'
      : '';
    return new TargetFault(
      'tls-refused',
      `${place} closed the connection during the TLS handshake.${advice}`,
    );
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const name = address.tls.serverName ?? address.host;
    return new TargetFault(
      'tls-unverified',
      `The certificate of ${place} is not for "${name}". Use the name that stands in it as the resource's host, or tls: { mode: verify-ca } if only the CA matters.`,
      { cause: failed },
    );
  }
  // Set by Node when, and only when, the handshake worked and the certificate did not.
  if (secure.authorizationError) {
    return new TargetFault(
      'tls-unverified',
      `The certificate of ${place} cannot be verified: ${textOf(failed)} (${code}). Name the CA that signed it in tls: { ca: FILE }.`,
      { cause: failed },
    );
  }
  return new TargetFault('tls-refused', `TLS with ${place} failed: ${textOf(failed)}.`, { cause: failed });
}

function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  // Node adds advice for its own command line behind a semicolon.
  return text.split(/[\n;]/)[0]?.slice(0, 200) ?? '';
}

let system: string[] | undefined;

/** What the operating system trusts, read once; Node's own list where the system has none. */
function systemCertificates(): string[] {
  if (system === undefined) {
    system = tls.getCACertificates('system');
    if (system.length === 0) system = tls.getCACertificates('bundled');
  }
  return system;
}
