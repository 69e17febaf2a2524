import type { SessionEffect } from '@gatehouse/policy-schema/vocabulary/sql/postgres/analysis.ts';
import type { AppliedMask } from '@gatehouse/policy-schema/evaluate/decision.ts';
import type { Verdict } from './mask-verdict.ts';
import type { TurnedText } from './masks/detokenize-text.ts';
import type { PreparedBySql, Reading } from './reading.ts';
import type { Run } from './run.ts';
import type { FieldDescription, TransactionStatus } from './wire/backend-messages.ts';

/** A statement that the server keeps by name, prepared by a Parse message or by SQL's PREPARE. */
export interface Prepared {
  readonly name: string;
  /** The text of the Parse message, or of the statement that holds the PREPARE. */
  readonly text: string;
  /** Present when SQL prepared it. */
  readonly bySql?: PreparedBySql;
  readonly parameterTypes: readonly number[];
  /** What the server has instead of `text`: tokens were turned back in it. Absent: it is `text`, or was not sent yet. */
  sent?: TurnedText;
  /** Up to when it surely is what the server has under the name, see {@link SessionState.codeRuns}. */
  sureUntil?: number;
  /** The types of its parameters and the result's columns, and the catalog version they were told under. */
  described?: {
    readonly fields: readonly FieldDescription[];
    readonly parameters: readonly number[];
    readonly version: number;
  };
}

/** A bound statement. Its request was decided, recorded and granted when it was bound. */
export interface Portal {
  readonly name: string;
  readonly prepared: Prepared;
  readonly reading: Reading;
  readonly resultFormats: readonly number[];
  readonly masks: readonly AppliedMask[];
  /** What those masks make of it; undefined where there are none. */
  readonly verdict: Verdict | undefined;
  /** The policy that granted it. */
  readonly policyDigest: string;
  readonly run: Run;
  /** Code has run since, which may have put a cursor in its place. */
  doubtful?: true;
  /** As a Describe of the portal told, with the formats of its values. */
  fields?: readonly FieldDescription[];
}

/** Where a portal will be once its request is granted; a batch may bind one name several times. */
export interface PortalSlot {
  readonly reading: Reading;
  /** How many statements the batch ran before it was bound; 0 in the batches after it. */
  readonly boundAfter: number;
  portal: Portal | undefined;
}

/**
 * What the server holds for a session, as far as it changes the meaning of what comes later. Names enter when the
 * server confirms them, never when they are asked for: a Parse that failed must not hide the statement that is there.
 * What a batch has asked for is pending, and known to that batch alone: if any of it fails, the server ignores the
 * rest of the batch.
 */
export class SessionState {
  transactionStatus: TransactionStatus = 'I';
  readonly statements = new Map<string, Prepared>();
  portals: Map<string, Portal> = new Map();
  /** undefined: closed by the batch. */
  pendingStatements: Map<string, Prepared | undefined> = new Map();
  /** undefined: closed by the batch. */
  pendingPortals: Map<string, PortalSlot | undefined> = new Map();
  /** What each open cursor reads. */
  readonly cursors = new Map<string, Reading>();
  /** Names of temporary relations that this session may have made. */
  readonly temporary = new Set<string>();
  /** Grows when prepared statements, cursors or temporary tables change. */
  version = 0;
  /** How often code that nobody here has read was run. */
  codeRuns = 0;
  /** The application_name that the server last reported, or that the client began with. */
  application: string;

  constructor(application: string) {
    this.application = application;
  }

  statement(name: string): Prepared | undefined {
    return this.pendingStatements.has(name) ? this.pendingStatements.get(name) : this.statements.get(name);
  }

  /** The portal that `name` means at this place of the batch. */
  slot(name: string): PortalSlot | undefined {
    if (this.pendingPortals.has(name)) return this.pendingPortals.get(name);
    const portal = this.portals.get(name);
    return portal === undefined ? undefined : { reading: portal.reading, boundAfter: 0, portal };
  }

