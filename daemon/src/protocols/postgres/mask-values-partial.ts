import { isUtf8 } from 'node:buffer';

/** How many characters of a value stay at each end. */
export interface Keep {
  readonly first: number;
  readonly last: number;
}

/** The same for every length, so that the length is not told. */
const middle = '***';
const middleBytes = Buffer.from(middle);

const isContinuation = (byte: number | undefined): boolean => ((byte ?? 0) & 0xc0) === 0x80;

/** Where the character after the one at `at` begins. */
function after(buffer: Buffer, at: number, end: number): number {
  let next = at + 1;
  while (next < end && isContinuation(buffer[next])) next++;
  return next;
}

function before(buffer: Buffer, at: number, start: number): number {
  let previous = at - 1;
  while (previous > start && isContinuation(buffer[previous])) previous--;
  return previous;
}

/**
 * The ends of the UTF-8 text in `buffer[start, end)` with `***` between them. Undefined: the ends would be more than
 * half of its characters, or it is no valid UTF-8, and nothing of it may be shown.
 */
export function partialText(buffer: Buffer, start: number, end: number, keep: Keep): Buffer | undefined {
  const kept = keep.first + keep.last;
  if (kept === 0) return middleBytes;
  // Fewer bytes than that are fewer characters; in invalid text, what counts as one could be of any length.
  if (end - start < 2 * kept || !isUtf8(buffer.subarray(start, end))) return undefined;
  let at = start;
  let firstEnd = start;
  for (let count = 0; count < 2 * kept; count++) {
    if (at === end) return undefined;
    at = after(buffer, at, end);
    if (count + 1 === keep.first) firstEnd = at;
  }
  let lastStart = end;
  for (let count = 0; count < keep.last; count++) lastStart = before(buffer, lastStart, start);
  const shown = Buffer.allocUnsafe(firstEnd - start + middleBytes.length + end - lastStart);
  const middleStart = buffer.copy(shown, 0, start, firstEnd);
  middleBytes.copy(shown, middleStart);
  buffer.copy(shown, middleStart + middleBytes.length, lastStart, end);
  return shown;
}
