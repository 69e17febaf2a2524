import { RecordFault } from '../core/faults.ts';
import { type Batch, chainOf, type Item } from './batch.ts';
import type { ChainHead } from './chain.ts';
import { adviceFor, type Disk, makePrivateFolder, realDisk, unwritable } from './disk.ts';
import type { RecordEntry, RecordLine, RuledRequest, Ruling } from './entry.ts';
import { bodyOf, bodyOfDecided } from './entry-body.ts';
import { lockStore, type StoreLock } from './lock.ts';
import { mintPermit, type Permit } from './permit.ts';
import type { Records } from './record.ts';
import { SegmentWriter } from './segment-writer.ts';
import { breathe } from './segments.ts';
import { openTail } from './store-tail.ts';

export interface RecorderOptions {
  /** `durable`: a permit waits for fdatasync of its batch; `written`: for write(), with an fdatasync each second. */
  readonly durability: 'durable' | 'written';
  /** A new segment begins after this many bytes; 32 MiB unless told. */
  readonly segmentBytes?: number;
  readonly now?: () => Date;
  /** For tests. */
  readonly disk?: Disk;
}

export interface Recorder extends Records {
  readonly folder: string;
  /** Records in the store, those of earlier runs included; also the last one's sequence number. */
  readonly lines: number;
  /** The chain's end. Kept elsewhere, it proves later that nothing was cut off (see verify.ts). */
  readonly head: ChainHead;
  /** What had to be cut off when it was opened, in words; absent where nothing was torn. */
  readonly recovered?: string;
}

/** A batch ends here, so that one flood of records does not hold the thread for long. */
const BATCH_CHARACTERS = 1024 * 1024;
/** What is kept of the notes that a failing disk did not take, until it takes them. */
const KEPT_NOTES = 10_000;
const KEPT_CHARACTERS = 16 * 1024 * 1024;
const RETRY_MS = 1000;
const SYNC_EVERY_MS = 1000;
/** How long a note may wait for a batch that somebody waits for: each write costs as much as a statement's decision. */
const NOTES_WAIT_MS = 10;

/**
 * Open the record of truth of a state folder, making it where there is none.
 * @throws RecordFault `store-locked`, `store-corrupt`, `store-unwritable`
 */
export async function openRecorder(folder: string, options: RecorderOptions): Promise<Recorder> {
  const disk = options.disk ?? realDisk;
  const now = options.now ?? (() => new Date());
  let lock: StoreLock | undefined;
  const writer = new SegmentWriter(disk, folder, options.segmentBytes ?? 32 * 1024 * 1024);
  try {
    makePrivateFolder(folder);
    lock = lockStore(folder, now());
    const found = await openTail(folder, now());
    await writer.open(found.tail, found.start);
    const recorder = new SegmentRecorder(folder, writer, lock, options.durability, now, found.recovered);
    if (found.recovered !== undefined) {
      await recorder.append({ kind: 'store.recovered', detail: found.recovered });
    }
    return recorder;
  } catch (error) {
    await writer.close().catch(() => {});
    lock?.release();
    throw unwritable(folder, error);
  }
}

/** What the store could not take, told in its next record. */
interface Outage {
  readonly since: string;
  readonly cause: string;
  denied: number;
  lost: number;
}

type Phase = 'idle' | 'scheduled' | 'writing';

/**
 * Entries that come in one turn of the event loop, or while a batch is on its way to the disk, make the next batch:
 * one write, and one fdatasync where that is asked. The write itself is synchronous, as a write into the page cache
 * costs less than a trip through the thread pool; the fdatasync is not.
 */
class SegmentRecorder implements Recorder {
  readonly folder: string;
  readonly recovered?: string;
  readonly #writer: SegmentWriter;
  readonly #lock: StoreLock;
  readonly #durable: boolean;
  readonly #now: () => Date;
  readonly #listeners = new Set<(line: RecordLine) => void>();
  #queue: Item[] = [];
  #kept: Item[] = [];
  #undelivered: RecordLine[] = [];
  #phase: Phase = 'idle';
  #drained: Promise<void> = Promise.resolve();
  #outage: Outage | undefined;
  /** Evidence that was given up; the next append is refused for it. */
  #lost: RecordFault | undefined;
  #retry: NodeJS.Timeout | undefined;
  #syncSoon: NodeJS.Timeout | undefined;
  #notesSoon: NodeJS.Timeout | undefined;
  #closed: Promise<void> | undefined;
  #lastMs = Number.NaN;
  #lastAt = '';

