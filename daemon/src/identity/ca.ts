import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { link, mkdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createSecureContext, type SecureContext } from 'node:tls';
import { ConfigFault } from '../core/faults.ts';
import { createCa, createListenerCertificate, type KeyedCertificate } from './certificates.ts';

/** The daemon's own certificates, for clients that want TLS on loopback. */
export interface LocalCa {
  /** The CA's certificate, which clients are to trust. */
  readonly caPem: string;
  /** A file with `caPem` (`PGSSLROOTCERT`). */
  readonly caFile: string;
  /** The listeners' certificate: localhost, 127.0.0.1, ::1. */
  readonly certPem: string;
  readonly keyPem: string;
  /** TLS 1.2 or newer with the listeners' certificate. */
  createSecureContext(): SecureContext;
}

/** What is left of a certificate's life when a new one is made. Loading again in time renews it. */
const renewWithMs = 60 * 86_400_000;

/**
 * Load the CA and the listeners' certificate from `folder`, making what is missing, damaged, readable by others or close
 * to its end. All files are 0600; several daemons may do this at once.
 * @throws ConfigFault `secret-unavailable` when the folder cannot be used
 */
export async function loadOrCreateCa(folder: string, now: Date = new Date()): Promise<LocalCa> {
  try {
    return await load(folder, now);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `The daemon's certificates cannot be kept in ${folder}: ${reason}. Make the folder writable for this user.`;
    throw new ConfigFault('secret-unavailable', message, { cause });
  }
}

async function load(folder: string, now: Date): Promise<LocalCa> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const keyFile = path.join(folder, 'ca-key.pem');
  const caFile = path.join(folder, 'ca.pem');
  const listenerFile = path.join(folder, 'listener-key.pem');

  let ca = await read(keyFile, now);
  if (ca.kind !== 'good') {
    const made = await createCa(now);
    // Of two daemons that start on an empty folder, the first one's CA is kept and the other takes it.
    if (ca.kind === 'missing') await putFirst(keyFile, bundle(made));
    else await put(keyFile, bundle(made));
    ca = await read(keyFile, now);
    if (ca.kind !== 'good') throw new Error(`${keyFile} changed while it was written`);
  }
  if ((await readFile(caFile, 'utf8').catch(() => '')) !== ca.pair.certPem)
    await put(caFile, ca.pair.certPem);

  const found = await read(listenerFile, now);
  let listener: KeyedCertificate;
  if (found.kind === 'good' && isIssuedBy(found.pair, ca.pair)) {
    listener = found.pair;
  } else {
    listener = await createListenerCertificate(ca.pair, now);
    await put(listenerFile, bundle(listener));
  }
  const { certPem, keyPem } = listener;
  return {
    caPem: ca.pair.certPem,
    caFile,
    certPem,
    keyPem,
    createSecureContext: () => createSecureContext({ cert: certPem, key: keyPem, minVersion: 'TLSv1.2' }),
  };
}

type Read = { readonly kind: 'good'; readonly pair: KeyedCertificate } | { readonly kind: 'missing' | 'bad' };

async function read(file: string, now: Date): Promise<Read> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
    // A key that others could read is not ours alone any more. Windows keeps no such bits.
    if (process.platform !== 'win32' && ((await stat(file)).mode & 0o077) !== 0) return { kind: 'bad' };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { kind: 'missing' };
    throw error;
  }
  const certPem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/.exec(text)?.[0];
  const keyPem = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n/.exec(text)?.[0];
  if (certPem === undefined || keyPem === undefined) return { kind: 'bad' };
  try {
    const certificate = new X509Certificate(certPem);
    const good =
      certificate.checkPrivateKey(createPrivateKey(keyPem)) &&
      certificate.validFromDate.getTime() <= now.getTime() &&
      certificate.validToDate.getTime() - now.getTime() > renewWithMs;
    return good ? { kind: 'good', pair: { certPem, keyPem } } : { kind: 'bad' };
  } catch {
    return { kind: 'bad' };
  }
}

function isIssuedBy(listener: KeyedCertificate, ca: KeyedCertificate): boolean {
  const issuer = new X509Certificate(ca.certPem);
  const certificate = new X509Certificate(listener.certPem);
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

/** Certificate and key in one file, so that a crash cannot leave one without the other. */
function bundle(pair: KeyedCertificate): string {
  return pair.certPem + pair.keyPem;
}

async function writeAside(file: string, text: string): Promise<string> {
  const aside = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(aside, text, { mode: 0o600, flag: 'wx' });
  return aside;
}

async function put(file: string, text: string): Promise<void> {
  await rename(await writeAside(file, text), file);
}

/** As {@link put}, unless the file is there already. */
async function putFirst(file: string, text: string): Promise<void> {
  const aside = await writeAside(file, text);
  try {
    await link(aside, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    // A file system without hard links.
    await rename(aside, file);
    return;
  } finally {
    await unlink(aside).catch(() => {});
  }
}
