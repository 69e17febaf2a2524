import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type {
  ApprovalAnswered,
  ApprovalAsked,
  DaemonNoted,
  PolicyChanged,
  RecordEntry,
  RequestAnswered,
  RequestDecided,
  SessionClosed,
  SessionOpened,
} from './entry.ts';
import { INDEXED_TEXT } from './index-schema.ts';

/** The place and time of a record, as its tables keep them. */
export interface Stamp {
  readonly seq: number;
  readonly at: string;
  readonly segment: number;
  readonly offset: number;
}

interface Owner {
  readonly resource: string;
  readonly agent: string;
  readonly person: string;
}

/** What a slice adds to a session's row; written once a slice, since a busy session has many records in each. */
interface Tally {
  seq: number;
  at: string;
  requests: number;
  denied: number;
  approved: number;
  failed: number;
  rows: number;
  bytes: number;
}

const OWNERS_KEPT = 10_000;
const UNKNOWN: Owner = { resource: '', agent: '', person: '' };

/** Turns records into rows. A kind of record that is not dealt with does not compile. */
export class Ingest {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #owners = new Map<string, Owner>();
  #tallies = new Map<string, Tally>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Within the caller's transaction, which must end with {@link flush}. */
  take(entry: RecordEntry, stamp: Stamp): void {
    switch (entry.kind) {
      case 'session.opened':
        this.#opened(entry, stamp);
        break;
      case 'request.decided':
        this.#decided(entry, stamp);
        break;
      case 'approval.asked':
        this.#asked(entry, stamp);
        break;
      case 'approval.answered':
        this.#approvalAnswered(entry, stamp);
        break;
      case 'request.answered':
        this.#answered(entry, stamp);
        break;
      case 'session.closed':
        this.#closed(entry, stamp);
        break;
      case 'policy.changed':
        this.#policyChanged(entry, stamp);
        break;
      case 'daemon.started':
      case 'daemon.stopped':
      case 'store.recovered':
        this.#noted(entry, stamp);
        break;
      // Nobody asks the index for them.
      case 'access.asked':
      case 'access.answered':
        break;
      default:
        skip(entry);
    }
  }

