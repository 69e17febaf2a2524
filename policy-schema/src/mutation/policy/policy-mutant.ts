/** A policy set with one thing in it changed. Tests that are worth anything tell it from the set that it was made of. */
import type { Location, Policy, PolicySet } from '../../model/policy.ts';
import type { Path } from '../../syntax/tree.ts';

/** What was done to the policy. */
export type PolicyMutation =
  | 'effect flipped'
  | 'removed'
  | 'condition removed'
  | 'condition negated'
  | 'operand dropped'
  | 'operand fixed'
  | 'comparison shifted'
  | 'item dropped'
  | 'list widened'
  | 'mask weakened'
  | 'exception widened'
  | 'limit raised';

/** Of which part of a policy it is. The score is told by part. */
export interface MutatedPart {
  readonly policy: string;
  /** A rule's name, or a mask, limits or scope in words. */
  readonly part: string;
  readonly location: Location;
}

export interface PolicyMutant extends MutatedPart {
  readonly mutation: PolicyMutation;
  /** Where it was changed, in the tree of the policy's file. */
  readonly path: Path;
  /** What stood there, and what stands there now, as YAML on one line; absent `now`: nothing. */
  readonly was: string;
  readonly now?: string;
  readonly set: PolicySet;
}

/** A change of a policy, before it is put into a set. */
export type PolicyChange = Omit<PolicyMutant, 'policy' | 'set'> & { readonly made: Policy };
