import type { CST } from 'yaml';
import { decodeBlock } from './block-scalars.ts';
import type { Decoded } from './decoded.ts';
import type { TextRange } from './diagnostic.ts';
import { decodeDouble, decodeLines } from './flow-scalars.ts';

/**
 * Where each UTF-16 code unit of a scalar's value stands in the file. In YAML the two differ by quotes, escapes,
 * indentation and folding, so a place inside a condition is never the scalar's start plus an offset.
 * A folded line break stands where the break is; an escape covers all its characters.
 */
export class ScalarOffsets {
  readonly value: string;
  readonly #starts: readonly number[];
  readonly #ends: readonly number[];
  readonly #whole: TextRange;
  readonly #shift: number;

  /** @param shift What is added to the decoded places to make places of the file. */
  constructor(decoded: Decoded, whole: TextRange, shift = 0) {
    this.value = decoded.value;
    this.#starts = decoded.starts;
    this.#ends = decoded.ends;
    this.#whole = whole;
    this.#shift = shift;
  }

  /** File offset of the unit at `index`; at or past the value's end, the place after its last unit. */
  at(index: number): number {
    const place = index < 0 ? this.#starts[0] : (this.#starts[index] ?? this.#ends.at(-1));
    return place === undefined ? this.#whole.start : place + this.#shift;
  }

  /** The file range of the units from `start` up to `end`. An empty range stays empty. */
  range(start: number, end: number): TextRange {
    const from = this.at(start);
    if (end <= start) return { start: from, end: from };
    const to = this.#ends[end - 1] ?? this.#ends.at(-1);
    return { start: from, end: to === undefined ? from : Math.max(from, to + this.#shift) };
  }
}

/**
 * The offset table of a scalar, from its token.
 * @param value The value as the YAML library decoded it. Should the decoders here ever differ, every unit maps to the
 *   whole scalar: imprecise, but never a wrong place.
 * @param whole The scalar's range in the file
 * @param shift What is added to places in the token to make places of the file
 */
export function scalarOffsets(
  token: CST.FlowScalar | CST.BlockScalar,
  value: string,
  whole: TextRange,
  shift = 0,
): ScalarOffsets {
  const decoded = decode(token);
  if (decoded.value === value) return new ScalarOffsets(decoded, whole, shift);
  return new ScalarOffsets(
    {
      value,
      starts: new Array<number>(value.length).fill(whole.start),
      ends: new Array<number>(value.length).fill(whole.end),
    },
    whole,
  );
}

function decode(token: CST.FlowScalar | CST.BlockScalar): Decoded {
  switch (token.type) {
    case 'block-scalar':
      return decodeBlock(token);
    case 'double-quoted-scalar':
      return decodeDouble(token.source, token.offset);
    case 'single-quoted-scalar':
      return decodeLines(token.source, token.offset, 1, token.source.length - 1, true);
    default:
      return decodeLines(token.source, token.offset, 0, token.source.length, false);
  }
}
