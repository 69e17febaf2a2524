import { hash } from 'node:crypto';
import { checkMaskKey } from './sub-keys.ts';

const blockBytes = 64;
const digestBytes = 32;
/** 132 bits: two values that meet by chance are not to be expected, and a column stays readable. */
const shownCharacters = 22;
/** Longer values are joined with the key in a buffer of their own, which is not kept. */
const scratchBytes = 4096;

/** `buffer[start, end)` to 22 characters of base64url, which never depend on the column. The buffer is a new one. */
export type KeyedHash = (buffer: Buffer, start: number, end: number) => Buffer;

/**
 * HMAC-SHA-256 (RFC 2104) as its two hashes: on short values 3 to 15 times faster than `createHmac`, whose object costs
 * more than the hashing of a whole row.
 * @throws ConfigFault `secret-unavailable` when the key has not 32 bytes.
 */
export function keyedHash(key: Buffer): KeyedHash {
  checkMaskKey(key);
  const inner = Buffer.alloc(blockBytes + scratchBytes, 0x36);
  const outer = Buffer.alloc(blockBytes + digestBytes, 0x5c);
  for (const [index, byte] of key.entries()) {
    inner[index] = byte ^ 0x36;
    outer[index] = byte ^ 0x5c;
  }
  return (buffer, start, end) => {
    const length = end - start;
    let message: Buffer;
    if (length <= scratchBytes) {
      buffer.copy(inner, blockBytes, start, end);
      message = inner.subarray(0, blockBytes + length);
    } else {
      message = Buffer.concat([inner.subarray(0, blockBytes), buffer.subarray(start, end)]);
    }
    outer.write(hash('sha256', message, 'binary'), blockBytes, digestBytes, 'latin1');
    const shown = Buffer.allocUnsafe(shownCharacters);
    shown.write(hash('sha256', outer, 'base64url'), 0, shownCharacters, 'latin1');
    return shown;
  };
}
