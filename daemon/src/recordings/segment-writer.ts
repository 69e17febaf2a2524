import { closeSync, openSync } from 'node:fs';
import { type ChainHead, GENESIS, hashLine } from './chain.ts';
import { type Disk, makePrivateFolder, syncFolder } from './disk.ts';
import { breathe, readExactly, segmentPath, segmentsFolder } from './segments.ts';
import { corrupt, type StoreTail, scanSegment } from './store-tail.ts';

/**
 * Whether what stands on the disk is known. After a failed write it is, up to the last accepted batch; after a failed
 * sync it is not, since the kernel may have dropped the pages and call the next sync a success.
 */
type Footing =
  | { readonly kind: 'sound'; readonly fd: number }
  | { readonly kind: 'unsound'; readonly after: 'write' | 'sync'; readonly fd: number | undefined };

const LOOK_EVERY_MS = 1000;
const BLOCK = 4096;

/** Puts batches of lines at the end of the store. Knows bytes and files; promises and permits are the recorder's. */
export class SegmentWriter {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #segmentBytes: number;
  #tail: StoreTail = { segment: 1, size: 0, lastLineAt: 0, head: GENESIS };
  /** The chain's head before the current segment's first line. */
  #start: ChainHead = GENESIS;
  /** Bytes of the current segment that a sync has covered. */
  #synced = 0;
  #footing: Footing = { kind: 'unsound', after: 'write', fd: undefined };
  #syncing: Promise<void> | undefined;
  #inode = 0;
  #lookedAt = 0;

  constructor(disk: Disk, folder: string, segmentBytes: number) {
    this.#disk = disk;
    this.#folder = folder;
    this.#segmentBytes = segmentBytes;
  }

  get head(): ChainHead {
    return this.#tail.head;
  }

  get sound(): boolean {
    return this.#footing.kind === 'sound';
  }

  /** Whether the next batch belongs in a new segment. */
  get full(): boolean {
    return this.#tail.size >= this.#segmentBytes;
  }

  get unsynced(): boolean {
    return this.#synced < this.#tail.size;
  }

