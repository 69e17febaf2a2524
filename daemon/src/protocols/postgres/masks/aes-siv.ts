import { createCipheriv, timingSafeEqual } from 'node:crypto';

/**
 * AES-SIV (RFC 5297): deterministic authenticated encryption. The same plaintext always becomes the same ciphertext, and
 * nobody without the key can make one that opens, or learns more than which plaintexts are equal and how long they are.
 *
 * Node has no CMAC and no SIV, but its CBC and ECB are their parts: CMAC (RFC 4493) is the last block of CBC over a
 * message whose end was prepared, and the key stream of CTR is ECB of its counters. Both ciphers are made once and then
 * fed on, since making one costs more than a value. CBC goes on from the block that it wrote last, so the next message
 * begins with that block added to its own first one, which cancels it.
 */

const block = 16;
/** RFC 5297, section 2.5: these two bits of the synthetic IV are no part of the counter, so that 64-bit adds suffice. */
const clearedBits = [8, 12] as const;

type Cipher = (input: Uint8Array) => Buffer;

function ecb(key: Buffer): Cipher {
  const cipher = createCipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false);
  return (input) => cipher.update(input);
}

/** dbl() of section 2.3: times x in the field of 2^128 elements, in place. */
function double(value: Buffer): Buffer {
  let carry = ((value[0] as number) & 0x80) === 0 ? 0 : 0x87;
  for (let at = block - 1; at >= 0; at--) {
    const byte = value[at] as number;
    value[at] = (byte << 1) ^ carry;
    carry = byte >>> 7;
  }
  return value;
}

function addInto(target: Buffer, at: number, other: Buffer): void {
  for (let index = 0; index < block; index++)
    target[at + index] = (target[at + index] as number) ^ (other[index] as number);
}

/** CMAC over texts of one byte or more, without a copy where the text may be changed. */
class Cmac {
  readonly #cbc: Cipher;
  readonly #whole: Buffer;
  readonly #padded: Buffer;
  /** The block that CBC adds to the next one. */
  #last = Buffer.alloc(block);

  constructor(key: Buffer) {
    const cipher = createCipheriv(`aes-${key.length * 8}-cbc`, key, Buffer.alloc(block)).setAutoPadding(
      false,
    );
    this.#cbc = (input) => cipher.update(input);
    const zero = ecb(key)(Buffer.alloc(block));
    this.#whole = double(Buffer.from(zero));
    this.#padded = double(Buffer.from(this.#whole));
  }

  /** What is added to the last block of a text of whole blocks. */
  get whole(): Buffer {
    return this.#whole;
  }

