import { generateKeyPairSync, sign } from 'node:crypto';

export interface CertificatePair {
  readonly certPem: string;
  readonly keyPem: string;
}

/** A self-signed certificate for `names` and the loopback addresses; it is its own CA. Good for a day. RFC 5280. */
export function selfSigned(names: readonly string[] = ['localhost']): CertificatePair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(oid('2a8648ce3d040302')); // ecdsa-with-SHA256
  const name = sequence(
    der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(names[0] ?? 'localhost')))), // CN
  );
  const now = Date.now();
  const altNames = sequence(
    ...names.map((each) => der(0x82, Buffer.from(each))),
    der(0x87, Buffer.from([127, 0, 0, 1])),
    der(0x87, Buffer.from('00000000000000000000000000000001', 'hex')),
  );
  const critical = der(0x01, Buffer.from([0xff]));
  const extensions = sequence(
    sequence(oid('551d13'), critical, der(0x04, sequence(critical))), // basicConstraints: CA
    sequence(oid('551d11'), der(0x04, altNames)), // subjectAltName
  );
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), // version 3
    der(0x02, Buffer.from([1])), // serialNumber
    algorithm,
    name,
    sequence(utcTime(now - 3_600_000), utcTime(now + 86_400_000)),
    name,
    publicKey.export({ format: 'der', type: 'spki' }),
    der(0xa3, extensions),
  );
  const signature = sign('sha256', body, privateKey);
  const certificate = sequence(body, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    certPem: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    keyPem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}

function der(tag: number, content: Buffer): Buffer {
  const size = content.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

function utcTime(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/[-:T]|\..*$/g, '');
  return der(0x17, Buffer.from(`${digits.slice(2)}Z`));
}
