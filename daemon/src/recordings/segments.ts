import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { GENESIS, MAX_LINE_BYTES } from './chain.ts';

/** The files of a store: `segments/00000001.ndjson` and on, numbered without gaps. */

export function segmentsFolder(folder: string): string {
  return join(folder, 'segments');
}

export function segmentName(number: number): string {
  return `${String(number).padStart(8, '0')}.ndjson`;
}

export function segmentPath(folder: string, number: number): string {
  return join(segmentsFolder(folder), segmentName(number));
}

/** The numbers of all segments there are, ascending; gaps are the caller's to judge. Empty without a store. */
export function listSegments(folder: string): readonly number[] {
  let names: readonly string[];
  try {
    names = readdirSync(segmentsFolder(folder));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return names
    .map((name) => /^(\d{8,})\.ndjson$/.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number)
    .filter((number) => number > 0)
    .sort((a, b) => a - b);
}

/** The first number that is missing before a segment that is there. */
export function missingSegment(numbers: readonly number[]): number | undefined {
  const at = numbers.findIndex((number, index) => number !== index + 1);
  return at === -1 ? undefined : at + 1;
}

/** A line and where it stands. `terminated` is false for what follows the last newline. */
export interface RawLine {
  readonly bytes: Buffer;
  readonly offset: number;
  readonly terminated: boolean;
}

/** Cuts a stream of chunks into lines. A line that lies within one chunk is not copied, so chunks must not be reused. */
export class LineSplitter {
  #parts: Buffer[] = [];
  #held = 0;
  #offset: number;

  /** @param offset the file offset of the first chunk's first byte. */
  constructor(offset: number) {
    this.#offset = offset;
  }

  /** The lines that this chunk ends. @throws RangeError when a line is longer than {@link MAX_LINE_BYTES}. */
  push(chunk: Buffer): RawLine[] {
    const lines: RawLine[] = [];
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      this.#parts.push(chunk.subarray(start, end));
      lines.push(this.#take(true));
      this.#offset += 1;
      start = end + 1;
    }
    if (start < chunk.length) {
      this.#parts.push(chunk.subarray(start));
      this.#held += chunk.length - start;
      if (this.#held > MAX_LINE_BYTES) throw new RangeError('A record is longer than any that is written.');
    }
    return lines;
  }

  /** What follows the last newline, if anything. */
  rest(): RawLine | undefined {
    return this.#parts.length === 0 ? undefined : this.#take(false);
  }

  #take(terminated: boolean): RawLine {
    const only = this.#parts.length === 1 ? this.#parts[0] : undefined;
    const bytes = only ?? Buffer.concat(this.#parts);
    const line = { bytes, offset: this.#offset, terminated };
    this.#offset += bytes.length;
    this.#parts = [];
    this.#held = 0;
    return line;
  }
}

const CHUNK_BYTES = 256 * 1024;

/**
 * Read a segment's lines from an offset, a few at a time, so that a caller that must not stall can pause between.
 * The bytes after the last newline come last, unterminated. Memory is bounded by the longest line.
 */
export function* readLines(
  path: string,
  from = 0,
  chunkBytes = CHUNK_BYTES,
): Generator<readonly RawLine[], void> {
  const fd = openSync(path, 'r');
  try {
    const splitter = new LineSplitter(from);
    let position = from;
    for (;;) {
      const chunk = Buffer.allocUnsafeSlow(chunkBytes);
      const read = readSync(fd, chunk, 0, chunkBytes, position);
      if (read === 0) break;
      position += read;
      const lines = splitter.push(chunk.subarray(0, read));
      if (lines.length > 0) yield lines;
    }
    const rest = splitter.rest();
    if (rest !== undefined) yield [rest];
  } finally {
    closeSync(fd);
  }
}

/** Give other work a turn. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The first line of a segment, terminated or not; undefined when it is empty. */
export function firstLine(path: string): RawLine | undefined {
  for (const lines of readLines(path, 0, 8 * 1024)) return lines[0];
  return undefined;
}

/** The last line of a segment, terminated or not; undefined when it is empty. Reads from the end. */
export function lastLine(path: string): RawLine | undefined {
  const fd = openSync(path, 'r');
  try {
    const size = fstatSync(fd).size;
    if (size === 0) return undefined;
    const terminated = readExactly(fd, size - 1, 1)[0] === 10;
    const end = terminated ? size - 1 : size;
    for (let window = 8 * 1024; ; window *= 4) {
      const from = Math.max(0, end - window);
      const bytes = readExactly(fd, from, end - from);
      const newline = bytes.lastIndexOf(10);
      if (newline === -1 && from > 0 && window <= MAX_LINE_BYTES) continue;
      return { bytes: bytes.subarray(newline + 1), offset: from + newline + 1, terminated };
    }
  } finally {
    closeSync(fd);
  }
}

/** @throws Error when the file ends before. */
export function readExactly(fd: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(length);
  for (let done = 0; done < length; ) {
    const read = readSync(fd, bytes, done, length - done, position + done);
    if (read === 0) throw new Error('The file ends before the record that was to be read.');
    done += read;
  }
  return bytes;
}

/** The sequence number that a line claims, without reading all of it; undefined when it is no record. */
export function claimedSeq(bytes: Buffer): number | undefined {
  const at = '{"prev":"'.length + GENESIS.hash.length;
  const digits = /^","seq":(\d{1,16}),/.exec(bytes.toString('latin1', at, at + 32))?.[1];
  return digits === undefined ? undefined : Number(digits);
}
