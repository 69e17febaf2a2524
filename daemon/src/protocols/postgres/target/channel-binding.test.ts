import assert from 'node:assert/strict';
import { createHash, webcrypto } from 'node:crypto';
import { test } from 'node:test';
import type { CertificatePair } from '@gatehouse/test-fixtures/servers/certificate.ts';
import { startPostgres } from '@gatehouse/test-fixtures/servers/postgres.ts';
import { x509Library } from '../../../identity/certificates.ts';
import { serverEndPoint } from './channel-binding.ts';
import { dialTarget } from './dial.ts';

const rsa = { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
const algorithms = [
  { algorithm: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }, hash: 'sha256' },
  { algorithm: { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' }, hash: 'sha384' },
  { algorithm: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-1', ...rsa }, hash: 'sha256' },
  { algorithm: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-512', ...rsa }, hash: 'sha512' },
  { algorithm: { name: 'RSA-PSS', hash: 'SHA-256', saltLength: 32, ...rsa }, hash: undefined },
  { algorithm: { name: 'Ed25519' }, hash: undefined },
] as const;

async function certificate(
  algorithm: (typeof algorithms)[number]['algorithm'],
): Promise<CertificatePair & { der: Buffer }> {
  const x509 = await x509Library();
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair;
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=localhost',
    signingAlgorithm: algorithm,
    keys,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }])],
  });
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    certPem: made.toString('pem'),
    keyPem: x509.PemConverter.encode(key, 'PRIVATE KEY'),
    der: Buffer.from(made.rawData),
  };
}

test('the certificate is hashed as the server hashes it, whatever it is signed with', async () => {
  for (const { algorithm, hash } of algorithms) {
    const pair = await certificate(algorithm);
    const expected = hash === undefined ? undefined : createHash(hash).update(pair.der).digest();
    assert.deepEqual(serverEndPoint(pair.der), expected, algorithm.name);
    // A real login for one that is bound by another hash than SHA-256 and for one that cannot be bound.
    if (algorithm.name !== 'Ed25519' && hash !== 'sha384') continue;
    const server = await startPostgres({ tls: pair });
    try {
      const target = await dialTarget({
        ...server,
        password: async () => server.password,
        tls: { mode: 'verify-full', negotiation: 'postgres', caPem: pair.certPem },
        parameters: new Map(),
        timeoutMs: 20_000,
      });
      assert.equal(target.encrypted, true);
      target.stream.destroy();
    } finally {
      await server.stop();
    }
  }
});