  constructor(
    folder: string,
    writer: SegmentWriter,
    lock: StoreLock,
    durability: RecorderOptions['durability'],
    now: () => Date,
    recovered: string | undefined,
  ) {
    this.folder = folder;
    if (recovered !== undefined) this.recovered = recovered;
    this.#writer = writer;
    this.#lock = lock;
    this.#durable = durability === 'durable';
    this.#now = now;
  }

  get lines(): number {
    return this.#writer.head.seq;
  }

  get head(): ChainHead {
    return this.#writer.head;
  }

  append(entry: RecordEntry): Promise<Permit> {
    return this.#append(bodyOf(entry), () => entry);
  }

  decided(request: RuledRequest, ruling: Ruling): Promise<Permit> {
    return this.#append(bodyOfDecided(request, ruling), () => ({ ...request, ...ruling }));
  }

  #append(body: string | RecordFault, entry: () => RecordEntry): Promise<Permit> {
    if (this.#closed !== undefined) return Promise.reject(closedFault());
    if (this.#lost !== undefined) {
      const fault = this.#lost;
      this.#lost = undefined;
      return Promise.reject(fault);
    }
    if (body instanceof RecordFault) return Promise.reject(body);
    return new Promise((resolve, reject) => {
      this.#queue.push({ at: this.#stamp(), body, entry, waiter: { resolve, reject } });
      this.#schedule();
    });
  }

