import type { Decision } from '@gatehouse/policy-schema/evaluate/decision.ts';
import type { Request, Undecidable } from '@gatehouse/policy-schema/vocabulary/vocabulary.ts';
import type { RequestAnswered } from '../recordings/entry.ts';
import type { Permit } from '../recordings/permit.ts';
import type { Session } from './session.ts';
import type { Awaitable } from './awaitable.ts';
import type { Exceeded } from './usage.ts';

/** What the server's planner expects of a request: its cost in the planner's units, and rows returned or written. */
export interface Plan {
  readonly cost: number;
  readonly rows: number;
}

export type PlanAnswer =
  | { readonly kind: 'planned'; readonly plan: Plan }
  /** The server does not even plan the request, so it would refuse it too. */
  | { readonly kind: 'refused'; readonly undecidable: Undecidable }
  | { readonly kind: 'unknown'; readonly why: string; readonly hint?: string };

/** How many rows a request would change, as running it and rolling it back told. */
export type RowCount =
  | { readonly kind: 'counted'; readonly rows: number }
  | { readonly kind: 'uncounted'; readonly why: string };

/** A request as a protocol hands it to the pipeline. */
export interface Asked {
  /** `prepare`: the text is only made ready. It is denied like any other, but waits for nobody. Default `run`. */
  readonly stage?: 'prepare' | 'run';
  readonly request: Request;
  /** Parameters for people and the record, in the form that {@link RequestDecided} says. */
  readonly parameters?: readonly (string | null)[];
  /** Every byte that tells this request from another: text, parameters and their types. Digested for approvals. */
  readonly exact: readonly (string | Uint8Array)[];
  /** The text without those values that are surely values. Requests of one shape differ in nothing else. Absent: it has none. */
  readonly shape?: () => string;
  /**
   * Why the protocol cannot let the request go on although the policy would: what it gives out could not be masked. Asked
   * before anything else is, and again when the decision's masks have changed since. Absent: nothing is in its way.
   */
  readonly refusal?: (decision: Decision) => Awaitable<Denial | undefined>;
  /**
   * Ask the server for the request's plan. Called only once the policy would let the request go on, as planning can run
   * functions, and only where some rule, limit, budget or person wants to know. Absent: it has none that could be told.
   */
  readonly plan?: (decision: Decision) => Promise<PlanAnswer>;
  /** Count the rows that it would change, for the person who is asked. */
  readonly count?: (decision: Decision) => Promise<RowCount>;
  /** It may return rows: refused when the budget for them is used up. Default true. */
  readonly returnsRows?: boolean;
}

/** Why a request does not pass, in words that each protocol puts into its own refusal. A value, not an error. */
export interface Denial {
  /** `withdrawn`: the client itself gave up while a person was asked. */
  readonly cause: 'policy' | 'undecidable' | 'approval' | 'withdrawn' | 'limit' | 'record';
  /** One sentence: what was denied and by what. */
  readonly message: string;
  /** The rule's message, file and line. */
  readonly detail?: string;
  /** What the agent could do instead. */
  readonly hint?: string;
  readonly undecidable?: Request['undecidable'];
}

export type Passage =
  | {
      readonly kind: 'granted';
      readonly id: string;
      readonly permit: Permit;
      readonly decision: Decision;
      /** Count rows and bytes before they go out. What comes back is a budget that has no room for them. */
      readonly spend: (rows: number, bytes: number) => Exceeded | undefined;
    }
  | { readonly kind: 'refused'; readonly id: string; readonly denial: Denial };

/** What a protocol shows its client while a request waits for a person. */
export interface Held {
  readonly approval: string;
  readonly expires: Date;
  readonly reason: string;
  /** Who may approve: an approver is named by every list. */
  readonly by: readonly (readonly string[])[];
}

/** How a request went, for the record. */
export interface Answer extends Omit<RequestAnswered, 'kind' | 'session' | 'request' | 'outcome'> {
  readonly outcome: Exclude<RequestAnswered['outcome'], 'denied'>;
}

/** The one way from a request to the right to forward it. Implemented by core/pipeline.ts. */
export interface Gate {
  open(session: Session): Promise<void>;
  /** Decide only: no record, no approval. For what a protocol must know early (a statement that is only prepared). */
  decide(session: Session, request: Request): Decision;
  /** Decide, wait for a person where the policy says so, record, and grant or refuse. Never rejects. */
  pass(session: Session, asked: Asked, onHeld: (held: Held) => void, signal: AbortSignal): Promise<Passage>;
  answered(session: Session, request: string, answer: Answer): void;
  close(session: Session, reason: string): void;
}
