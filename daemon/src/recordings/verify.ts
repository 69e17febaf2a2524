import { type ChainHead, checkLine, GENESIS, hashLine, type LineFault } from './chain.ts';
import { breathe, listSegments, type RawLine, readLines, segmentName, segmentPath } from './segments.ts';

/** Where a record stands: the segment's number and the 1-based line in it. */
export interface LinePlace {
  readonly segment: number;
  readonly line: number;
}

export interface BadRecord extends LinePlace {
  /**
   * `altered`: not what the chain says it was. `gap`: records were removed before it, or moved. `out-of-order`: it was
   * moved or repeated. `torn`: the segment ends within it, but a later one is there. `missing-segment`: a file is gone.
   * `cut-off`: the store ends before a record that was once there (only known by an anchor).
   */
  readonly reason: 'malformed' | 'altered' | 'gap' | 'out-of-order' | 'torn' | 'missing-segment' | 'cut-off';
  readonly message: string;
}

export interface VerifyProgress {
  readonly segment: number;
  readonly segments: number;
  readonly lines: number;
}

export interface Verification {
  /** Records that are proven to be in order; all of them unless `firstBad` is there. */
  readonly lines: number;
  readonly segments: number;
  /** The chain's end so far. Noted elsewhere, it is an anchor for a later verification. */
  readonly head: ChainHead;
  readonly firstBad?: BadRecord;
  /** Bytes after the last newline: a writer is at work, or was killed. They are no record, and promise nothing. */
  readonly unfinished?: { readonly segment: number; readonly offset: number; readonly bytes: number };
}

export interface VerifyOptions {
  /**
   * Heads of the chain as once noted elsewhere. Without one, a chain that was cut off at its end or written anew as a
   * whole still looks sound.
   */
  readonly anchors?: readonly ChainHead[];
  readonly onProgress?: (progress: VerifyProgress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Read a store from its first record to its last and find the first that is not what it was. Reads only, also while
 * a daemon writes; memory is bounded by the longest record.
 * @throws the file system's error when a segment cannot be read, or the signal's reason
 */
export async function verify(folder: string, options: VerifyOptions = {}): Promise<Verification> {
  const numbers = listSegments(folder);
  const run = new Run(options.anchors ?? []);
  for (const [index, number] of numbers.entries()) {
    if (number !== index + 1) {
      run.fail(
        { segment: index + 1, line: 1 },
        'missing-segment',
        `${segmentName(index + 1)} is gone, but ${segmentName(number)} is there`,
      );
      break;
    }
    run.enter(number);
    for (const lines of segmentLines(folder, number, run)) {
      for (const raw of lines) run.take(raw, index === numbers.length - 1);
      if (run.decided) break;
      options.signal?.throwIfAborted();
      await breathe();
    }
    if (run.decided) break;
    options.onProgress?.({ segment: number, segments: numbers.length, lines: run.head.seq });
  }
  return run.finish(numbers.length);
}

function* segmentLines(folder: string, number: number, run: Run): Generator<readonly RawLine[], void> {
  try {
    yield* readLines(segmentPath(folder, number));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    run.fail(run.next, 'malformed', 'it is longer than any record that is written');
  }
}

/** The reason of a report for what is wrong with one line by itself. `unlinked` needs a look at the lines around it. */
const REASONS: Readonly<Record<Exclude<LineFault, 'unlinked'>, BadRecord['reason']>> = {
  malformed: 'malformed',
  gap: 'gap',
  'out-of-order': 'out-of-order',
  misnumbered: 'altered',
};

class Run {
  head: ChainHead = GENESIS;
  #headBefore: ChainHead = GENESIS;
  readonly #anchors: ReadonlyMap<number, string>;
  #place: LinePlace = { segment: 1, line: 0 };
  #before: LinePlace | undefined;
  #bad: BadRecord | undefined;
  /** A line whose `prev` does not fit the line before. The line after it tells which of the two was altered. */
  #suspect:
    | { readonly place: LinePlace; readonly before: LinePlace | undefined; readonly hash: string }
    | undefined;
  #unfinished: Verification['unfinished'];

  constructor(anchors: readonly ChainHead[]) {
    this.#anchors = new Map(anchors.map((anchor) => [anchor.seq, anchor.hash]));
  }

  get decided(): boolean {
    return this.#bad !== undefined;
  }

  /** Where the next line stands. */
  get next(): LinePlace {
    return { segment: this.#place.segment, line: this.#place.line + 1 };
  }

  enter(segment: number): void {
    this.#place = { segment, line: 0 };
  }

  fail(place: LinePlace, reason: BadRecord['reason'], message: string): void {
    this.#bad ??= { ...place, reason, message };
  }

  take(raw: RawLine, inLastSegment: boolean): void {
    if (this.decided) return;
    this.#place = this.next;
    if (this.#suspect !== undefined) {
      this.#blame(raw);
    } else if (!raw.terminated) {
      const { segment } = this.#place;
      if (inLastSegment) this.#unfinished = { segment, offset: raw.offset, bytes: raw.bytes.length };
      else this.fail(this.#place, 'torn', 'the segment ends within it, but a later one is there');
    } else {
      this.#follow(raw);
    }
  }

  finish(segments: number): Verification {
    if (this.#suspect !== undefined) this.#blame(undefined);
    const lastAnchor = Math.max(0, ...this.#anchors.keys());
    if (lastAnchor > this.head.seq) {
      this.fail(
        this.next,
        'cut-off',
        `the store ends at record ${this.head.seq}, but record ${lastAnchor} was once there`,
      );
    }
    return {
      lines: this.head.seq,
      segments,
      head: this.head,
      ...(this.#bad === undefined ? {} : { firstBad: this.#bad }),
      ...(this.#unfinished === undefined ? {} : { unfinished: this.#unfinished }),
    };
  }

  #follow(raw: RawLine): void {
    const checked = checkLine(raw.bytes, this.head);
    if (!checked.ok) {
      if (checked.fault === 'unlinked') {
        this.#suspect = { place: this.#place, before: this.#before, hash: hashLine(raw.bytes) };
      } else {
        this.fail(this.#place, REASONS[checked.fault], checked.message);
      }
      return;
    }
    const anchor = this.#anchors.get(checked.head.seq);
    if (anchor !== undefined && anchor !== checked.head.hash) {
      this.fail(this.#place, 'altered', 'the chain up to it is not the one that was once noted');
      return;
    }
    this.#headBefore = this.head;
    this.head = checked.head;
    this.#before = this.#place;
  }

  /** The suspect's own hash in the next line's `prev` clears it: then the line before it was altered. */
  #blame(next: RawLine | undefined): void {
    const suspect = this.#suspect;
    this.#suspect = undefined;
    if (suspect === undefined) return;
    const cleared =
      next === undefined || next.bytes.toString('latin1', 0, 80).includes(`"prev":"${suspect.hash}"`);
    if (suspect.before === undefined) {
      this.fail(suspect.place, 'altered', 'it is not the first record of a store');
    } else if (cleared) {
      this.fail(suspect.before, 'altered', 'the next record holds another hash of it');
      this.head = this.#headBefore;
    } else {
      this.fail(suspect.place, 'altered', 'its prev is not the hash of the record before it');
    }
  }
}
