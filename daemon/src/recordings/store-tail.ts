import { existsSync, fsyncSync, openSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { RecordFault } from '../core/faults.ts';
import { type ChainHead, checkLine, GENESIS, hashLine, MAX_LINE_BYTES } from './chain.ts';
import { makePrivateFolder, realDisk, syncFolder } from './disk.ts';
import {
  breathe,
  claimedSeq,
  firstLine,
  lastLine,
  listSegments,
  missingSegment,
  type RawLine,
  readLines,
  segmentName,
  segmentPath,
  segmentsFolder,
} from './segments.ts';

/** The end of a store, where the next record goes. */
export interface StoreTail {
  /** The segment to write in; it may not exist yet. */
  readonly segment: number;
  /** Bytes of whole, chained lines in it. */
  readonly size: number;
  /** Where the last of them begins; equals `size` when there is none. */
  readonly lastLineAt: number;
  readonly head: ChainHead;
}

/** Bytes after the last good line, which a killed writer left or someone appended. */
interface TornTail {
  readonly offset: number;
  readonly why: string;
}

export type TailScan =
  | { readonly kind: 'whole'; readonly tail: StoreTail }
  | { readonly kind: 'torn'; readonly tail: StoreTail; readonly torn: TornTail };

export interface OpenedTail {
  readonly tail: StoreTail;
  /** The head before the last segment's first line. */
  readonly start: ChainHead;
  readonly recovered?: string;
}

/**
 * Find the end of a store before it is written to. A last line that is torn is cut off and kept in `torn/`; `recovered`
 * then says so, for the record. The last segment is checked whole, the earlier ones where they meet; `verify` checks all.
 * @throws RecordFault `store-corrupt`, with segment and line, for damage anywhere else
 */
export async function openTail(folder: string, now: Date): Promise<OpenedTail> {
  const numbers = listSegments(folder);
  const last = numbers.at(-1);
  if (last === undefined) {
    return { tail: { segment: 1, size: 0, lastLineAt: 0, head: GENESIS }, start: GENESIS };
  }
  const missing = missingSegment(numbers);
  if (missing !== undefined) throw corrupt(missing, 1, 'the file is missing, but a later one is there');
  const start = headBefore(folder, numbers);
  const scan = await scanSegment(folder, last, start);
  if (scan.kind === 'whole') return { tail: scan.tail, start };
  const kept = await cutTorn(folder, last, scan.torn.offset, now);
  const { tail } = scan;
  return {
    tail,
    start,
    recovered: `Cut ${kept.bytes} bytes after record ${tail.head.seq} off segment ${segmentName(last)}: ${scan.torn.why}. They are kept in ${kept.file}.`,
  };
}

/** Follow the seams between the segments before the last one, and return the head that the last one starts from. */
function headBefore(folder: string, numbers: readonly number[]): ChainHead {
  let head = GENESIS;
  for (const number of numbers.slice(0, -1)) {
    const path = segmentPath(folder, number);
    const first = firstLine(path);
    // A disk error before a segment's first record leaves it empty.
    if (first === undefined) continue;
    const checked = checkLine(first.bytes, head);
    if (!checked.ok) throw corrupt(number, 1, checked.message);
    const final = lastLine(path);
    const seq = final === undefined ? undefined : claimedSeq(final.bytes);
    if (final === undefined || seq === undefined || !final.terminated) {
      throw corrupt(number, 'last', 'it is torn, but a later segment is there');
    }
    head = { seq, hash: hashLine(final.bytes) };
  }
  return head;
}

/**
 * Check a segment from its first line to its end.
 * @throws RecordFault `store-corrupt` when a line is bad and another one follows it
 */
export async function scanSegment(folder: string, number: number, before: ChainHead): Promise<TailScan> {
  let tail: StoreTail = { segment: number, size: 0, lastLineAt: 0, head: before };
  let line = 0;
  let torn: TornTail | undefined;
  for (const lines of readSegment(folder, number)) {
    for (const raw of lines) {
      if (torn !== undefined) throw corrupt(number, line, torn.why);
      line += 1;
      const step = follow(tail, raw);
      if ('why' in step) torn = step;
      else tail = step;
    }
    await breathe();
  }
  return torn === undefined ? { kind: 'whole', tail } : { kind: 'torn', tail, torn };
}

function follow(tail: StoreTail, raw: RawLine): StoreTail | TornTail {
  if (!raw.terminated) return { offset: raw.offset, why: 'the last line does not end' };
  const checked = checkLine(raw.bytes, tail.head);
  if (!checked.ok) return { offset: raw.offset, why: checked.message };
  return { ...tail, size: raw.offset + raw.bytes.length + 1, lastLineAt: raw.offset, head: checked.head };
}

function* readSegment(folder: string, number: number): Generator<readonly RawLine[], void> {
  try {
    yield* readLines(segmentPath(folder, number));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw corrupt(number, 'last', `it is longer than ${MAX_LINE_BYTES} bytes`);
  }
}

/** Copy what follows `offset` aside, make the copy durable, and only then cut it off. */
async function cutTorn(
  folder: string,
  number: number,
  offset: number,
  now: Date,
): Promise<{ file: string; bytes: number }> {
  const torn = join(folder, 'torn');
  makePrivateFolder(torn);
  const stamp = now.toISOString().replaceAll(/[-:]/g, '');
  let file = join('torn', `${segmentName(number)}-${offset}-${stamp}`);
  while (existsSync(join(folder, file))) file += '-again';
  const path = segmentPath(folder, number);
  const fd = openSync(join(folder, file), 'wx', 0o600);
  let bytes = 0;
  try {
    for (const [raw] of readLines(path, offset)) {
      if (raw === undefined) break;
      const whole = raw.terminated ? Buffer.concat([raw.bytes, Buffer.from('\n')]) : raw.bytes;
      for (let done = 0; done < whole.length; ) done += writeSync(fd, whole, done);
      bytes += whole.length;
    }
    fsyncSync(fd);
  } finally {
    realDisk.close(fd);
  }
  await syncFolder(realDisk, torn);
  truncateSync(path, offset);
  const cut = openSync(path, 'r+');
  try {
    fsyncSync(cut);
  } finally {
    realDisk.close(cut);
  }
  await syncFolder(realDisk, segmentsFolder(folder));
  return { file, bytes };
}

export function corrupt(segment: number, line: number | 'last', why: string): RecordFault {
  const place = `segment ${segmentName(segment)}, ${line === 'last' ? 'last line' : `line ${line}`}`;
  return new RecordFault(
    'store-corrupt',
    `The records are damaged at ${place}: ${why}. Nothing was changed. Keep the folder as evidence, run \`gatehouse verify\` for the whole picture, and move it away to start a new store.`,
  );
}
