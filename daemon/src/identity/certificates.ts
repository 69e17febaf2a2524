import { webcrypto } from 'node:crypto';

/** Makes the daemon's own certificates. Loaded only when one is missing or old: the library takes a while to load. */

export interface KeyedCertificate {
  readonly certPem: string;
  /** PKCS #8. */
  readonly keyPem: string;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 86_400_000;
const caDays = 3650;
/** Some clients refuse a server's certificate that is valid for longer than 398 days. */
const listenerDays = 397;
/** Clocks of containers and virtual machines lag. */
const backdatedMs = dayMs;

/**
 * NameConstraints (RFC 5280, section 4.2.1.10), critical: this CA can vouch for nothing but `localhost`, 127.0.0.0/8 and
 * ::1. Whoever takes its key cannot stand in for anything else at a client that trusts it.
 */
const loopbackOnly = Buffer.concat([
  Buffer.from('303fa03d', 'hex'),
  Buffer.from('300b8209', 'hex'),
  Buffer.from('localhost'),
  Buffer.from('300a87087f000000ff000000', 'hex'),
  Buffer.from(`30228720${'00'.repeat(15)}01${'ff'.repeat(16)}`, 'hex'),
]);
const nameConstraintsOid = '2.5.29.30';
const serverAuthOid = '1.3.6.1.5.5.7.3.1';

/** A new CA with its own key. */
export async function createCa(now: Date): Promise<KeyedCertificate> {
  const x509 = await x509Library();
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Gatehouse local CA',
    notBefore: new Date(now.getTime() - backdatedMs),
    notAfter: new Date(now.getTime() + caDays * dayMs),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      new x509.Extension(nameConstraintsOid, true, loopbackOnly),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certPem: `${certificate.toString('pem')}\n`, keyPem: await keyPem(keys.privateKey) };
}

export interface AlternativeName {
  readonly type: 'dns' | 'ip';
  readonly value: string;
}
const loopbackNames: readonly AlternativeName[] = [
  { type: 'dns', value: 'localhost' },
  { type: 'ip', value: '127.0.0.1' },
  { type: 'ip', value: '::1' },
];

/** A certificate for listeners on loopback, signed by `ca`. Clients refuse it for names that the CA may not give. */
export async function createListenerCertificate(
  ca: KeyedCertificate,
  now: Date,
  names: readonly AlternativeName[] = loopbackNames,
): Promise<KeyedCertificate> {
  const x509 = await x509Library();
  const issuer = new x509.X509Certificate(ca.certPem);
  const [der] = x509.PemConverter.decode(ca.keyPem);
  const signingKey = await webcrypto.subtle.importKey('pkcs8', der ?? new ArrayBuffer(0), algorithm, false, [
    'sign',
  ]);
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const expiry = Math.min(now.getTime() + listenerDays * dayMs, issuer.notAfter.getTime());
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${names[0]?.value ?? 'localhost'}`,
    issuer: issuer.subject,
    notBefore: new Date(now.getTime() - backdatedMs),
    notAfter: new Date(expiry),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([serverAuthOid]),
      new x509.SubjectAlternativeNameExtension([...names]),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return { certPem: `${certificate.toString('pem')}\n`, keyPem: await keyPem(keys.privateKey) };
}

async function keyPem(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
}

/**
 * The library finds its own parts through decorators, which ask a metadata polyfill for constructor types. Its classes
 * have no constructor parameters, so "there is no metadata" is the true answer, and two functions do for a polyfill.
 */
export async function x509Library(): Promise<typeof import('@peculiar/x509')> {
  const reflect = Reflect as { getMetadata?: () => undefined; getOwnMetadata?: () => undefined };
  reflect.getMetadata ??= () => undefined;
  reflect.getOwnMetadata ??= () => undefined;
  return await import('@peculiar/x509');
}
