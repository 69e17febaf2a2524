import type { RecordLine, RuleRow, ToldStep } from '@gatehouse/daemon/control/messages.ts';

type Decided = Extract<RecordLine, { kind: 'request.decided' }>;
type Answered = Extract<RecordLine, { kind: 'request.answered' }>;

/** `waiting`: a person is asked, and has not answered. */
export type LiveLook = Decided['effect'] | 'waiting';

/** A request as a line of the list. */
export interface LiveRow {
  /** Stays the same while the request goes on; grows with time within a folder. */
  readonly key: string;
  /** The workspace folder, as a URI. */
  readonly folder: string;
  readonly look: LiveLook;
  /** ISO 8601. */
  readonly at: string;
  readonly agent: string;
  readonly resource: string;
  readonly protocol: string;
  readonly session: string;
  /** The record that decides it; absent while it waits. */
  readonly seq?: number;
  /** The id of the request, or of the approval that it waits for. */
  readonly request: string;
  /** On one line, cut where it is long. */
  readonly text: string;
  /** Made ready, not run. */
  readonly prepared: boolean;
  /** The rules that speak for the answer. */
  readonly rules: readonly RuleRow[];
  readonly reason: string;
  readonly outcome?: Answered['outcome'];
  readonly rows?: number;
  /** Of the run, in milliseconds. */
  readonly durationMs?: number;
}

/** Which rule's requests are shown alone. */
export interface RuleFilter {
  readonly policy: string;
  readonly rule: string;
}

/** The request that is looked at, with all that the record says. */
export type Trace =
  | { readonly kind: 'told'; readonly key: string; readonly protocol: string; readonly step: ToldStep }
  | { readonly kind: 'problem'; readonly key: string; readonly message: string };

export type ToLive =
  /** All there is; what was shown before is no more. */
  | { readonly kind: 'all'; readonly rows: readonly LiveRow[]; readonly gate: GateWords }
  /** New rows, and rows that have changed, in the order in which they happened. */
  | { readonly kind: 'rows'; readonly rows: readonly LiveRow[] }
  | { readonly kind: 'gate'; readonly gate: GateWords }
  | { readonly kind: 'trace'; readonly trace: Trace }
  | { readonly kind: 'only'; readonly rule: RuleFilter };

/** How the gates of the window stand, for an empty list. */
export type GateWords = 'none' | 'off' | 'starting' | 'running' | 'failed';

/** What may be done with a request. */
export type LiveAction = 'makeRule' | 'addAsTest' | 'openSession' | 'copy';

export type FromLive =
  | { readonly kind: 'ready' }
  /** Read all of it; asked again when it has gone on. */
  | { readonly kind: 'trace'; readonly key: string }
  | { readonly kind: 'openRule'; readonly folder: string; readonly file: string; readonly line: number }
  | { readonly kind: 'do'; readonly action: LiveAction; readonly key: string };