  /** Write what was added up, and forget it. */
  flush(): void {
    for (const [session, tally] of this.#tallies) {
      this.#run(
        `UPDATE sessions SET last_seq = ?, last_at = ?, requests = requests + ?, denied = denied + ?,
           approved = approved + ?, failed = failed + ?, rows = rows + ?, bytes = bytes + ? WHERE id = ?`,
        [
          tally.seq,
          tally.at,
          tally.requests,
          tally.denied,
          tally.approved,
          tally.failed,
          tally.rows,
          tally.bytes,
          session,
        ],
      );
    }
    this.#tallies = new Map();
  }

  /** After a transaction that was rolled back, or tables that were emptied. */
  forget(): void {
    this.#tallies = new Map();
    this.#owners.clear();
  }

  #opened(entry: SessionOpened, { seq, at, segment, offset }: Stamp): void {
    const { principal, client, resource } = entry;
    this.#keepOwner(entry.session, { resource, agent: principal.agent, person: principal.person });
    this.#run(
      `INSERT OR REPLACE INTO sessions (id, opened_seq, opened_segment, opened_offset, last_seq, opened_at, last_at, state,
         resource, protocol, person, groups, agent, workspace, task, client_address, client_application)
       VALUES (?, ?, ?, ?, ?, ?, ?, 'open', ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        ...[entry.session, seq, segment, offset, seq, at, at, resource, entry.protocol, principal.person],
        ...[JSON.stringify(principal.groups), principal.agent, principal.workspace, principal.task],
        ...[client.address, client.application],
      ],
    );
  }

  #decided(entry: RequestDecided, { seq, at, segment, offset }: Stamp): void {
    const owner = this.#ownerOf(entry.session);
    const prepared = entry.stage === 'prepare';
    this.#run(
      `INSERT INTO requests (seq, segment, offset, id, session, at, stage, text, text_cut, effect, observed, reason,
         undecidable, digest, policy_digest, approval, decide_ms, plan_cost, resource, agent, person)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        ...[
          seq,
          segment,
          offset,
          entry.request,
          entry.session,
          at,
          prepared ? 'prepare' : 'run',
          ...cut(entry.text),
        ],
        ...[
          entry.effect,
          entry.observed,
          entry.reason,
          entry.undecidable ?? null,
          entry.digest,
          entry.policyDigest,
        ],
        ...[entry.approval ?? null, entry.decideMs, entry.plan?.cost ?? null],
        ...[owner.resource, owner.agent, owner.person],
      ],
    );
    for (const { rules } of entry.actions) {
      for (const rule of rules) {
        this.#run(
          `INSERT OR IGNORE INTO request_rules (request_seq, policy, rule, effect, file, line, error)
           VALUES (?, ?, ?, ?, ?, ?, ?)`,
          [
            seq,
            rule.policy,
            rule.rule,
            rule.effect,
            rule.location.file,
            rule.location.line,
            rule.error ?? null,
          ],
        );
      }
    }
    const tally = this.#tally(entry.session, seq, at);
    const denied = entry.effect === 'deny';
    // What is only made ready is counted when it is run, or when it is refused and never will be.
    if (!prepared || denied) tally.requests += 1;
    if (denied) tally.denied += 1;
    else if (entry.approval !== undefined) tally.approved += 1;
  }

  #answered(entry: RequestAnswered, { seq, at }: Stamp): void {
    this.#run(
      `UPDATE requests SET answered_seq = ?, outcome = ?, tag = ?, rows = ?, bytes = ?, duration_ms = ?, error_code = ?,
         error_message = ? WHERE session = ? AND id = ? AND answered_seq IS NULL`,
      [
        ...[
          seq,
          entry.outcome,
          entry.tag ?? null,
          entry.rows,
          entry.bytes,
          entry.durationMs,
          entry.error?.code ?? null,
        ],
        ...[entry.error?.message ?? null, entry.session, entry.request],
      ],
    );
    const tally = this.#tally(entry.session, seq, at);
    tally.rows += entry.rows;
    tally.bytes += entry.bytes;
    if (entry.outcome !== 'completed' && entry.outcome !== 'denied') tally.failed += 1;
  }

  #asked(entry: ApprovalAsked, { seq, at }: Stamp): void {
    this.#tally(entry.session, seq, at);
    this.#run(
      `INSERT OR REPLACE INTO approvals (id, session, asked_seq, asked_at, text, text_cut, digest, by, expires, reason,
         policy_digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        ...[entry.approval, entry.session, seq, at, ...cut(entry.text), entry.digest],
        ...[JSON.stringify(entry.by), entry.expires, entry.reason, entry.policyDigest],
      ],
    );
  }

  #approvalAnswered(entry: ApprovalAnswered, { seq, at }: Stamp): void {
    this.#tally(entry.session, seq, at);
    this.#run(
      'UPDATE approvals SET answered_seq = ?, answered_at = ?, answer = ?, answered_by = ?, answer_reason = ? WHERE id = ?',
      [seq, at, entry.answer, entry.by ?? null, entry.reason ?? null, entry.approval],
    );
  }

  #closed(entry: SessionClosed, { seq, at }: Stamp): void {
    this.#tally(entry.session, seq, at);
    this.#run(`UPDATE sessions SET state = 'closed', closed_reason = ? WHERE id = ?`, [
      entry.reason,
      entry.session,
    ]);
  }

  #policyChanged(entry: PolicyChanged, { seq, at }: Stamp): void {
    this.#run(
      'INSERT INTO policy_changes (seq, at, state, policy_digest, by, detail) VALUES (?, ?, ?, ?, ?, ?)',
      [...[seq, at, entry.state, entry.policyDigest, entry.by ?? null, entry.detail ?? null]],
    );
  }

  #noted(entry: DaemonNoted, { seq, at }: Stamp): void {
    this.#run('INSERT INTO notes (seq, at, kind, detail) VALUES (?, ?, ?, ?)', [
      seq,
      at,
      entry.kind,
      entry.detail,
    ]);
    // One daemon writes a store at a time: a session from before a start has ended without a word.
    if (entry.kind === 'daemon.started')
      this.#run(`UPDATE sessions SET state = 'lost' WHERE state = 'open'`, []);
  }

  #tally(session: string, seq: number, at: string): Tally {
    let tally = this.#tallies.get(session);
    if (tally === undefined) {
      tally = { seq, at, requests: 0, denied: 0, approved: 0, failed: 0, rows: 0, bytes: 0 };
      this.#tallies.set(session, tally);
    }
    tally.seq = seq;
    tally.at = at;
    return tally;
  }

  #ownerOf(session: string): Owner {
    const known = this.#owners.get(session);
    if (known !== undefined) return known;
    const row = this.#statement('SELECT resource, agent, person FROM sessions WHERE id = ?').get(session);
    const owner =
      row === undefined
        ? UNKNOWN
        : { resource: String(row.resource), agent: String(row.agent), person: String(row.person) };
    this.#keepOwner(session, owner);
    return owner;
  }

  #keepOwner(session: string, owner: Owner): void {
    if (this.#owners.size >= OWNERS_KEPT) this.#owners.clear();
    this.#owners.set(session, owner);
  }

  #run(sql: string, values: (string | number | null)[]): void {
    this.#statement(sql).run(...values);
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function cut(text: string): [string, number] {
  // Not in the middle of a character, which SQLite would store as a replacement.
  return text.length <= INDEXED_TEXT ? [text, 0] : [text.slice(0, INDEXED_TEXT).toWellFormed(), 1];
}

/** A record of a newer Gatehouse: the index has no place for it, and the segments keep it. */
function skip(_entry: never): void {}