  note(entry: RecordEntry): void {
    if (this.#closed !== undefined) return;
    const body = bodyOf(entry);
    if (body instanceof RecordFault) {
      this.#lost = body;
      return;
    }
    this.#queue.push({ at: this.#stamp(), body, entry: () => entry });
    this.#scheduleNotes();
  }

  subscribe(listener: (line: RecordLine) => void): () => void {
    // A wrapper of its own, so that one function subscribed twice is two subscriptions.
    const own = (line: RecordLine): void => listener(line);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    try {
      await this.#drained;
      if (this.#outage !== undefined) await this.#drain();
      while (this.#queue.length > 0 && this.#outage === undefined) await this.#drain();
      this.#deliver();
      await this.#writer.close();
    } catch (error) {
      throw unwritable(this.folder, error);
    } finally {
      clearTimeout(this.#retry);
      clearTimeout(this.#syncSoon);
      clearTimeout(this.#notesSoon);
      this.#lock.release();
    }
    if (this.#outage === undefined) return;
    // The record of the outage itself is the one more.
    const lost = this.#kept.length + this.#outage.lost + 1;
    throw new RecordFault(
      'store-unwritable',
      `The record store in ${this.folder} was closed before it could take its last ${lost} records.`,
    );
  }

  #schedule(): void {
    if (this.#phase !== 'idle') return;
    this.#phase = 'scheduled';
    // Not a microtask: the sockets that are readable in this turn all get to ask first, and share one write.
    setImmediate(() => {
      if (this.#phase === 'scheduled') this.#drained = this.#drain();
    });
  }

  /** Nobody waits for a note, so it goes with the next batch, or soon by itself. */
  #scheduleNotes(): void {
    if (this.#phase !== 'idle' || this.#notesSoon !== undefined) return;
    this.#notesSoon = setTimeout(() => {
      this.#notesSoon = undefined;
      if (this.#queue.length > 0) this.#schedule();
    }, NOTES_WAIT_MS);
  }

  /** Write batches until nothing waits. Never rejects: a failure goes to those who wait, and into the next record. */
  async #drain(): Promise<void> {
    this.#phase = 'writing';
    for (;;) {
      await this.#writeBatch();
      if (!this.#queue.some((item) => item.waiter !== undefined)) break;
      await breathe();
    }
    this.#phase = 'idle';
    if (this.#queue.length > 0) this.#scheduleNotes();
  }

  async #writeBatch(): Promise<void> {
    let items: readonly Item[] | undefined;
    try {
      if (!this.#writer.sound) await this.#writer.recover();
      if (this.#writer.full) await this.#writer.rotate();
      items = this.#take();
      const outage = this.#outage;
      // The look for sound footing after an outage comes without anything to write, when that was written meanwhile.
      if (items.length === 0 && outage === undefined) return;
      const batch = chainOf(
        outage === undefined ? items : [this.#tellOf(outage), ...items],
        this.#writer.head,
      );
      this.#writer.write(batch.bytes);
      if (this.#durable) await this.#writer.sync();
      this.#writer.accept(batch.bytes.length, batch.lastLineAt, batch.head, this.#durable);
      this.#outage = undefined;
      this.#settle(items, batch);
    } catch (error) {
      this.#fail(items ?? this.#take(), error);
    }
  }

  #take(): readonly Item[] {
    const waiting = this.#kept.length === 0 ? this.#queue : [...this.#kept, ...this.#queue];
    let characters = 0;
    let count = 0;
    while (count < waiting.length && characters < BATCH_CHARACTERS) {
      characters += waiting[count]?.body.length ?? 0;
      count += 1;
    }
    this.#kept = [];
    this.#queue = waiting.slice(count);
    return count === waiting.length ? waiting : waiting.slice(0, count);
  }

  #settle(items: readonly Item[], batch: Batch): void {
    const first = batch.head.seq - items.length + 1;
    for (const [index, item] of items.entries()) item.waiter?.resolve(mintPermit(first + index));
    if (this.#listeners.size > 0) {
      if (this.#undelivered.length === 0) setImmediate(() => this.#deliver());
      for (const line of batch.lines()) this.#undelivered.push(line);
    }
    if (!this.#durable && this.#syncSoon === undefined) {
      this.#syncSoon = setTimeout(() => {
        this.#syncSoon = undefined;
        // A failure shows as unsound footing, which the next batch has to mend.
        this.#writer.sync().catch(() => {});
      }, SYNC_EVERY_MS).unref();
    }
  }

  #fail(items: readonly Item[], error: unknown): void {
    const fault = unwritable(this.folder, error);
    const cause = error instanceof RecordFault ? error.message : adviceFor(error);
    this.#outage ??= { since: this.#stamp(), cause, denied: 0, lost: 0 };
    let characters = 0;
    const kept: Item[] = [];
    for (const item of items) {
      if (item.waiter !== undefined) {
        this.#outage.denied += 1;
        item.waiter.reject(fault);
        continue;
      }
      characters += item.body.length;
      if (kept.length < KEPT_NOTES && characters <= KEPT_CHARACTERS) kept.push(item);
      else {
        this.#outage.lost += 1;
        this.#lost = fault;
      }
    }
    this.#kept = kept;
    if (this.#retry !== undefined || this.#closed !== undefined) return;
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#schedule();
    }, RETRY_MS).unref();
  }

  #tellOf(outage: Outage): Item {
    const lost = outage.lost === 0 ? 'none was lost' : `${outage.lost} were lost`;
    const detail = `The store could not be written since ${outage.since}: ${outage.cause}. ${outage.denied} records were refused, and their requests denied. Of the records that follow a request, ${lost}.`;
    const entry: RecordEntry = { kind: 'store.recovered', detail };
    return { at: this.#stamp(), body: JSON.stringify(entry).slice(1), entry: () => entry };
  }

  /** Listeners come after the waiters, whose requests are on their way to a server. */
  #deliver(): void {
    const lines = this.#undelivered;
    this.#undelivered = [];
    for (const line of lines) {
      for (const listener of this.#listeners) {
        try {
          listener(line);
        } catch {
          process.emitWarning('A listener to the records failed.', { code: 'GATEHOUSE_LISTENER' });
        }
      }
    }
  }

  #stamp(): string {
    const now = this.#now();
    const ms = now.getTime();
    if (ms !== this.#lastMs) {
      this.#lastMs = ms;
      this.#lastAt = now.toISOString();
    }
    return this.#lastAt;
  }
}

function closedFault(): RecordFault {
  return new RecordFault(
    'store-closed',
    'The record store is closed, so nothing more can pass. Start Gatehouse again.',
  );
}
