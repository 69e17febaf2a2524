import type { FormatCode } from '../wire/codes.ts';
import type { Tokens } from './tokens.ts';
import type { ValueMasker } from './value-masker.ts';

/** Values whose tokens are kept, by a hash of theirs. */
const slots = 1024;
/** Longer values are rarely met again, and would fill the memory. */
const longestKept = 256;

/**
 * Tokens of one result column. Those of values that were met lately are kept: columns that repeat themselves are many,
 * and a token costs some microseconds.
 */
export function tokenMasker(tokens: Tokens, typeOid: number, format: FormatCode): ValueMasker {
  const values: (Buffer | undefined)[] = new Array(slots);
  const made: (Buffer | null)[] = new Array(slots);
  return (buffer, start, end) => {
    const length = end - start;
    if (length > longestKept) return tokens.tokenize(typeOid, format, buffer.subarray(start, end));
    let hash = length;
    // In bounds: `start` and `end` are the caller's.
    for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (buffer[at] as number)) | 0;
    const slot = (hash ^ (hash >>> 15)) & (slots - 1);
    const kept = values[slot];
    if (kept !== undefined && kept.length === length && buffer.compare(kept, 0, length, start, end) === 0) {
      return made[slot] as Buffer | null;
    }
    const value = Buffer.from(buffer.subarray(start, end));
    const token = tokens.tokenize(typeOid, format, value);
    values[slot] = value;
    made[slot] = token;
    return token;
  };
}
