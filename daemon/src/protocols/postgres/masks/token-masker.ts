import type { FormatCode } from '../wire/codes.ts';
import type { Span } from './sealed-tokens.ts';
import type { Tokens } from './tokens.ts';
import type { ValueMasker } from './value-masker.ts';

/** A masker that is told of many values before it is given them one by one. */
export interface AheadMasker extends ValueMasker {
  /** @param spans Where the next values lie in a buffer that does not change until they were given. */
  readonly ahead: (buffer: Buffer, spans: readonly Span[]) => void;
}

/** Longer values are rarely met again, and would fill the memory. */
const longestKept = 128;
/** Fewer are made one by one, and kept. */
const fewestTogether = 4;

/**
 * Tokens of one result column, made of many values at once where they are known ahead. Elsewhere those of values that were
 * met lately are kept: columns that repeat themselves are many, and a token costs some microseconds.
 */
export function tokenMasker(tokens: Tokens, typeOid: number, format: FormatCode): AheadMasker {
  let known:
    | { readonly buffer: Buffer; readonly spans: readonly Span[]; readonly made: readonly Buffer[] }
    | undefined;
  let next = 0;
  const one = keptTokens((value) => tokens.tokenize(typeOid, format, value));
  const masker = (buffer: Buffer, start: number, end: number): Buffer | null => {
    if (known !== undefined && known.buffer === buffer) {
      const span = known.spans[next];
      if (span?.start === start && span.end === end) return known.made[next++] as Buffer;
    }
    return one(buffer, start, end);
  };
  const ahead = (buffer: Buffer, spans: readonly Span[]): void => {
    next = 0;
    const made = spans.length < fewestTogether ? undefined : tokens.tokenizeMany(typeOid, buffer, spans);
    known = made && { buffer, spans, made };
  };
  return Object.assign(masker, { ahead });
}

function keptTokens(of: (value: Buffer) => Buffer | null): ValueMasker {
  const values: (Buffer | undefined)[] = [];
  const made: (Buffer | null | undefined)[] = [];
  return (buffer, start, end) => {
    const length = end - start;
    if (length > longestKept) return of(buffer.subarray(start, end));
    let hash = length;
    // In bounds: `start` and `end` are the caller's.
    for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (buffer[at] as number)) | 0;
    // 4096 of them.
    const slot = Math.imul(hash, 0x9e3779b1) >>> 20;
    const kept = values[slot];
    if (kept?.length === length && isSame(kept, buffer, start)) return made[slot] as Buffer | null;
    const value = Buffer.from(buffer.subarray(start, end));
    const token = of(value);
    values[slot] = value;
    made[slot] = token;
    return token;
  };
}

function isSame(kept: Buffer, buffer: Buffer, start: number): boolean {
  for (let index = 0; index < kept.length; index++) if (kept[index] !== buffer[start + index]) return false;
  return true;
}