  /** Take up a store where {@link StoreTail} says it ends. `start`: the head before that segment's first line. */
  async open(tail: StoreTail, start: ChainHead): Promise<void> {
    makePrivateFolder(segmentsFolder(this.#folder));
    await syncFolder(this.#disk, this.#folder);
    this.#tail = tail;
    this.#start = start;
    const fd = this.#openSegment(tail.segment);
    try {
      // What a killed writer left in the page cache is built upon from here on, so it is made to stay.
      await this.#disk.sync(fd);
      await syncFolder(this.#disk, segmentsFolder(this.#folder));
    } catch (error) {
      this.#disk.close(fd);
      throw error;
    }
    this.#synced = tail.size;
    this.#stand(fd);
  }

  /**
   * Write at the end, without accepting. On a failure the end is put back to the last accepted batch.
   * @throws the disk's error, or RecordFault `store-corrupt` when someone else changed the file
   */
  write(bytes: Buffer): void {
    const fd = this.#fd();
    const at = this.#tail.size;
    try {
      this.#look();
      for (let done = 0; done < bytes.length; ) {
        done += this.#disk.write(fd, bytes, done, bytes.length - done, at + done);
      }
    } catch (error) {
      this.#footing = { kind: 'unsound', after: 'write', fd };
      // recover() does it again; this spares readers the sight of a torn line meanwhile.
      attempt(() => this.#disk.truncate(fd, at));
      throw error;
    }
  }

  /** The bytes last written are part of the store now. @param lastLineAt where in them the last line begins */
  accept(length: number, lastLineAt: number, head: ChainHead, durable: boolean): void {
    // A batch without a line has no last one.
    if (length === 0) return;
    const { segment, size } = this.#tail;
    this.#tail = { segment, size: size + length, lastLineAt: size + lastLineAt, head };
    if (durable) this.#synced = this.#tail.size;
  }

  /** Wait until what was written so far is durable. @throws the disk's error */
  async sync(): Promise<void> {
    await this.#syncing;
    const fd = this.#fd();
    const covered = this.#tail.size;
    this.#syncing = this.#disk.sync(fd);
    try {
      await this.#syncing;
      this.#synced = covered;
    } catch (error) {
      this.#footing = { kind: 'unsound', after: 'sync', fd };
      throw error;
    } finally {
      this.#syncing = undefined;
    }
  }

  /** Go on in a new segment. Nothing of the old one is left to be synced, so only a last segment can be torn. */
  async rotate(): Promise<void> {
    await this.sync();
    const old = this.#fd();
    this.#footing = { kind: 'unsound', after: 'write', fd: old };
    await this.#next(old);
  }

  /**
   * Find sound footing again after a failure: the accepted lines are there, and nothing behind them.
   * @throws the disk's error while it lasts, RecordFault `store-corrupt` when accepted lines are gone
   */
  async recover(): Promise<void> {
    await this.#syncing?.catch(() => {});
    if (this.#footing.kind === 'sound') return;
    const { after, fd: old } = this.#footing;
    if (old !== undefined) attempt(() => this.#disk.close(old));
    this.#footing = { kind: 'unsound', after, fd: undefined };
    const fd = this.#openSegment(this.#tail.segment);
    this.#footing = { kind: 'unsound', after, fd };
    const { segment, size } = this.#tail;
    if (this.#disk.size(fd) < size)
      throw corrupt(segment, 'last', 'the file is shorter than what was written to it');
    this.#disk.truncate(fd, size);
    if (after === 'write') {
      this.#checkLastLine();
      this.#stand(fd);
      return;
    }
    await this.#rewriteUnsynced(fd);
    this.#footing = { kind: 'unsound', after: 'write', fd };
    await this.#next(fd);
  }

  /** @throws the disk's error when the last lines could not be made durable; the file is closed all the same */
  async close(): Promise<void> {
    await this.#syncing?.catch(() => {});
    const { fd } = this.#footing;
    try {
      if (this.#footing.kind === 'sound' && this.unsynced) await this.sync();
    } finally {
      if (fd !== undefined) attempt(() => this.#disk.close(fd));
      this.#footing = { kind: 'unsound', after: 'write', fd: undefined };
    }
  }

  #fd(): number {
    if (this.#footing.kind === 'unsound') throw new Error('The segment is not open.');
    return this.#footing.fd;
  }

  #stand(fd: number): void {
    this.#inode = this.#disk.identify(segmentPath(this.#folder, this.#tail.segment)).inode;
    this.#lookedAt = performance.now();
    this.#footing = { kind: 'sound', fd };
  }

  /** A file can be removed or replaced while it is open, and everything would go on into nowhere. Look now and then. */
  #look(): void {
    const now = performance.now();
    if (now - this.#lookedAt < LOOK_EVERY_MS) return;
    this.#lookedAt = now;
    const { segment, size } = this.#tail;
    const found = this.#disk.identify(segmentPath(this.#folder, segment));
    if (found.inode !== this.#inode || found.size !== size) {
      throw corrupt(segment, 'last', 'someone else changed the file while it was being written');
    }
  }

  #openSegment(segment: number): number {
    const path = segmentPath(this.#folder, segment);
    if (segment === this.#tail.segment && this.#tail.size > 0) return this.#disk.open(path, 'r+');
    try {
      return this.#disk.open(path, 'wx+');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    // An earlier try got as far as making it.
    const fd = this.#disk.open(path, 'r+');
    if (segment === this.#tail.segment || this.#disk.size(fd) === 0) return fd;
    this.#disk.close(fd);
    throw corrupt(segment, 1, 'the file is there before its time');
  }

  async #next(old: number): Promise<void> {
    const { segment, head } = this.#tail;
    const fd = this.#openSegment(segment + 1);
    try {
      await syncFolder(this.#disk, segmentsFolder(this.#folder));
      this.#disk.truncate(fd, 0);
    } catch (error) {
      attempt(() => this.#disk.close(fd));
      throw error;
    }
    this.#tail = { segment: segment + 1, size: 0, lastLineAt: 0, head };
    this.#start = head;
    this.#synced = 0;
    attempt(() => this.#disk.close(old));
    this.#stand(fd);
  }

  #checkLastLine(): void {
    const { segment, size, lastLineAt, head } = this.#tail;
    if (size === 0) return;
    if (hashLine(this.#read(lastLineAt, size - 1)) !== head.hash) {
      throw corrupt(segment, 'last', 'it is not what was written');
    }
  }

  /** Check the whole segment as it reads now, then write again what no sync has covered, and sync that. */
  async #rewriteUnsynced(fd: number): Promise<void> {
    const { segment, size, head } = this.#tail;
    const scan = await scanSegment(this.#folder, segment, this.#start);
    if (scan.kind === 'torn' || scan.tail.head.hash !== head.hash || scan.tail.size !== size) {
      throw corrupt(segment, 'last', 'after a disk error it is not what was written');
    }
    const from = Math.floor(this.#synced / BLOCK) * BLOCK;
    for (let at = from; at < size; ) {
      const bytes = this.#read(at, Math.min(size, at + 256 * BLOCK));
      for (let done = 0; done < bytes.length; ) {
        done += this.#disk.write(fd, bytes, done, bytes.length - done, at + done);
      }
      at += bytes.length;
      await breathe();
    }
    await this.#disk.sync(fd);
    this.#synced = size;
  }

  #read(from: number, to: number): Buffer {
    const fd = openSync(segmentPath(this.#folder, this.#tail.segment), 'r');
    try {
      return readExactly(fd, from, to - from);
    } finally {
      closeSync(fd);
    }
  }
}

/** For what is worth trying while another error is on its way up. */
function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // The first error is the one to tell of.
  }
}
