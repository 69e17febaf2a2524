import { parseLine } from './chain.ts';
import type { RecordLine } from './entry.ts';
import { breathe, claimedSeq, firstLine, listSegments, readLines, segmentPath } from './segments.ts';
import { corrupt } from './store-tail.ts';

/** A record and the place where its line begins. */
export interface PlacedRecord {
  readonly line: RecordLine;
  readonly segment: number;
  readonly offset: number;
}

export interface ReadOptions {
  /** The first record; 1 unless told. */
  readonly from?: number;
  /** The last record; the end of the store unless told. */
  readonly to?: number;
  /** Where to begin, when that is known (an index knows); spares the search for `from`. */
  readonly at?: { readonly segment: number; readonly offset: number };
  /** Only records whose line contains this text, which is cheaper than parsing all. */
  readonly containing?: string;
}

/**
 * The records of a store in order, up to what is there when the end is reached; what comes later is followed by
 * Records.subscribe. Checks no chain (verify.ts does). Reads only, also while a daemon writes.
 * @throws RecordFault `store-corrupt` at a line that is no record, unless it is the store's last and still being written
 */
export async function* readRecords(
  folder: string,
  options: ReadOptions = {},
): AsyncGenerator<PlacedRecord, void> {
  const from = options.from ?? 1;
  const to = options.to ?? Number.POSITIVE_INFINITY;
  const needle = options.containing === undefined ? undefined : Buffer.from(options.containing);
  const numbers = listSegments(folder);
  const start = options.at?.segment ?? segmentOf(folder, numbers, from);
  for (const number of numbers) {
    if (number < start) continue;
    let line = 0;
    for (const lines of readLines(
      segmentPath(folder, number),
      number === options.at?.segment ? options.at.offset : 0,
    )) {
      for (const raw of lines) {
        line += 1;
        if (!raw.terminated) break;
        const seq = claimedSeq(raw.bytes);
        if (seq !== undefined && seq > to) return;
        if (seq !== undefined && (seq < from || (needle !== undefined && !raw.bytes.includes(needle))))
          continue;
        const parsed = parseLine(raw.bytes);
        if (parsed === undefined) throw corrupt(number, line, 'it is not a record');
        yield { line: parsed, segment: number, offset: raw.offset };
      }
      await breathe();
    }
  }
}

/**
 * Whether no policy was ever in force: nothing but daemons that came and went is recorded, as by a first start that was
 * killed or refused the files.
 * @throws RecordFault `store-corrupt`
 */
export async function neverInForce(folder: string): Promise<boolean> {
  for await (const { line } of readRecords(folder)) {
    if (!['daemon.started', 'daemon.stopped', 'store.recovered'].includes(line.kind)) return false;
  }
  return true;
}

/** The segment in which a record stands, by halving: the last one that begins at or before it. */
function segmentOf(folder: string, numbers: readonly number[], seq: number): number {
  let low = 0;
  let high = numbers.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    const first = firstLine(segmentPath(folder, numbers[middle] ?? 1));
    const begins = first === undefined ? undefined : claimedSeq(first.bytes);
    // An empty segment begins after everything that could be asked for.
    if (begins === undefined || begins > seq) high = middle;
    else low = middle;
  }
  return numbers[low] ?? 1;
}
