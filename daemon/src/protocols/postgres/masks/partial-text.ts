import { isUtf8 } from 'node:buffer';

/** How many characters of a value stay at each end. */
export interface Keep {
  readonly first: number;
  readonly last: number;
}

/** The same for every length, so that the length is not told. */
const middleBytes = Buffer.from('***');

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

/** Up to this many bytes, looking for one that is no ASCII costs less than the call that checks UTF-8. */
const shortValue = 128;

function isShortAscii(buffer: Buffer, start: number, end: number): boolean {
  if (end - start > shortValue) return false;
  // In bounds: `start` and `end` are the caller's.
  for (let at = start; at < end; at++) if ((buffer[at] as number) >= 0x80) return false;
  return true;
}

/** Both ends, and what stands between them. */
function joined(buffer: Buffer, start: number, firstEnd: number, lastStart: number, end: number): Buffer {
  const shown = Buffer.allocUnsafe(firstEnd - start + middleBytes.length + end - lastStart);
  const middleStart = buffer.copy(shown, 0, start, firstEnd);
  shown.set(middleBytes, middleStart);
  buffer.copy(shown, middleStart + middleBytes.length, lastStart, end);
  return shown;
}

/**
 * The ends of the UTF-8 text in `buffer[start, end)` with `***` between them. Undefined: the ends would be more than
 * half of its characters, or it is no valid UTF-8, and nothing of it may be shown.
 */
export function partialText(buffer: Buffer, start: number, end: number, keep: Keep): Buffer | undefined {
  const { first, last } = keep;
  const least = 2 * (first + last);
  if (least === 0) return middleBytes;
  if (end - start < least) return undefined;
  if (isShortAscii(buffer, start, end)) return joined(buffer, start, start + first, end - last, end);
  // In text that is not valid, what counts as one character could be of any length.
  if (!isUtf8(buffer.subarray(start, end))) return undefined;
  let at = start;
  let firstEnd = start;
  for (let count = 1; count <= least; count++) {
    if (at === end) return undefined;
    at = after(buffer, at, end);
    if (count === first) firstEnd = at;
  }
  let lastStart = end;
  for (let count = 0; count < last; count++) lastStart = before(buffer, lastStart, start);
  return joined(buffer, start, firstEnd, lastStart, end);
}
