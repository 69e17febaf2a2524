/** What people ask of the record, and what they are told. Times are ISO 8601 in UTC, durations milliseconds. */
import type { Effect, Limits, MaskKind } from '@gatehouse/policy-schema/model/policy.ts';
import type { Evidence, Obstacle, Suggestion } from '@gatehouse/policy-schema/suggest/suggestion.ts';
import type {
  AgentRow,
  RequestRow,
  RequestRuleRow,
  RuleCount,
  RuleRow,
  SessionRow,
} from '../recordings/index-rows.ts';
import type { RecordedStep } from '../recordings/session-page.ts';
import type { Simulation, SimulationFilter } from '../simulate/simulation.ts';

export interface SessionsParams {
  readonly agent?: string;
  readonly resource?: string;
  /** Sessions with a record at or after this time. */
  readonly since?: string;
  /** True: only open ones; false: only ended ones. */
  readonly open?: boolean;
  /** 1 to 500; 50 unless told. */
  readonly limit?: number;
  /** Only those that were opened before this record; the `next` of the page before. */
  readonly before?: number;
}
export interface SessionsResult {
  /** Newest first. */
  readonly sessions: readonly SessionRow[];
  /** There are older ones: ask for those `before` it. */
  readonly next?: number;
}

export interface SessionParams {
  /** An id, or the beginning of one. */
  readonly id: string;
  /** Steps behind this record; the `next` of the page before. */
  readonly after?: number;
  /** Steps, 1 to 500; 200 unless told. A page ends earlier where its results are large. */
  readonly limit?: number;
}
/** One thing that happened in a session, with all that the records say of it. */
export type ToldStep =
  | (Extract<RecordedStep, { kind: 'request' }> & {
      /** Of the masks that held, those of columns that it names. */
      readonly masks: readonly ToldMask[];
    })
  | Extract<RecordedStep, { kind: 'approval' }>;
export interface SessionResult {
  readonly session: SessionRow;
  /** Settings that went to the server with the login, where there were any. */
  readonly settings?: Readonly<Record<string, string>>;
  /** In the order in which they were decided. */
  readonly steps: readonly ToldStep[];
  /** There are more: ask for those `after` it. */
  readonly next?: number;
}

export interface RequestsParams {
  readonly effect?: Effect;
  readonly agent?: string;
  readonly resource?: string;
  readonly since?: string;
  /** A part of the text, whatever its case; of long texts only the beginning is looked at. */
  readonly text?: string;
  /** 1 to 200; 50 unless told. */
  readonly limit?: number;
  readonly before?: number;
}
export type RuledRequestRow = RequestRow & { readonly rules: readonly RequestRuleRow[] };
export interface RequestsResult {
  /** Newest first; may be fewer than asked for, also none, where `next` is there. */
  readonly requests: readonly RuledRequestRow[];
  readonly next?: number;
}

export interface RuleCountsParams {
  readonly since?: string;
}
export interface RuleCountsResult {
  /** The busiest first. */
  readonly rules: readonly RuleCount[];
  /** Only requests from this record on were counted, as there are very many. */
  readonly from?: number;
}

