import type { AppliedMask } from '@gatehouse/policy-schema/evaluate/decision.ts';
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
  /** The result's columns and the catalog version they were told under; absent until the server told. */
  described?: { readonly fields: readonly FieldDescription[]; readonly version: number };
}

/** A bound statement. Its request was decided, recorded and granted when it was bound. */
export interface Portal {
  readonly name: string;
  readonly prepared: Prepared;
  readonly reading: Reading;
  readonly resultFormats: readonly number[];
  readonly masks: readonly AppliedMask[];
  readonly run: Run;
  /** As a Describe of the portal told, with the formats of its values. */
  fields?: readonly FieldDescription[];
}

/** Where a portal will be once its request is granted; a batch may bind one name several times. */
export interface PortalSlot {
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
  readonly portals = new Map<string, Portal>();
  /** undefined: closed by the batch. */
  readonly pendingStatements = new Map<string, Prepared | undefined>();
  /** undefined: closed by the batch. */
  readonly pendingPortals = new Map<string, PortalSlot | undefined>();
  /** What each open cursor reads. */
  readonly cursors = new Map<string, Reading>();
  /** Names of temporary relations that this session may have made. */
  readonly temporary = new Set<string>();
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
    return portal === undefined ? undefined : { portal };
  }

  bound(portal: Portal): void {
    this.portals.get(portal.name)?.run.settle('completed');
    this.portals.set(portal.name, portal);
  }

  closed(target: 'S' | 'P', name: string): void {
    if (target === 'S') {
      this.statements.delete(name);
      return;
    }
    this.portals.get(name)?.run.settle('completed');
    this.portals.delete(name);
  }

  /** The batch is over: what it confirmed stays, what it only asked for goes. Portals end with their transaction. */
  ready(status: TransactionStatus): void {
    this.transactionStatus = status;
    this.pendingStatements.clear();
    this.pendingPortals.clear();
    if (status !== 'I') return;
    for (const portal of this.portals.values()) portal.run.settle('completed');
    this.portals.clear();
  }

  /** DISCARD ALL. */
  discard(): void {
    this.statements.clear();
    this.cursors.clear();
    this.temporary.clear();
  }
}
