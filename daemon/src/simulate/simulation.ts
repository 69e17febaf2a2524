/** What comes of deciding recorded requests again. Times are ISO 8601 in UTC. */
import type { Effect } from '@gatehouse/policy-schema/model/policy.ts';

/** How a request's answer changes, the most dangerous first. `bounds`: it still passes, by other masks or limits. */
export const flips = ['allowed', 'bounds', 'held', 'denied'] as const;
export type Flip = (typeof flips)[number];
/** `open`: the record does not say enough. */
export type Outcome = Flip | 'same' | 'open';

/** What makes a difference: a rule, a mask or a limit of a policy. */
export interface Cause {
  readonly kind: 'rule' | 'mask' | 'limit' | 'default';
  /** Of the rule or the limit; a mask by its columns. */
  readonly name: string;
  readonly policy?: string;
  readonly effect?: Effect;
  /** As the files are now; as it was recorded where it is there no more. */
  readonly file?: string;
  readonly line?: number;
  /** `gone`: it spoke for the recorded answer, and no longer does. */
  readonly side: 'now' | 'gone';
}

/** Requests that differ in nothing that an answer depends on. */
export interface Example {
  /** The first of them. */
  readonly seq: number;
  readonly at: string;
  /** Of that one; long texts are cut. */
  readonly text: string;
  readonly agent: string;
  readonly resource: string;
  readonly before: Effect;
  readonly after?: Effect;
  /** Why, by the policy as it is now; for `open`, what is not known. */
  readonly reason: string;
  readonly times: number;
}

export interface FlipCount {
  readonly flip: Flip;
  readonly cause: Cause;
  readonly requests: number;
  readonly examples: readonly Example[];
}

export interface OpenCount {
  readonly why: string;
  readonly requests: number;
  readonly examples: readonly Example[];
}

/** A rule's part in the requests. Those that changed in several ways count once. */
export interface RuleHits {
  readonly policy: string;
  readonly rule: string;
  readonly effect: Effect;
  readonly file: string;
  readonly line: number;
  /** Requests whose answer it speaks for by the policy as it is now. */
  readonly hits: number;
  /** Requests whose answer changes and was, or is, its. */
  readonly changes: number;
  /** Of those that change. */
  readonly examples: readonly Example[];
}

export interface Simulation {
  readonly since: string;
  /** Requests that were decided again. Those that were only prepared count by their runs. */
  readonly requests: number;
  readonly totals: Readonly<Record<Outcome, number>>;
  /** By what makes the difference; a request with two causes counts for both. The most dangerous first. */
  readonly flips: readonly FlipCount[];
  readonly open: readonly OpenCount[];
  readonly rules: readonly RuleHits[];
}

/** Only requests of these. */
export interface SimulationFilter {
  readonly resource?: string;
  readonly agent?: string;
  /** Requests whose answer was, or is, this rule's: its name, or `policy/name`. */
  readonly rule?: string;
}