export interface DecideAgainParams {
  /** All requests of a session, or these, each by the `seq` of its record (200 at most). */
  readonly of:
    | { readonly kind: 'session'; readonly id: string; readonly after?: number }
    | { readonly kind: 'requests'; readonly seqs: readonly number[] };
  /** Texts in place of files on the disk, by path relative to the workspace folder, with `/`. */
  readonly files?: readonly { readonly path: string; readonly text: string }[];
}
export interface Answered {
  readonly effect: Effect;
  readonly reason: string;
  /** Those that speak for the effect; none for a denial by default. */
  readonly rules: readonly RuleRow[];
}
export interface ToldMask {
  readonly columns: readonly string[];
  readonly with: MaskKind;
  readonly policy: string;
}
/** Absent: no such limit held. Units as in a policy's limits. */
export interface ChangedLimit {
  readonly limit: keyof Limits;
  readonly before?: number;
  readonly after?: number;
}
export type Redecided = {
  /** Of the request's record. */
  readonly seq: number;
  readonly request: string;
  /** As recorded; where a person was asked, `approve`, whatever the person said. */
  readonly before: Answered;
} & (
  | { readonly kind: 'same'; readonly after: Answered }
  | {
      readonly kind: 'changed';
      readonly after: Answered;
      /** Masks of columns that it names, where they differ. */
      readonly masks?: { readonly gone: readonly ToldMask[]; readonly come: readonly ToldMask[] };
      readonly limits?: readonly ChangedLimit[];
    }
  /** It cannot be told: `why` names what the record lacks. `after` is one of the answers that are possible. */
  | { readonly kind: 'open'; readonly after?: Answered; readonly why: string }
);
export type DecideAgainResult =
  | {
      readonly kind: 'decided';
      readonly requests: readonly Redecided[];
      /** There are more of the session: ask for those `after` it. */
      readonly next?: number;
    }
  /** The files have errors, a line each: nothing could be decided by them. */
  | { readonly kind: 'broken'; readonly problems: readonly string[] };

/** A request: by the `seq` of the record of its decision, or by the id of the approval that it waits or waited for. */
export type WhichRequest = { readonly seq: number } | { readonly approval: string };
export type SuggestRulesParams = WhichRequest & {
  /** Texts in place of files on the disk, as for `decideAgain`; places of edits are those of these texts. */
  readonly files?: readonly { readonly path: string; readonly text: string }[];
};
/** A change of one file, with what it would have made of requests that were recorded lately. */
export type ToldSuggestion = Omit<Suggestion, 'evidence'> & {
  readonly evidence: Omit<Evidence, 'examples'> & {
    readonly examples: readonly {
      readonly seq: number;
      readonly at: string;
      readonly text: string;
      readonly agent: string;
      readonly resource: string;
    }[];
  };
};
export type SuggestRulesResult =
  | {
      readonly kind: 'suggested';
      /** What the files say of the request as they stand. */
      readonly effect: Effect;
      readonly reason: string;
      /** The rules in its way; no allow rule lifts them. */
      readonly obstacles: readonly Obstacle[];
      /** From the narrowest to the widest. */
      readonly suggestions: readonly ToldSuggestion[];
      readonly note?: string;
      /** How many other requests the evidence speaks of, each text of an agent once. */
      readonly looked: number;
    }
  /** The files have errors, a line each: nothing can be decided by them. */
  | { readonly kind: 'broken'; readonly problems: readonly string[] };

export interface SimulateParams extends SimulationFilter {
  /** Seven days ago unless told, to the hour. */
  readonly since?: string;
  /** Texts in place of files on the disk, as for `decideAgain`. */
  readonly files?: readonly { readonly path: string; readonly text: string }[];
}
export type SimulateResult =
  | ({ readonly kind: 'simulated' } & Simulation)
  /** The files have errors, a line each: nothing can be decided by them. */
  | { readonly kind: 'broken'; readonly problems: readonly string[] };

/** Every question by its name. */
export interface Questions {
  readonly sessions: { readonly params: SessionsParams; readonly result: SessionsResult };
  readonly session: { readonly params: SessionParams; readonly result: SessionResult };
  readonly requests: { readonly params: RequestsParams; readonly result: RequestsResult };
  readonly ruleCounts: { readonly params: RuleCountsParams; readonly result: RuleCountsResult };
  readonly agentsSeen: { readonly params: Record<string, never>; readonly result: readonly AgentRow[] };
  readonly decideAgain: { readonly params: DecideAgainParams; readonly result: DecideAgainResult };
  readonly suggestRules: { readonly params: SuggestRulesParams; readonly result: SuggestRulesResult };
  readonly simulate: { readonly params: SimulateParams; readonly result: SimulateResult };
}

/** Answers questions without holding up the thread that relays. */
export interface Review {
  /** @throws RecordFault, ConfigFault */
  ask<Name extends keyof Questions>(
    name: Name,
    params: Questions[Name]['params'],
  ): Promise<Questions[Name]['result']>;
  close(): Promise<void>;
}
