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
const endOfValue = 0x80;
const blockBytes = 16;

/** `buffer[start, end)`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Values are filled up so that their tokens do not tell their lengths, but in steps: of 16 bytes, and above 256 of an
 * eighth of the power of two below.
 */
function filledLength(length: number): number {
  const step = Math.max(blockBytes, 2 ** (Math.floor(Math.log2(length + 1)) - 3));
  return Math.ceil((length + 1) / step) * step;
}

const base64url = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');

/** The tokens of what was sealed, each a piece of one new buffer. */
function encoded(sealed: Buffer, blocks: Int32Array): Buffer[] {
  const sizes = blocks.map((count) => prefix.length + Math.ceil(((count + 1) * blockBytes * 4) / 3));
  const slab = Buffer.allocUnsafeSlow(sizes.reduce((sum, size) => sum + size, 0));
  let [from, to] = [0, 0];
  return Array.from(sizes, (size, index) => {
    const start = to;
    to += prefixBytes.copy(slab, to);
    const end = from + ((blocks[index] as number) + 1) * blockBytes;
    while (from < end) {
      const left = end - from;
      // In bounds, but for the last bytes, which are read as 0.
      const bits =
        ((sealed[from] as number) << 16) |
        (left > 1 ? (sealed[from + 1] as number) << 8 : 0) |
        (left > 2 ? (sealed[from + 2] as number) : 0);
      slab[to++] = base64url[bits >>> 18] as number;
      slab[to++] = base64url[(bits >>> 12) & 63] as number;
      if (left > 1) slab[to++] = base64url[(bits >>> 6) & 63] as number;
      if (left > 2) slab[to++] = base64url[bits & 63] as number;
      from += 3;
    }
    from = end;
    return slab.subarray(start, start + size);
  });
}

export class SealedTokens {
  readonly #siv: AesSiv;

  constructor(key: Buffer, kind: SealedKind) {
    this.#siv = new AesSiv(subKey(key, `tokens of ${kind}`, 64), []);
  }

  #seal(value: Buffer): Buffer {
    const filled = Buffer.alloc(filledLength(value.length));
    value.copy(filled);
    filled[value.length] = endOfValue;
    return this.#siv.seal(filled);
  }

  #open(sealed: Buffer): Buffer | undefined {
    const filled = this.#siv.open(sealed);
    const length = filled?.lastIndexOf(endOfValue) ?? -1;
    return length === -1 ? undefined : filled?.subarray(0, length);
  }

  textToken(value: Buffer): Buffer {
    return Buffer.from(prefix + this.#seal(value).toString('base64url'), 'latin1');
  }

  /**
   * As {@link textToken}, for many values of one buffer at once.
   * @param spans Where each begins and ends.
   */
  textTokens(buffer: Buffer, spans: readonly Span[]): Buffer[] {
    const blocks = Int32Array.from(spans, ({ start, end }) => filledLength(end - start) / blockBytes);
    let total = 0;
    for (const count of blocks) total += count;
    const texts = new Int32Array((total * blockBytes) / 4);
    const filled = Buffer.from(texts.buffer);
    let at = 0;
    spans.forEach(({ start, end }, index) => {
      buffer.copy(filled, at, start, end);
      filled[at + end - start] = endOfValue;
      at += (blocks[index] as number) * blockBytes;
    });
    return encoded(this.#siv.sealMany(texts, blocks), blocks);
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
