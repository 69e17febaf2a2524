import { AesSiv } from './aes-siv.ts';
import { subKey } from './sub-keys.ts';

/**
 * Tokens of texts, JSON and bytes: the value itself, sealed by AES-SIV. They need no store, equal values have equal
 * tokens, and nobody without the key can make one.
 */

/** What tokens are for. One of a text is none of JSON. */
export type SealedKind = 'text' | 'json' | 'bytes';

const prefix = 'tok_';
const prefixBytes = Buffer.from(prefix);
const end = 0x80;

/**
 * Values are filled up so that their tokens do not tell their lengths, but in steps: of 16 bytes, and above 256 of an
 * eighth of the power of two below.
 */
function filledLength(length: number): number {
  const step = Math.max(16, 2 ** (Math.floor(Math.log2(length + 1)) - 3));
  return Math.ceil((length + 1) / step) * step;
}

export class SealedTokens {
  readonly #siv: AesSiv;

  constructor(key: Buffer, kind: SealedKind) {
    this.#siv = new AesSiv(subKey(key, `tokens of ${kind}`, 64), []);
  }

  #seal(value: Buffer): Buffer {
    const filled = Buffer.alloc(filledLength(value.length));
    value.copy(filled);
    filled[value.length] = end;
    return this.#siv.seal(filled);
  }

  #open(sealed: Buffer): Buffer | undefined {
    const filled = this.#siv.open(sealed);
    const length = filled?.lastIndexOf(end) ?? -1;
    return length === -1 ? undefined : filled?.subarray(0, length);
  }

  textToken(value: Buffer): Buffer {
    return Buffer.from(prefix + this.#seal(value).toString('base64url'), 'latin1');
  }

  /** Undefined: it is no token, or not one of this key and kind. */
  ofTextToken(token: string): Buffer | undefined {
    if (!token.startsWith(prefix)) return undefined;
    const sealed = Buffer.from(token.slice(prefix.length), 'base64url');
    // Node reads past what is no base64: only the one way to write a token is one.
    return prefix + sealed.toString('base64url') === token ? this.#open(sealed) : undefined;
  }

  byteToken(value: Buffer): Buffer {
    return Buffer.concat([prefixBytes, this.#seal(value)]);
  }

  ofByteToken(token: Buffer): Buffer | undefined {
    const hasPrefix = prefixBytes.equals(token.subarray(0, prefixBytes.length));
    return hasPrefix ? this.#open(token.subarray(prefixBytes.length)) : undefined;
  }
}
