import { closeSync, existsSync, fstatSync, openSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { type ChainHead, checkLine, GENESIS, hashLine } from './chain.ts';
import type { RecordLine } from './entry.ts';
import { Ingest, type Stamp } from './index-ingest.ts';
import { SCHEMA, SCHEMA_VERSION, TABLES } from './index-schema.ts';
import { readExactly, readLines, segmentPath } from './segments.ts';

/** Up to where the index has taken the store in. */
export interface IndexPosition {
  readonly segment: number;
  /** Where the last record's line begins. */
  readonly lineAt: number;
  /** Where the next one will. */
  readonly offset: number;
  readonly head: ChainHead;
}

export interface Damage {
  readonly segment: number;
  readonly offset: number;
  readonly message: string;
}

export interface Slice {
  /** `current`: nothing more is there. `damaged`: what follows is not the chain's next record; see verify.ts. */
  readonly state: 'more' | 'current' | 'damaged';
  readonly indexed: number;
  /** The index was not of this store, and was begun anew. */
  readonly rebuilt?: string;
  readonly damage?: Damage;
}

interface Run {
  position: IndexPosition;
  taken: number;
  readonly most: number;
  damage: Damage | undefined;
}

const START: IndexPosition = { segment: 1, lineAt: 0, offset: 0, head: GENESIS };

/**
 * Takes segments into the tables, a slice a transaction. Any number of processes may do so with one index at once: each
 * slice reads the position within its transaction, so none is taken twice or left out.
 */
export class Indexer {
  readonly #database: DatabaseSync;
  readonly #folder: string;
  readonly #ingest: Ingest;

  constructor(database: DatabaseSync, folder: string) {
    this.#database = database;
    this.#folder = folder;
    this.#ingest = new Ingest(database);
  }

  /** Take in at most `lines` more records. Synchronous: about 10 ms for 1000. */
  slice(lines: number): Slice {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const slice = this.#slice(lines);
      this.#database.exec('COMMIT');
      return slice;
    } catch (error) {
      this.#ingest.forget();
      // A full disk makes SQLite roll back by itself.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** Empty the tables, or make them. */
  rebuild(): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      this.#empty();
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  get position(): IndexPosition {
    const row = this.#database.prepare('SELECT segment, line_at, offset, seq, hash FROM position').get();
    if (row === undefined) return START;
    return {
      segment: Number(row.segment),
      lineAt: Number(row.line_at),
      offset: Number(row.offset),
      head: { seq: Number(row.seq), hash: String(row.hash) },
    };
  }

  /** Whether the tables are there, as this version makes them. */
  get ready(): boolean {
    return this.#database.prepare('PRAGMA user_version').get()?.user_version === SCHEMA_VERSION;
  }

  #slice(lines: number): Slice {
    let position = START;
    let rebuilt: string | undefined;
    if (!this.ready) {
      this.#empty();
    } else {
      position = this.position;
      rebuilt = this.#mismatch(position);
      if (rebuilt !== undefined) {
        this.#empty();
        position = START;
      }
    }
    const slice = this.#take(position, lines);
    return rebuilt === undefined ? slice : { ...slice, rebuilt };
  }

  #empty(): void {
    for (const table of TABLES) this.#database.exec(`DROP TABLE IF EXISTS ${table}`);
    this.#database.exec(SCHEMA);
    this.#ingest.forget();
  }

  /** The last record that was indexed must still stand where it stood. */
  #mismatch({ segment, lineAt, offset, head }: IndexPosition): string | undefined {
    if (head.seq === 0) return undefined;
    let fd: number | undefined;
    try {
      fd = openSync(segmentPath(this.#folder, segment), 'r');
      if (fstatSync(fd).size < offset) return `the store no longer reaches record ${head.seq}`;
      if (hashLine(readExactly(fd, lineAt, offset - 1 - lineAt)) !== head.hash)
        return `record ${head.seq} is another`;
      return undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT')
        return `the segment of record ${head.seq} is gone`;
      throw error;
    } finally {
      if (fd !== undefined) closeSync(fd);
    }
  }

  #take(start: IndexPosition, most: number): Slice {
    const run: Run = { position: start, taken: 0, most, damage: undefined };
    let { segment, offset } = start;
    for (;;) {
      // Asked before its lines are read: when the next segment is there, nothing more comes into this one.
      const ended = existsSync(segmentPath(this.#folder, segment + 1));
      if (!existsSync(segmentPath(this.#folder, segment))) break;
      const unfinished = this.#takeSegment(run, segment, offset);
      if (run.taken === most || run.damage !== undefined || !ended) break;
      if (unfinished !== undefined) {
        run.damage = { segment, offset: unfinished, message: 'it is torn, but a later segment is there' };
        break;
      }
      segment += 1;
      offset = 0;
    }
    this.#ingest.flush();
    if (run.taken > 0) this.#keep(run.position);
    if (run.damage !== undefined) return { state: 'damaged', indexed: run.taken, damage: run.damage };
    return { state: run.taken === most ? 'more' : 'current', indexed: run.taken };
  }

  /** @returns where an unfinished line begins, if the segment ends with one */
  #takeSegment(run: Run, segment: number, from: number): number | undefined {
    for (const lines of readLines(segmentPath(this.#folder, segment), from)) {
      for (const raw of lines) {
        if (run.taken === run.most) return undefined;
        if (!raw.terminated) return raw.offset;
        const checked = checkLine(raw.bytes, run.position.head);
        if (!checked.ok) {
          run.damage = { segment, offset: raw.offset, message: checked.message };
          return undefined;
        }
        const { seq, at } = checked.line;
        const unfit = this.#unfit(checked.line, { seq, at, segment, offset: raw.offset });
        if (unfit) {
          run.damage = {
            segment,
            offset: raw.offset,
            message: 'it is not a record of this version of Gatehouse',
          };
          return undefined;
        }
        const next = raw.offset + raw.bytes.length + 1;
        run.position = { segment, lineAt: raw.offset, offset: next, head: checked.head };
        run.taken += 1;
      }
    }
    return undefined;
  }

  /** Take a record in, unless it chains well but lacks what its kind must have: then something else wrote it. */
  #unfit(line: RecordLine, stamp: Stamp): boolean {
    try {
      this.#ingest.take(line, stamp);
      return false;
    } catch (error) {
      const constraint =
        error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 19;
      if (constraint || error instanceof TypeError) return true;
      throw error;
    }
  }

  #keep({ segment, lineAt, offset, head }: IndexPosition): void {
    this.#database
      .prepare(
        'INSERT OR REPLACE INTO position (id, segment, line_at, offset, seq, hash) VALUES (1, ?, ?, ?, ?, ?)',
      )
      .run(segment, lineAt, offset, head.seq, head.hash);
  }
}
