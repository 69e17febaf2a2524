import { chmodSync, closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { Effect } from '@gatehouse/policy-schema/model/policy.ts';
import { RecordFault } from '../core/faults.ts';
import type { PastUse } from '../core/usage.ts';
import { adviceFor } from './disk.ts';
import {
  type AgentRow,
  type ApprovalRow,
  agentRow,
  approvalRow,
  type PolicyChangeRow,
  policyChangeRow,
  type RequestRow,
  type RequestRuleRow,
  type RuleCount,
  requestRow,
  requestRuleRow,
  ruleCount,
  type SessionRow,
  sessionRow,
} from './index-rows.ts';
import { type Damage, Indexer, type IndexPosition } from './indexer.ts';
import { breathe } from './segments.ts';
import { Where } from './where.ts';

export interface CatchUp {
  /** Records that were taken in. */
  readonly indexed: number;
  /** Why the index was begun anew, when it was. The segments were changed by something other than the recorder. */
  readonly rebuilt?: string;
  /** Where the store is damaged; records from there on are not in the index. */
  readonly damage?: Damage;
}

export interface SessionFilter {
  /** 50 unless told. */
  readonly limit?: number;
  readonly resource?: string;
  readonly agent?: string;
  readonly person?: string;
  /** Sessions with a record at or after this time. */
  readonly since?: Date;
  /** True: only open ones; false: only ended ones. */
  readonly open?: boolean;
  /** Only those that were opened before this record. */
  readonly before?: number;
}

/** Where a request's record begins. */
export interface RequestPlace {
  readonly seq: number;
  readonly session: string;
  readonly segment: number;
  readonly offset: number;
}

export interface RequestFilter {
  readonly effect?: Effect;
  readonly resource?: string;
  readonly agent?: string;
  readonly since?: Date;
  /** A part of the text as far as it is indexed, whatever its case. */
  readonly text?: string;
  /** Only records before this one. */
  readonly before?: number;
  /** Only records from this one on. */
  readonly from?: number;
}

/**
 * Open a store's index, `index.sqlite`, making it where there is none. Any process may, also beside a daemon that
 * writes the store; {@link StoreIndex.catchUp} then takes in what is new.
 * @throws RecordFault `store-unwritable` when the file can be neither opened nor made
 */
export function openIndex(folder: string): StoreIndex {
  try {
    return new StoreIndex(folder, openDatabase(folder));
  } catch (error) {
    if (!isBroken(error)) throw indexFault(folder, 'opened', error);
  }
  // All of it is in the segments, so a broken index is not worth mending.
  for (const suffix of ['', '-wal', '-shm']) rmSync(indexPath(folder) + suffix, { force: true });
  try {
    return new StoreIndex(folder, openDatabase(folder));
  } catch (error) {
    throw indexFault(folder, 'opened', error);
  }
}

/** What people ask of a store. Rows may be some records behind; `catchUp` first where that matters. */
export class StoreIndex {
  readonly folder: string;
  readonly #database: DatabaseSync;
  readonly #indexer: Indexer;

  constructor(folder: string, database: DatabaseSync) {
    this.folder = folder;
    this.#database = database;
    this.#indexer = new Indexer(database, folder);
    // Makes the tables, so that queries work before the first catchUp. Writes nothing where they are there: a full disk
    // or another writer keeps nobody from reading.
    try {
      if (!this.#indexer.ready) this.#indexer.slice(0);
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /** How far the index has come. Its head is an anchor for verify(). */
  get position(): IndexPosition {
    return this.#indexer.position;
  }

  /**
   * Take in what the segments have and the index has not, giving other work a turn after each slice. `pause` (ms by ms
   * spent) leaves the rest of the time to others.
   * @throws RecordFault `store-unwritable` when the index cannot be written; what it had it still has
   */
  async catchUp(options: { slice?: number; pause?: number; signal?: AbortSignal } = {}): Promise<CatchUp> {
    let indexed = 0;
    let rebuilt: string | undefined;
    for (;;) {
      options.signal?.throwIfAborted();
      const started = performance.now();
      const slice = this.#take(options.slice ?? 1000);
      indexed += slice.indexed;
      rebuilt ??= slice.rebuilt;
      if (slice.state !== 'more') {
        return {
          indexed,
          ...(rebuilt === undefined ? {} : { rebuilt }),
          ...(slice.damage === undefined ? {} : { damage: slice.damage }),
        };
      }
      const pause = (performance.now() - started) * (options.pause ?? 0);
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
      else await breathe();
    }
  }

  #take(lines: number): ReturnType<Indexer['slice']> {
    try {
      return this.#indexer.slice(lines);
    } catch (error) {
      throw indexFault(this.folder, 'brought up to date', error);
    }
  }

  /** Begin anew at the next catchUp. */
  rebuild(): void {
    this.#indexer.rebuild();
  }

  /** Newest first. */
  listSessions(filter: SessionFilter = {}): readonly SessionRow[] {
    const where = new Where();
    where.add('resource = ?', filter.resource);
    where.add('agent = ?', filter.agent);
    where.add('person = ?', filter.person);
    where.add('last_at >= ?', filter.since?.toISOString());
    where.add('opened_seq < ?', filter.before);
    if (filter.open !== undefined) where.always(filter.open ? `state = 'open'` : `state <> 'open'`);
    return this.#all(`SELECT * FROM sessions ${where.text} ORDER BY opened_seq DESC LIMIT ?`, [
      ...where.values,
      filter.limit ?? 50,
    ]).map(sessionRow);
  }

  /**
   * The session with this id, or the only one whose id begins so.
   * @throws RecordFault `session-unknown` when there is none, or more than one
   */
  sessionById(idOrPrefix: string): SessionRow {
    const found = this.#all(
      'SELECT * FROM sessions WHERE id = ?1 OR substr(id, 1, length(?1)) = ?1 ORDER BY id = ?1 DESC, opened_seq DESC LIMIT 5',
      [idOrPrefix],
    ).map(sessionRow);
    const [first, second] = found;
    if (first === undefined || idOrPrefix === '') {
      throw new RecordFault(
        'session-unknown',
        `No session ${idOrPrefix} is recorded. \`gatehouse sessions\` lists them.`,
      );
    }
    if (second !== undefined && first.id !== idOrPrefix) {
      throw new RecordFault(
        'session-unknown',
        `${idOrPrefix} is the beginning of several sessions: ${found.map((row) => row.id).join(', ')}. Give more of it.`,
      );
    }
    return first;
  }

  /** In the order they were asked. */
  requestsOf(
    session: string,
    page: { readonly limit?: number; readonly after?: number } = {},
  ): readonly RequestRow[] {
    return this.#all('SELECT * FROM requests WHERE session = ? AND seq > ? ORDER BY seq LIMIT ?', [
      session,
      page.after ?? 0,
      page.limit ?? -1,
    ]).map(requestRow);
  }

  /** Newest first. */
  recentRequests(limit: number, filter: RequestFilter = {}): readonly RequestRow[] {
    const where = new Where();
    where.add('effect = ?', filter.effect);
    where.add('resource = ?', filter.resource);
    where.add('agent = ?', filter.agent);
    where.add('at >= ?', filter.since?.toISOString());
    where.add('seq < ?', filter.before);
    where.add('seq >= ?', filter.from);
    where.add("text LIKE ? ESCAPE '!'", filter.text && `%${filter.text.replace(/[!%_]/g, '!$&')}%`);
    return this.#all(`SELECT * FROM requests ${where.text} ORDER BY seq DESC LIMIT ?`, [
      ...where.values,
      limit,
    ]).map(requestRow);
  }

  /** The rules behind one request's decision. @param seq of its record */
  rulesOf(seq: number): readonly RequestRuleRow[] {
    return this.#all('SELECT * FROM request_rules WHERE request_seq = ? ORDER BY policy, rule, file, line', [
      seq,
    ]).map(requestRuleRow);
  }

  /** How many requests each rule had a part in, the busiest first. */
  ruleCounts(
    filter: { readonly since?: Date; readonly session?: string; readonly from?: number } = {},
  ): readonly RuleCount[] {
    const where = new Where();
    where.add('request_seq >= ?', filter.from);
    where.add('requests.at >= ?', filter.since?.toISOString());
    where.add('requests.session = ?', filter.session);
    return this.#all(
      `SELECT policy, rule, request_rules.effect AS effect, file, line, count(*) AS requests, count(error) AS errors,
         max(at) AS last_at
       FROM request_rules JOIN requests ON requests.seq = request_seq ${where.text}
       GROUP BY policy, rule, request_rules.effect, file, line ORDER BY requests DESC, policy, rule, file, line`,
      where.values,
    ).map(ruleCount);
  }

  /** Newest first. `waiting`: only those that nobody has answered. */
  listApprovals(
    filter: { limit?: number; session?: string; waiting?: boolean } = {},
  ): readonly ApprovalRow[] {
    const where = new Where();
    where.add('session = ?', filter.session);
    if (filter.waiting === true) where.always('answered_seq IS NULL');
    return this.#all(`SELECT * FROM approvals ${where.text} ORDER BY asked_seq DESC LIMIT ?`, [
      ...where.values,
      filter.limit ?? 50,
    ]).map(approvalRow);
  }

  /** The approvals of a session that have these ids. */
  approvalsOf(session: string, ids: readonly string[]): readonly ApprovalRow[] {
    const places = ids.map(() => '?').join(', ');
    return this.#all(`SELECT * FROM approvals WHERE session = ? AND id IN (${places})`, [
      session,
      ...ids,
    ]).map(approvalRow);
  }

  /** The record in which people were asked. */
  approvalSeq(id: string): number | undefined {
    const [row] = this.#all('SELECT asked_seq FROM approvals WHERE id = ?', [id]);
    return row && Number(row.asked_seq);
  }

  /** Of a session, those whose request was not decided behind them, the oldest first. */
  loneApprovals(
    session: string,
    page: { readonly limit: number; readonly after: number },
  ): readonly ApprovalRow[] {
    return this.#all(
      `SELECT * FROM approvals WHERE session = ?1 AND asked_seq > ?2 AND id NOT IN
         (SELECT approval FROM requests WHERE session = ?1 AND approval IS NOT NULL)
       ORDER BY asked_seq LIMIT ?3`,
      [session, page.after, page.limit],
    ).map(approvalRow);
  }

  /** Where the records of these requests begin, in their order. */
  placesOf(seqs: readonly number[]): readonly RequestPlace[] {
    const statement = this.#database.prepare(
      'SELECT seq, session, segment, offset FROM requests WHERE seq = ?',
    );
    return seqs.flatMap((seq) => {
      const row = statement.get(seq);
      if (row === undefined) return [];
      return { seq, session: String(row.session), segment: Number(row.segment), offset: Number(row.offset) };
    });
  }

  /** Who was here, by agent, task, person and resource, the latest first. */
  agentsSeen(limit: number): readonly AgentRow[] {
    return this.#all(
      `SELECT agent, task, person, resource, count(*) AS sessions, total(state = 'open') AS open,
         total(requests) AS requests, total(denied) AS denied, min(opened_at) AS first_at, max(last_at) AS last_at
       FROM sessions GROUP BY agent, task, person, resource ORDER BY max(last_seq) DESC LIMIT ?`,
      [limit],
    ).map(agentRow);
  }

  /** Newest first. */
  policyChanges(limit: number): readonly PolicyChangeRow[] {
    return this.#all('SELECT * FROM policy_changes ORDER BY seq DESC LIMIT ?', [limit]).map(policyChangeRow);
  }

  /** What each agent used of each resource by requests granted at or after `since`, up to the record `upTo`. */
  usedSince(since: Date, upTo: number): readonly PastUse[] {
    return this.#all(
      `SELECT resource, person, agent, total(rows) AS rows, total(bytes) AS bytes, total(plan_cost) AS cost
       FROM requests WHERE at >= ? AND seq <= ? AND stage = 'run' AND effect <> 'deny'
       GROUP BY resource, person, agent`,
      [since.toISOString(), upTo],
    ).map((row) => ({
      resource: String(row.resource),
      person: String(row.person),
      agent: String(row.agent),
      rows: Number(row.rows),
      bytes: Number(row.bytes),
      cost: Number(row.cost),
    }));
  }

  close(): void {
    this.#database.close();
  }

  #all(
    sql: string,
    values: readonly SQLInputValue[],
  ): ReturnType<ReturnType<DatabaseSync['prepare']>['all']> {
    return this.#database.prepare(sql).all(...values);
  }
}

