import { createCipheriv, createDecipheriv } from 'node:crypto';
import { subKey } from './sub-keys.ts';

type Block = (uuid: Buffer) => Buffer;

/**
 * AES-256 is a permutation of 16 bytes, and a uuid has 16. Its version and variant are hidden with all the rest, which
 * PostgreSQL and its clients do not look at.
 */
export class UuidTokens {
  readonly forward: Block;
  readonly backward: Block;

  constructor(key: Buffer) {
    const own = subKey(key, 'tokens of uuid', 32);
    const cipher = createCipheriv('aes-256-ecb', own, null).setAutoPadding(false);
    const decipher = createDecipheriv('aes-256-ecb', own, null).setAutoPadding(false);
    this.forward = (uuid) => cipher.update(uuid);
    this.backward = (uuid) => decipher.update(uuid);
  }
}
