import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { MAX_LINE_BYTES } from '../recordings/chain.ts';
import { firstLine, listSegments, segmentPath } from '../recordings/segments.ts';

/** A part of a segment: the lines that begin in it. Offsets in bytes. */
export interface StoreRange {
  readonly segment: number;
  readonly from: number;
  readonly to: number;
}

const rangeBytes = 8 * 1024 * 1024;
const chunkBytes = 64 * 1024;
const newline = '\n';

/**
 * The parts of a store in which records of a time and later stand, in order. A segment that begins before that time ends
 * the search for earlier ones: clocks are set back by little.
 */
export function rangesSince(folder: string, since: string): readonly StoreRange[] {
  const ranges: StoreRange[] = [];
  for (const segment of [...listSegments(folder)].reverse()) {
    const size = sizeOf(segmentPath(folder, segment));
    const own: StoreRange[] = [];
    for (let from = 0; from < size; from += rangeBytes)
      own.push({ segment, from, to: Math.min(size, from + rangeBytes) });
    ranges.unshift(...own);
    const first = firstLine(segmentPath(folder, segment));
    const at = /"at":"([^"]{24})"/.exec(first?.bytes.toString('latin1', 0, 160) ?? '')?.[1];
    if (at !== undefined && at < since) break;
  }
  return ranges;
}

/** The parts of a store behind a place. */
export function rangesBehind(
  folder: string,
  { segment: first, offset }: { readonly segment: number; readonly offset: number },
): readonly StoreRange[] {
  return listSegments(folder)
    .filter((segment) => segment >= first)
    .map((segment) => ({
      segment,
      from: segment === first ? offset : 0,
      to: sizeOf(segmentPath(folder, segment)),
    }))
    .filter(({ from, to }) => to > from);
}

/** Many lines at once. The string is one character a byte, and no line is begun but not ended in it. */
export interface Chunk {
  readonly bytes: string;
  /** Behind the last newline. */
  readonly end: number;
  /** Of the string's first character in the segment. */
  readonly offset: number;
}

/** Read the whole lines of a range. A last line without a newline is still being written, and left out. */
export function* readChunks(folder: string, { segment, from, to }: StoreRange): Generator<Chunk, void> {
  const fd = openSync(segmentPath(folder, segment), 'r');
  try {
    let buffer = Buffer.allocUnsafeSlow(chunkBytes);
    let position = from === 0 ? 0 : afterNewline(fd, from - 1);
    while (position < to) {
      const read = readSync(fd, buffer, 0, buffer.length, position);
      if (read === 0) return;
      const bytes = buffer.toString('latin1', 0, read);
      const last = bytes.lastIndexOf(newline);
      if (last === -1) {
        // A line longer than the buffer, or the one that is being written.
        if (read < buffer.length || buffer.length > MAX_LINE_BYTES) return;
        buffer = Buffer.allocUnsafeSlow(buffer.length * 4);
        continue;
      }
      // Lines that begin behind the range are the next one's.
      const own = position + read > to ? bytes.indexOf(newline, Math.max(0, to - position - 1)) : last;
      yield { bytes, end: (own === -1 ? last : own) + 1, offset: position };
      position += (own === -1 ? last : own) + 1;
      if (own !== -1 && own !== last) return;
    }
  } finally {
    closeSync(fd);
  }
}

/** The place behind the first newline at or behind a place; the end of the file where there is none. */
function afterNewline(fd: number, from: number): number {
  const buffer = Buffer.allocUnsafeSlow(64 * 1024);
  for (let at = from; ; ) {
    const read = readSync(fd, buffer, 0, buffer.length, at);
    if (read === 0) return at;
    const found = buffer.subarray(0, read).indexOf(10);
    if (found !== -1) return at + found + 1;
    at += read;
  }
}

function sizeOf(path: string): number {
  const fd = openSync(path, 'r');
  try {
    return fstatSync(fd).size;
  } finally {
    closeSync(fd);
  }
}
