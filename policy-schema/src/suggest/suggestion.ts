import type { DecisionInput } from '../evaluate/decision.ts';
import type { Effect, Location } from '../model/policy.ts';
import type { TextEdit } from '../syntax/diagnostic.ts';

/** A request that was asked, in each of the ways that its record leaves open; one way where nothing is. */
export type Asked = readonly DecisionInput[];

export interface SuggestInput {
  /** gatehouse.yaml; `file` is its path relative to the workspace folder, with `/`. */
  readonly workspace: { readonly file: string; readonly text: string };
  /** Texts of the policy files by path. */
  readonly policies: ReadonlyMap<string, string>;
  /** The request that should not have been denied, or held. */
  readonly request: Asked;
  /** Other requests that were asked: what a suggestion would have made of them is its evidence. */
  readonly others: readonly Asked[];
}

/** A rule that stands in the way of a request. */
export interface Obstacle {
  readonly policy: string;
  readonly rule: string;
  readonly effect: Effect;
  readonly location: Location;
  readonly message?: string;
  /** Its condition could not be evaluated, which denies. */
  readonly error?: string;
}

/** What a suggestion would have made of the other requests. */
export interface Evidence {
  /** Requests that it would have let pass, or held, where they were denied; or passed where they were held. */
  readonly loosened: number;
  /** Requests that it would have held where they passed. */
  readonly tightened: number;
  /** Some of the loosened ones, each different, by their place in `others`. */
  readonly examples: readonly number[];
}

/** A change of one policy file after which the request is no longer denied. Confirmed by `decide()`. */
export interface Suggestion {
  /** `exception`: it changes a rule that forbids or holds the request on purpose. A person has to want that. */
  readonly kind: 'rule' | 'entry' | 'exception' | 'file';
  /** What the request gets. */
  readonly effect: 'allow' | 'approve';
  /** What it lets pass: `Allow select on public.orders`. */
  readonly title: string;
  /** Where: `A new rule in shop.policy.yaml`. */
  readonly detail: string;
  /** The file that changes, or comes to be. */
  readonly file: string;
  /** In any order; they never overlap, and where two insert at one place the first stands first. */
  readonly edits: readonly TextEdit[];
  readonly evidence: Evidence;
}

export type Suggested =
  | {
      readonly kind: 'suggested';
      /** What the files say of the request as they stand. */
      readonly effect: Effect;
      readonly reason: string;
      /** The rules in its way; no allow rule lifts them. */
      readonly obstacles: readonly Obstacle[];
      /** From the narrowest to the widest. */
      readonly suggestions: readonly Suggestion[];
      /** Why there is none, or what else a person should know. */
      readonly note?: string;
    }
  /** The files have errors, a line each: nothing can be decided by them. */
  | { readonly kind: 'broken'; readonly problems: readonly string[] };
