import { ProtocolFault } from '../../../core/faults.ts';
import type { RowRewriter } from '../expectation.ts';
import type { Span } from './sealed-tokens.ts';
import type { AheadMasker } from './token-masker.ts';
import type { Constant, ValueMasker } from './value-masker.ts';
import { BackendType } from '../wire/codes.ts';

/** Type byte, Int32 length, Int16 count of values. */
const rowHeaderBytes = 7;
/** The first slab is small, for the many results of one row; later ones grow up to this. */
const slabBytes = 64 * 1024;
const firstSlabBytes = 4 * 1024;
/** Below this, a loop is faster than the call that copies. */
const shortRun = 32;

/** At most this many rows are looked at before they come. */
const rowsTold = 512;

const nothing = Buffer.alloc(0);

function malformed(how: string): never {
  throw new ProtocolFault('malformed', `The DataRow message ${how}.`);
}

/** In bounds by the caller's check. */
function int32(buffer: Buffer, at: number): number {
  return (
    ((buffer[at] as number) << 24) |
    ((buffer[at + 1] as number) << 16) |
    ((buffer[at + 2] as number) << 8) |
    (buffer[at + 3] as number)
  );
}

function putInt32(buffer: Buffer, at: number, value: number): void {
  buffer[at] = value >>> 24;
  buffer[at + 1] = value >>> 16;
  buffer[at + 2] = value >>> 8;
  buffer[at + 3] = value;
}

/** Copy `from[start, end)` to `to` at `at`. Returns where it ends there. */
function put(to: Buffer, at: number, from: Buffer, start: number, end: number): number {
  const length = end - start;
  if (length > shortRun) {
    from.copy(to, at, start, end);
  } else {
    for (let index = 0; index < length; index++) to[at + index] = from[start + index] as number;
  }
  return at + length;
}

/**
 * Rewrites the DataRow messages of one result ("DataRow" in section "Message Formats"). A row is read to its end before
 * anything of it is written, so that nothing of a malformed one goes out. The new rows lie one behind the other in
 * slabs that are never written to again where they were handed out, because a socket may still hold them.
 */
export class RowMasker implements RowRewriter {
  readonly #maskers: readonly (ValueMasker | undefined)[];
  /** What comes instead of NULL, where that is not NULL. */
  readonly #instead: readonly (Buffer | undefined)[];
  readonly #masksNothing: boolean;
  /** Of the row in hand: where the values lie that change, with their length fields, and what comes instead. */
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #replacements: (Buffer | null)[];
  /** Maskers that are told of values ahead, with their columns. */
  readonly #told: readonly { readonly column: number; readonly masker: AheadMasker }[];
  /** Up to where in which buffer they were told. */
  #toldOf: Buffer = nothing;
  #toldEnd = 0;
  #slab = nothing;
  #used = 0;

