import { createCipheriv, hash } from 'node:crypto';

/**
 * Keyed permutations of the whole numbers from 0 up to a size, the same for the same key.
 *
 * A number below the size N is written as a pair (left, right) with left < a and right < b, where a is the square root
 * of N rounded up and b is N / a rounded up: a Feistel network over Z_a × Z_b (the "generalized Feistel cipher" of Black
 * and Rogaway, Ciphers with Arbitrary Finite Domains, 2002). Each round adds to one half, modulo its own size, what a keyed
 * pseudorandom function makes of the other; the halves take turns. As a · b may be a little larger than N, the network
 * is applied until the number is below N again (cycle walking), which keeps it a permutation.
 *
 * Where the halves are small, the function of every round is a table, filled from the key stream of AES-256-CTR. Where
 * they are not, it is SHA-256 over the key and a message of fixed length: round, tweak, half.
 */

/** As many as FF1 of NIST SP 800-38G; small halves, of which an attacker may see nearly all, get more. */
const wideRounds = 10;
const tableRounds = 16;
/** Halves up to this size have tables, of 2 bytes for each element and round. */
const largestTable = 65_536n;

export interface Permutation {
  readonly size: bigint;
  /** @param tweak Another permutation for each, from 0 to 2^32 - 1; only numbers of wide domains have more than 0. */
  forward(value: bigint, tweak?: number): bigint;
  backward(value: bigint, tweak?: number): bigint;
}

function squareRootUp(value: bigint): bigint {
  if (value <= 1n) return value;
  let low = 1n;
  let high = 1n << BigInt(Math.ceil(value.toString(2).length / 2) + 1);
  while (low < high) {
    const middle = (low + high) / 2n;
    if (middle * middle < value) low = middle + 1n;
    else high = middle;
  }
  return low;
}

type RoundFunction = (round: number, half: bigint, tweak: number) => bigint;

/**
 * @param key 32 bytes, used for nothing else.
 * @param size At least 1 and less than 2^400, so that the 256 bits of a hash are taken modulo something far smaller.
 */
export function permutationOf(key: Buffer, size: bigint): Permutation {
  const left = squareRootUp(size);
  const right = (size + left - 1n) / left;
  return left <= largestTable
    ? new TablePermutation(key, size, Number(left), Number(right))
    : new WidePermutation(key, size, left, right);
}

const elementBytes = 8;

/** `count` numbers below `below`, of 48 bits of `stream` each: what modulo prefers is then less than 1 in 2^32. */
function roundTable(stream: Buffer, count: number, below: number): Uint16Array {
  const words = new Uint32Array(stream.buffer, stream.byteOffset, stream.length / 4);
  const table = new Uint16Array(count);
  const carried = 2 ** 32 % below;
  for (let index = 0; index < count; index++) {
    // In bounds, and no product is above 2^32: `below` is 2^16 at the most.
    const low = (words[2 * index] as number) % below;
    const high = ((((words[2 * index + 1] as number) >>> 16) * carried) >>> 0) % below;
    table[index] = (low + high) % below;
  }
  return table;
}

class TablePermutation implements Permutation {
  readonly size: bigint;
  readonly #size: number;
  readonly #left: number;
  readonly #right: number;
  /** Those of even rounds give what is added to the left half, by the right one. */
  readonly #tables: readonly Uint16Array[];

  constructor(key: Buffer, size: bigint, left: number, right: number) {
    this.size = size;
    this.#size = Number(size);
    this.#left = left;
    this.#right = right;
    const stream = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
    this.#tables = Array.from({ length: tableRounds }, (_, round) => {
      const [from, to] = round % 2 === 0 ? [right, left] : [left, right];
      return roundTable(stream.update(Buffer.alloc(from * elementBytes)), from, to);
    });
  }

  #rounds(value: number, way: 1 | -1): number {
    const [ofLeft, ofRight] = [this.#left, this.#right];
    let left = Math.floor(value / ofRight);
    let right = value - left * ofRight;
    for (let step = 0; step < tableRounds; step++) {
      const round = way === 1 ? step : tableRounds - 1 - step;
      const table = this.#tables[round] as Uint16Array;
      // Both numbers are below the half's size, so one subtraction or addition is the modulo.
      if (round % 2 === 0) {
        left += way * (table[right] as number);
        if (left >= ofLeft) left -= ofLeft;
        else if (left < 0) left += ofLeft;
      } else {
        right += way * (table[left] as number);
        if (right >= ofRight) right -= ofRight;
        else if (right < 0) right += ofRight;
      }
    }
    return left * ofRight + right;
  }

  forward(value: bigint): bigint {
    let at = Number(value);
    do at = this.#rounds(at, 1);
    while (at >= this.#size);
    return BigInt(at);
  }

  backward(value: bigint): bigint {
    let at = Number(value);
    do at = this.#rounds(at, -1);
    while (at >= this.#size);
    return BigInt(at);
  }
}

/** Key, round, tweak, half: what is hashed always has the same length, so that none is the beginning of another. */
const keyBytes = 32;
const halfBytes = 27;
const messageBytes = keyBytes + 1 + 4 + halfBytes;

function sha256Function(key: Buffer): RoundFunction {
  const message = Buffer.alloc(messageBytes);
  key.copy(message);
  return (round, half, tweak) => {
    message[keyBytes] = round;
    message.writeUInt32BE(tweak, keyBytes + 1);
    message.write(half.toString(16).padStart(2 * halfBytes, '0'), keyBytes + 5, halfBytes, 'hex');
    return BigInt(`0x${hash('sha256', message, 'hex')}`);
  };
}

class WidePermutation implements Permutation {
  readonly size: bigint;
  readonly #left: bigint;
  readonly #right: bigint;
  readonly #f: RoundFunction;

  constructor(key: Buffer, size: bigint, left: bigint, right: bigint) {
    this.size = size;
    this.#left = left;
    this.#right = right;
    this.#f = sha256Function(key);
  }

  #rounds(value: bigint, tweak: number, way: 1 | -1): bigint {
    let left = value / this.#right;
    let right = value % this.#right;
    for (let step = 0; step < wideRounds; step++) {
      const round = way === 1 ? step : wideRounds - 1 - step;
      const onLeft = round % 2 === 0;
      const half = onLeft ? this.#left : this.#right;
      const added = this.#f(round, onLeft ? right : left, tweak) % half;
      const amount = way === 1 ? added : half - added;
      if (onLeft) left = (left + amount) % half;
      else right = (right + amount) % half;
    }
    return left * this.#right + right;
  }

  forward(value: bigint, tweak = 0): bigint {
    let at = value;
    do at = this.#rounds(at, tweak, 1);
    while (at >= this.size);
    return at;
  }

  backward(value: bigint, tweak = 0): bigint {
    let at = value;
    do at = this.#rounds(at, tweak, -1);
    while (at >= this.size);
    return at;
  }
}
