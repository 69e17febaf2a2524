import type { Effect, Limits, Location, MaskKind } from '@gatehouse/policy-schema/model/policy.ts';

/** What the record of truth holds: one JSON object a line. Times are ISO 8601 in UTC, durations milliseconds. */

export interface SessionOpened {
  readonly kind: 'session.opened';
  readonly session: string;
  readonly resource: string;
  readonly protocol: string;
  readonly principal: {
    readonly person: string;
    readonly groups: readonly string[];
    readonly agent: string;
    readonly workspace: string;
    readonly task: string;
  };
  readonly client: {
    readonly address: string;
    readonly application: string;
    /** Settings that went to the server with the login. */
    readonly settings?: Readonly<Record<string, string>>;
  };
}

export interface RecordedAction {
  readonly kind: string;
  readonly facts: Readonly<Record<string, string | readonly string[]>>;
  readonly implied?: boolean;
  readonly effect: Effect;
  readonly rules: readonly {
    readonly policy: string;
    readonly rule: string;
    readonly effect: Effect;
    readonly location: Location;
    readonly error?: string;
  }[];
}

/** What the policy says of a statement's actions, alike for every request that it is said of. */
export interface Ruling {
  readonly actions: readonly RecordedAction[];
  readonly masks: readonly {
    readonly columns: readonly string[];
    readonly with: MaskKind;
    readonly policy: string;
  }[];
  readonly limits: Limits;
}

/** Written before a byte of the request goes on, or before its denial is answered. */
export interface RequestDecided extends Ruling {
  readonly kind: 'request.decided';
  readonly session: string;
  readonly request: string;
  /** `prepare`: made ready, not run; each run has a record of its own. */
  readonly stage?: 'prepare';
  /** The whole text, cut only where it passes the size limit that already denied it. */
  readonly text: string;
  /** Text form where the client sent text, `base64:` before binary; null for NULL. Long values are cut at 1 KiB. */
  readonly parameters?: readonly (string | null)[];
  /** SHA-256 (hex) of the exact request: text and parameters. */
  readonly digest: string;
  readonly effect: Effect;
  readonly observed: Effect;
  readonly reason: string;
  readonly hint?: string;
  /** What the server's planner expected, where it was asked. Of granted requests the cost counts towards budgets. */
  readonly plan?: { readonly cost: number; readonly rows: number };
  readonly policyDigest: string;
  /** Why it could not be decided, for requests that could not. */
  readonly undecidable?: string;
  /** The approval that lets this request pass. */
  readonly approval?: string;
  /** Time spent reading and deciding. */
  readonly decideMs: number;
}

/** A decided request without what it has in common with others. */
export type RuledRequest = Omit<RequestDecided, keyof Ruling>;

export interface ApprovalAsked {
  readonly kind: 'approval.asked';
  readonly session: string;
  readonly approval: string;
  readonly text: string;
  readonly parameters?: readonly (string | null)[];
  readonly digest: string;
  readonly by: readonly (readonly string[])[];
  readonly expires: string;
  readonly reason: string;
  /** What the request does, by the rules. Absent in records of a time that did not keep it. */
  readonly actions?: readonly RecordedAction[];
  /** What the person was shown of the server's plan, and the rows that were counted for them. */
  readonly plan?: { readonly cost: number; readonly rows: number };
  readonly counted?: number;
  readonly policyDigest: string;
}

export interface ApprovalAnswered {
  readonly kind: 'approval.answered';
  readonly session: string;
  readonly approval: string;
  readonly answer: 'approved' | 'denied' | 'expired' | 'withdrawn' | 'overtaken';
  readonly by?: string;
  readonly reason?: string;
  /** It covers all requests of this shape in the session; each that it lets pass names this approval. */
  readonly scope?: 'shape';
}

export interface RequestAnswered {
  readonly kind: 'request.answered';
  readonly session: string;
  readonly request: string;
  readonly outcome: 'completed' | 'failed' | 'denied' | 'cancelled' | 'cut';
  /** The server's command tag, where there is one. */
  readonly tag?: string;
  readonly rows: number;
  readonly bytes: number;
  readonly durationMs: number;
  readonly error?: { readonly code: string; readonly message: string };
  /** What the client saw, masked, up to the workspace's bounds. `truncated`: there was more. */
  readonly result?: {
    readonly columns: readonly string[];
    readonly rows: readonly (readonly (string | null)[])[];
    readonly truncated: boolean;
  };
}

export interface SessionClosed {
  readonly kind: 'session.closed';
  readonly session: string;
  readonly reason: string;
}

export interface PolicyChanged {
  readonly kind: 'policy.changed';
  readonly state: 'accepted' | 'pending' | 'broken' | 'rejected';
  readonly policyDigest: string;
  readonly by?: string;
  readonly detail?: string;
}

/** An agent asks people for what the policy does not let pass. */
export interface AccessAsked {
  readonly kind: 'access.asked';
  readonly access: string;
  readonly resource: string;
  readonly person: string;
  readonly agent: string;
  readonly task: string;
  readonly reason: string;
  readonly statement?: string;
}

export interface AccessAnswered {
  readonly kind: 'access.answered';
  readonly access: string;
  readonly answer: 'granted' | 'declined';
  readonly by: string;
  readonly words?: string;
}

export interface DaemonNoted {
  readonly kind: 'daemon.started' | 'daemon.stopped' | 'store.recovered';
  readonly detail: string;
}

export type RecordEntry =
  | SessionOpened
  | RequestDecided
  | ApprovalAsked
  | ApprovalAnswered
  | RequestAnswered
  | SessionClosed
  | PolicyChanged
  | AccessAsked
  | AccessAnswered
  | DaemonNoted;

/** An entry as it stands in a segment. `prev` is the SHA-256 (hex) of the line before, without its newline. */
export type RecordLine = { readonly prev: string; readonly seq: number; readonly at: string } & RecordEntry;