/** How long to wait for another process that writes the index. A slice takes milliseconds, on a busy disk a second. */
const BUSY_MS = 5000;

function indexPath(folder: string): string {
  return join(folder, 'index.sqlite');
}

function openDatabase(folder: string): DatabaseSync {
  const path = indexPath(folder);
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
  const database = new DatabaseSync(path, { timeout: BUSY_MS });
  try {
    // What a power cut takes from the index is in the segments; a torn index is found out and begun anew.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** SQLITE_CORRUPT, SQLITE_NOTADB, and SQLITE_ERROR for tables that are not as this version made them. */
function isBroken(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && [1, 11, 26].includes(Number(error.errcode) & 0xff);
}

/** By SQLite's primary result code. */
const INDEX_ADVICE: Readonly<Record<number, string>> = {
  5: 'another process holds it and did not let go in time; try again, or end that process',
  6: 'another process holds it and did not let go in time; try again, or end that process',
  8: 'it is read-only for this user',
  10: 'the disk reports an error; check it before going on',
  13: 'the disk is full; free some space',
};

function indexFault(folder: string, what: 'opened' | 'brought up to date', error: unknown): RecordFault {
  if (error instanceof RecordFault) return error;
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined;
  const advice = (code === undefined ? undefined : INDEX_ADVICE[code]) ?? adviceFor(error);
  return new RecordFault(
    'store-unwritable',
    `The index of the records in ${folder} cannot be ${what}: ${advice}.`,
  );
}