  /** The server has the statement under its name. */
  prepared(prepared: Prepared): void {
    prepared.sureUntil = this.codeRuns;
    this.statements.set(prepared.name, prepared);
    this.version++;
  }

  bound(portal: Portal): void {
    this.portals.get(portal.name)?.run.settle('completed');
    this.portals.set(portal.name, portal);
    // SQL reads it as a cursor.
    if (portal.name !== '') this.cursors.set(portal.name, portal.reading);
    this.version++;
  }

  closed(target: 'S' | 'P', name: string): void {
    this.version++;
    if (target === 'S') this.statements.delete(name);
    else this.#closePortal(name);
  }

  #closePortal(name: string): void {
    this.cursors.delete(name);
    this.portals.get(name)?.run.settle('completed');
    this.portals.delete(name);
  }

  /**
   * A statement of `reading` with this effect has completed.
   * @param sent what the server got instead of the text
   */
  apply(effect: SessionEffect, reading: Reading, sent: TurnedText | undefined): void {
    switch (effect.kind) {
      case 'prepare':
        this.prepared({
          name: effect.name,
          text: reading.request.text,
          bySql: {
            analysis: { statements: [effect.statement], shapeSafe: false },
            alone: reading.statements.length === 1,
          },
          parameterTypes: [],
          ...(sent === undefined ? {} : { sent }),
        });
        break;
      case 'deallocate':
        if (effect.name === undefined) this.#dropStatements();
        else this.statements.delete(effect.name);
        break;
      case 'declare':
        this.#closePortal(effect.cursor);
        this.cursors.set(effect.cursor, reading);
        break;
      case 'close':
        for (const name of effect.cursor === undefined ? this.portals.keys() : [effect.cursor])
          if (name !== '') this.#closePortal(name);
        if (effect.cursor === undefined) this.cursors.clear();
        break;
      case 'temp-table':
        this.temporary.add(effect.name);
        break;
      case 'discard':
        if (effect.what !== 'all') return;
        this.#dropStatements();
        this.cursors.clear();
        this.temporary.clear();
        break;
      default:
        return;
    }
    this.version++;
  }

  /** A statement with these effects will be run in the batch: portals that it closes are not there any more. */
  planned(effects: readonly SessionEffect[]): void {
    for (const effect of effects) {
      if (effect.kind !== 'close' && effect.kind !== 'declare') continue;
      const names =
        effect.cursor === undefined
          ? [...this.portals.keys(), ...this.pendingPortals.keys()]
          : [effect.cursor];
      for (const name of names) if (name !== '') this.pendingPortals.set(name, undefined);
    }
  }

  /** The unnamed statement is not SQL's to drop. */
  #dropStatements(): void {
    const unnamed = this.statements.get('');
    this.statements.clear();
    if (unnamed !== undefined) this.statements.set('', unnamed);
  }

  /** Code that nobody here has read was run: any name may stand for something else. */
  codeRan(): void {
    this.codeRuns++;
    this.cursors.clear();
    this.version++;
  }

  /** Code may close a portal and open a cursor under its name, but not the portal that it runs in itself. */
  doubtPortals(code: readonly Reading[]): void {
    for (const portal of this.portals.values()) {
      if (portal.name !== '' && (code.length > 1 || code[0] !== portal.reading)) portal.doubtful = true;
    }
  }

  /**
   * The batch is over: what it confirmed stays, what it only asked for goes. Portals end with their transaction.
   * New maps, since clear() leaves each table held by the one before it, batch after batch, until the heap is walked.
   */
  ready(status: TransactionStatus): void {
    this.transactionStatus = status;
    if (this.pendingStatements.size > 0) this.pendingStatements = new Map();
    if (this.pendingPortals.size > 0) this.pendingPortals = new Map();
    if (status !== 'I' || this.portals.size === 0) return;
    for (const { name, reading, run } of this.portals.values()) {
      run.settle('completed');
      if (this.cursors.get(name) === reading) this.cursors.delete(name);
    }
    this.portals = new Map();
  }
}
