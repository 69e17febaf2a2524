import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { message } from './frontend-messages.ts';

/** The client's side of a password login: takes Authentication messages, gives the answers. For tests only. */
export function passwordLogin(user: string, password: string): (body: Buffer) => Buffer | undefined {
  let firstBare = '';
  let expected = '';
  return (body) => {
    const kind = body.readInt32BE(0);
    switch (kind) {
      case 0: // AuthenticationOk
        return undefined;
      case 3: // AuthenticationCleartextPassword
        return message('p', password);
      case 5: {
        // AuthenticationMD5Password
        const inner = createHash('md5').update(`${password}${user}`).digest('hex');
        const outer = createHash('md5').update(inner).update(body.subarray(4)).digest('hex');
        return message('p', `md5${outer}`);
      }
      case 10: {
        // AuthenticationSASL
        firstBare = `n=,r=${randomBytes(18).toString('base64')}`;
        const first = Buffer.from(`n,,${firstBare}`);
        const length = Buffer.alloc(4);
        length.writeInt32BE(first.length);
        return message('p', 'SCRAM-SHA-256', length, first);
      }
      case 11: {
        // AuthenticationSASLContinue, RFC 5802 section 3
        const serverFirst = body.subarray(4).toString();
        const fields = Object.fromEntries(serverFirst.split(',').map((part) => [part[0], part.slice(2)]));
        const salt = Buffer.from(fields.s ?? '', 'base64');
        const salted = pbkdf2Sync(password, salt, Number(fields.i), 32, 'sha256');
        const clientKey = hmac(salted, 'Client Key');
        const withoutProof = `c=biws,r=${fields.r}`;
        const signed = `${firstBare},${serverFirst},${withoutProof}`;
        const signature = hmac(createHash('sha256').update(clientKey).digest(), signed);
        const proof = Buffer.from(clientKey.map((byte, at) => byte ^ (signature[at] ?? 0)));
        expected = hmac(hmac(salted, 'Server Key'), signed).toString('base64');
        return message('p', Buffer.from(`${withoutProof},p=${proof.toString('base64')}`));
      }
      case 12: // AuthenticationSASLFinal
        if (body.subarray(4).toString() !== `v=${expected}`)
          throw new Error('The server does not know the password.');
        return undefined;
      default:
        throw new Error(`Authentication request ${kind} is not spoken here.`);
    }
  };
}

function hmac(key: Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
