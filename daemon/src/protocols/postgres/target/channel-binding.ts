import { createHash, X509Certificate } from 'node:crypto';

/** The hash of each signature algorithm, by OID (RFC 3279, RFC 4055, RFC 5758). MD5 and SHA-1 give way to SHA-256. */
const hashOfAlgorithm: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.4': 'sha256', // md5WithRSAEncryption
  '1.2.840.113549.1.1.5': 'sha256', // sha1WithRSAEncryption
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.113549.1.1.14': 'sha224',
  '1.2.840.10045.4.1': 'sha256', // ecdsa-with-SHA1
  '1.2.840.10045.4.3.1': 'sha224',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
};

/**
 * The tls-server-end-point channel binding (RFC 5929, section 4) of a certificate (DER). Undefined where the RFC leaves
 * it so, as for Ed25519, and for RSASSA-PSS, whose hash stands in its parameters.
 */
export function serverEndPoint(certificate: Buffer): Buffer | undefined {
  const hash = hashOfAlgorithm[new X509Certificate(certificate).signatureAlgorithmOid ?? ''];
  return hash === undefined ? undefined : createHash(hash).update(certificate).digest();
}