  /** The code of the first `length` bytes of `text`, which has room up to a whole block, all of it 0, and is changed. */
  of(text: Buffer, length: number): Buffer {
    if (length % block === 0 && length > 0) {
      addInto(text, length - block, this.#whole);
    } else {
      text[length] = 0x80;
      addInto(text, length - (length % block), this.#padded);
    }
    addInto(text, 0, this.#last);
    const written = this.#cbc(text);
    this.#last = Buffer.from(written.subarray(written.length - block));
    return this.#last;
  }
}

/** Room for `length` bytes up to a whole block, and one block where there is none. */
function room(length: number): number {
  return Math.max(block, Math.ceil(length / block) * block);
}

const blockWords = block / 4;

/** Whole words, which are added to each other only, so that their byte order does not matter. */
function wordsOf(bytes: Buffer): Int32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.from(bytes);
  return new Int32Array(aligned.buffer, aligned.byteOffset, bytes.length / 4);
}

function bytesOf(words: Int32Array): Buffer {
  return Buffer.from(words.buffer, words.byteOffset, words.byteLength);
}

export class AesSiv {
  readonly #cmac: Cmac;
  /** AES with the key of the code. */
  readonly #code: Cipher;
  readonly #ctr: Cipher;
  readonly #start: Buffer;

  /**
   * @param key The key of the code and then the key of the cipher, of 16, 24 or 32 bytes each.
   * @param associated What every text is bound to: a ciphertext opens only with the same. May be none.
   */
  constructor(key: Buffer, associated: readonly Buffer[]) {
    const half = key.length / 2;
    this.#cmac = new Cmac(key.subarray(0, half));
    this.#code = ecb(key.subarray(0, half));
    this.#ctr = ecb(key.subarray(half));
    // S2V of section 2.4 up to the plaintext, which comes last.
    const sum = Buffer.from(this.#cmac.of(Buffer.alloc(block), block));
    for (const part of associated) {
      const text = Buffer.alloc(room(part.length));
      part.copy(text);
      double(sum);
      addInto(sum, 0, this.#cmac.of(text, part.length));
    }
    this.#start = sum;
  }

  #syntheticIv(plaintext: Buffer): Buffer {
    const { length } = plaintext;
    if (length >= block) {
      const text = Buffer.alloc(room(length));
      plaintext.copy(text);
      addInto(text, length - block, this.#start);
      return this.#cmac.of(text, length);
    }
    const text = Buffer.alloc(block);
    plaintext.copy(text);
    text[length] = 0x80;
    addInto(text, 0, double(Buffer.from(this.#start)));
    return this.#cmac.of(text, block);
  }

  /** `text` with the key stream of `iv` added, in place. */
  #encrypt(iv: Buffer, text: Buffer): void {
    const counters = Buffer.allocUnsafe(room(text.length));
    const head = Buffer.from(iv);
    for (const at of clearedBits) head[at] = (head[at] as number) & 0x7f;
    const low = head.readUInt32BE(12);
    for (let at = 0, index = 0; at < counters.length; at += block, index++) {
      head.copy(counters, at);
      // Its highest bit is clear and no text has 2^31 blocks, so this never carries.
      counters.writeUInt32BE(low + index, at + 12);
    }
    const stream = this.#ctr(counters);
    for (let at = 0; at < text.length; at++) text[at] = (text[at] as number) ^ (stream[at] as number);
  }

  /** 16 bytes more than the plaintext: the synthetic IV before the ciphertext. */
  seal(plaintext: Buffer): Buffer {
    const iv = this.#syntheticIv(plaintext);
    const sealed = Buffer.allocUnsafe(block + plaintext.length);
    iv.copy(sealed);
    const text = sealed.subarray(block);
    plaintext.copy(text);
    this.#encrypt(iv, text);
    return sealed;
  }

  /** The plaintext; undefined where the bytes are not what {@link seal} makes with this key. */
  open(sealed: Buffer): Buffer | undefined {
    if (sealed.length < block) return undefined;
    const iv = sealed.subarray(0, block);
    const text = Buffer.from(sealed.subarray(block));
    this.#encrypt(iv, text);
    return timingSafeEqual(this.#syntheticIv(text), iv) ? text : undefined;
  }

  /** The synthetic IVs of many texts: CBC of all of them side by side, block by block. */
  #syntheticIvs(texts: Int32Array, starts: Int32Array, blocks: Int32Array): Int32Array {
    const count = blocks.length;
    const last = Buffer.from(this.#start);
    addInto(last, 0, this.#cmac.whole);
    const ending = wordsOf(last);
    const ivs = new Int32Array(count * blockWords);
    const input = new Int32Array(count * blockWords);
    const active = Int32Array.from(blocks.keys());
    let left = count;
    for (let step = 0; left > 0; step++) {
      for (let index = 0; index < left; index++) {
        const of = active[index] as number;
        const from = (starts[of] as number) + step * blockWords;
        const isLast = blocks[of] === step + 1;
        for (let word = 0; word < blockWords; word++) {
          input[index * blockWords + word] =
            (ivs[of * blockWords + word] as number) ^
            (texts[from + word] as number) ^
            (isLast ? (ending[word] as number) : 0);
        }
      }
      const made = wordsOf(this.#code(bytesOf(input.subarray(0, left * blockWords))));
      let kept = 0;
      for (let index = 0; index < left; index++) {
        const of = active[index] as number;
        for (let word = 0; word < blockWords; word++) {
          ivs[of * blockWords + word] = made[index * blockWords + word] as number;
        }
        if ((blocks[of] as number) > step + 1) active[kept++] = of;
      }
      left = kept;
    }
    return ivs;
  }

  /**
   * As {@link seal}, for many texts of whole blocks at once, at a small part of the cost: each call of a cipher costs more
   * than what it does for one of them.
   * @param texts One behind the other.
   * @param blocks How many blocks each of them has, at least one.
   * @returns What was sealed, one behind the other: one block more for each.
   */
  sealMany(texts: Int32Array, blocks: Int32Array): Buffer {
    const starts = new Int32Array(blocks.length);
    let total = 0;
    for (let of = 0; of < blocks.length; of++) {
      starts[of] = total * blockWords;
      total += blocks[of] as number;
    }
    const ivs = this.#syntheticIvs(texts, starts, blocks);
    const ivBytes = bytesOf(ivs);
    const counters = new Int32Array(total * blockWords);
    const counterBytes = bytesOf(counters);
    const [clearedHigh, clearedLow] = clearedBits;
    for (let of = 0, at = 0; of < blocks.length; of++) {
      const iv = of * block;
      const low = ivBytes.readUInt32BE(iv + clearedLow) & 0x7fffffff;
      const third = ivBytes.readUInt32BE(iv + clearedHigh) & 0x7fffffff;
      for (let index = 0; index < (blocks[of] as number); index++, at += blockWords) {
        counters[at] = ivs[of * blockWords] as number;
        counters[at + 1] = ivs[of * blockWords + 1] as number;
        counterBytes.writeUInt32BE(third, at * 4 + clearedHigh);
        counterBytes.writeUInt32BE(low + index, at * 4 + clearedLow);
      }
    }
    const stream = wordsOf(this.#ctr(counterBytes));
    const sealed = new Int32Array((total + blocks.length) * blockWords);
    for (let of = 0, from = 0, to = 0; of < blocks.length; of++) {
      for (let word = 0; word < blockWords; word++) sealed[to++] = ivs[of * blockWords + word] as number;
      const end = from + (blocks[of] as number) * blockWords;
      for (; from < end; from++) sealed[to++] = (texts[from] as number) ^ (stream[from] as number);
    }
    return bytesOf(sealed);
  }
}