  /**
   * `maskers` has one element for each column of the result; where it is undefined, values pass as they are. NULL is
   * given to no masker and stays NULL; a constant comes in its place too.
   */
  constructor(maskers: readonly (ValueMasker | Constant | undefined)[]) {
    const masked = maskers.filter((masker) => masker !== undefined).length;
    this.#maskers = maskers.map((masker) =>
      masker === undefined || typeof masker === 'function' ? masker : () => masker.constant,
    );
    this.#instead = maskers.map((masker) =>
      masker === undefined || typeof masker === 'function' ? undefined : (masker.constant ?? undefined),
    );
    this.#told = maskers.flatMap((masker, column) =>
      typeof masker === 'function' && 'ahead' in masker ? [{ column, masker: masker as AheadMasker }] : [],
    );
    this.#masksNothing = masked === 0;
    this.#starts = new Int32Array(masked);
    this.#ends = new Int32Array(masked);
    this.#replacements = Array.from({ length: masked }, () => null);
  }

  /**
   * The masked row for the whole DataRow message in `buffer[start, end)`.
   * @throws ProtocolFault `malformed` when it is none, or has not as many values as the result has columns.
   */
  mask(buffer: Buffer, start: number, end: number): { buffer: Buffer; start: number; end: number } {
    const maskers = this.#maskers;
    const starts = this.#starts;
    const ends = this.#ends;
    const replacements = this.#replacements;
    if (start < 0 || end > buffer.length || end - start < rowHeaderBytes) malformed('is cut off');
    if (buffer[start] !== BackendType.DataRow) malformed('has another type byte');
    if (int32(buffer, start + 1) !== end - start - 1) malformed('has a length that is not its own');
    const count = ((buffer[start + 5] as number) << 8) | (buffer[start + 6] as number);
    if (count !== maskers.length) malformed(`has ${count} values where the result has ${maskers.length}`);
    if (this.#told.length > 0 && (buffer !== this.#toldOf || start >= this.#toldEnd))
      this.#tell(buffer, start);

    let at = start + rowHeaderBytes;
    let changed = 0;
    let growth = 0;
    for (let column = 0; column < count; column++) {
      if (end - at < 4) malformed('ends in the middle of a field');
      const valueAt = at + 4;
      const length = int32(buffer, at);
      if (length === -1) {
        const instead = this.#instead[column];
        if (instead !== undefined) {
          starts[changed] = at;
          ends[changed] = valueAt;
          replacements[changed] = instead;
          changed++;
          growth += instead.length;
        }
        at = valueAt;
        continue;
      }
      if (length < 0) malformed(`has a value of ${length} bytes`);
      if (length > end - valueAt) malformed('ends in the middle of a field');
      const masker = maskers[column];
      if (masker !== undefined) {
        const replacement = masker(buffer, valueAt, valueAt + length);
        starts[changed] = at;
        ends[changed] = valueAt + length;
        replacements[changed] = replacement;
        changed++;
        growth += (replacement === null ? 0 : replacement.length) - length;
      }
      at = valueAt + length;
    }
    if (at !== end) malformed(`has ${end - at} bytes after its end`);
    // Elsewhere, an unchanged row is copied too: as a part of one slab it costs no write of its own.
    if (this.#masksNothing) return { buffer, start, end };

    const size = end - start + growth;
    const slab = this.#slabFor(size);
    const from = slab === this.#slab ? this.#used : 0;
    let to = from;
    let done = start;
    for (let index = 0; index < changed; index++) {
      // In bounds: the loop above has filled `changed` elements.
      const replacement = replacements[index] as Buffer | null;
      to = put(slab, to, buffer, done, starts[index] as number);
      putInt32(slab, to, replacement === null ? -1 : replacement.length);
      to += 4;
      if (replacement !== null) to = put(slab, to, replacement, 0, replacement.length);
      done = ends[index] as number;
    }
    to = put(slab, to, buffer, done, end);
    putInt32(slab, from + 1, size - 1);
    if (slab === this.#slab) this.#used = to;
    return { buffer: slab, start: from, end: to };
  }

  /**
   * Tell of the values in the row at `start` and in the rows behind it, as far as they lie in the buffer. Whether they are
   * what they seem to be is found out when they come: no masker gives anything out for being told.
   */
  #tell(buffer: Buffer, start: number): void {
    const spans = this.#told.map((): Span[] => []);
    let at = start;
    for (let row = 0; row < rowsTold; row++) {
      const end = this.#spansOf(buffer, at, spans);
      if (end === undefined) break;
      at = end;
    }
    this.#toldOf = buffer;
    this.#toldEnd = Math.max(at, start + 1);
    for (const [index, { masker }] of this.#told.entries()) masker.ahead(buffer, spans[index] ?? []);
  }

  /** The values of the row at `start`, added to `spans`. Returns where the row ends; undefined: it is none, or not whole. */
  #spansOf(buffer: Buffer, start: number, spans: readonly Span[][]): number | undefined {
    if (buffer.length - start < rowHeaderBytes || buffer[start] !== BackendType.DataRow) return undefined;
    const end = start + 1 + int32(buffer, start + 1);
    if (end > buffer.length || end < start + rowHeaderBytes) return undefined;
    let at = start + rowHeaderBytes;
    let next = 0;
    for (let column = 0; next < this.#told.length; column++) {
      if (end - at < 4) return undefined;
      const length = int32(buffer, at);
      at += 4;
      if (length > end - at) return undefined;
      if (column === this.#told[next]?.column) {
        if (length >= 0) spans[next]?.push({ start: at, end: at + length });
        next++;
      }
      if (length > 0) at += length;
    }
    return end;
  }

  /** Room for `size` bytes: behind the last row, in a new slab, or in one of its own where it is larger than any. */
  #slabFor(size: number): Buffer {
    if (this.#slab.length - this.#used >= size) return this.#slab;
    if (size > slabBytes) return Buffer.allocUnsafeSlow(size);
    const next = this.#slab.length === 0 ? firstSlabBytes : Math.min(slabBytes, this.#slab.length * 4);
    this.#slab = Buffer.allocUnsafeSlow(Math.max(next, size));
    this.#used = 0;
    return this.#slab;
  }
}
