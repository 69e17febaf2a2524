import type {
  Budget,
  BudgetScope,
  Effect,
  Limits,
  Location,
  Mask,
  MaskKind,
  Policy,
} from '../model/policy.ts';
import type { Action, Request } from '../vocabulary/vocabulary.ts';

/** Who asks. */
export interface Principal {
  readonly person: string;
  readonly groups: readonly string[];
  readonly agent: string;
  readonly workspace: string;
  readonly task: string;
}

/** What is reached, as far as a rule may ask. */
export interface ResourceFacts {
  readonly name: string;
  readonly protocol: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** All that a decision may depend on. Facts come in; decide() reads no clock and does no I/O. */
export interface DecisionInput {
  readonly request: Request;
  readonly principal: Principal;
  readonly resource: ResourceFacts;
  readonly now: Date;
  /**
   * `later`: the request does not run yet, and is decided again with its plan before it does. A condition that cannot
   * be told without the plan counts in the request's favour, so that a denial is one whatever the plan says.
   */
  readonly plan?: 'later';
}

/** A rule's part in a decision. */
export interface RuleOutcome {
  readonly policy: string;
  readonly rule: string;
  readonly effect: Effect;
  readonly location: Location;
  /** `matched`, or `failed` when the condition could not be evaluated (which denies for deny and approve rules). */
  readonly outcome: 'matched' | 'failed';
  readonly error?: string;
  readonly message?: string;
}

export interface ActionDecision {
  readonly action: Action;
  readonly effect: Effect;
  /** The rules that speak for `effect`; empty for a denial by default. */
  readonly rules: readonly RuleOutcome[];
}

export interface AppliedMask {
  readonly columns: readonly string[];
  readonly with: MaskKind;
  readonly keep?: Mask['keep'];
  readonly step?: Mask['step'];
  /** With their schema: `pg_catalog.length`. */
  readonly harmless?: Mask['harmless'];
  readonly writable?: Mask['writable'];
  readonly tokens?: Mask['tokens'];
  readonly policy: string;
  readonly location: Location;
}

/** The policy that sets a bound, and where. */
export interface BoundSource {
  readonly policy: string;
  readonly location: Location;
}

/** A budget that holds, with its bound. Several policies' budgets of one kind come to the smallest. */
export interface AppliedBudget extends BoundSource {
  readonly per: BudgetScope;
  readonly of: keyof Budget;
  readonly bound: number;
}

/** One step of the trace: each rule of each policy that applies, and what became of it for which actions. */
export interface TraceStep {
  readonly policy: string;
  readonly rule: string;
  readonly effect: Effect;
  readonly mode: Policy['mode'];
  readonly location: Location;
  /** Indexes into the request's actions that the selector matched. */
  readonly actions: readonly number[];
  /** For each action that the selector did not match, why. Absent when it matched all. */
  readonly unmatched?: readonly { readonly action: number; readonly why: string }[];
  /** Of {@link actions}, those that an approving rule holds without being enough to let them pass. Absent when there are none. */
  readonly uncovered?: readonly number[];
  /** The request has no actions, and the rule was asked about it as a whole. */
  readonly whole?: true;
  /** `unplanned`: it reads the plan, which is not known yet. */
  readonly condition: 'none' | 'true' | 'false' | 'failed' | 'unplanned' | 'not evaluated';
  readonly error?: string;
  /** The condition's text. */
  readonly when?: string;
}

/** What a held request needs. An approver must be named by every list of `by`, one list an approving rule. */
export interface ApprovalNeed {
  readonly by: readonly (readonly string[])[];
  /** Milliseconds; the shortest of the approving rules. */
  readonly within: number;
  /** Some approving rule wants the rows counted. */
  readonly counts?: 'rows';
}

export interface Decision {
  /** The answer that is enforced. */
  readonly effect: Effect;
  /** The answer that all policies, observing ones included, would give; equals `effect` unless one only observes. */
  readonly observed: Effect;
  /** One line for people and agents: the message of the rule that decided, or what was not allowed. */
  readonly reason: string;
  /** What the agent could do instead, where that is known. */
  readonly hint?: string;
  readonly actions: readonly ActionDecision[];
  readonly masks: readonly AppliedMask[];
  readonly limits: Limits;
  /** Who sets each limit. */
  readonly limitSources: { readonly [Key in keyof Limits]?: BoundSource };
  readonly budgets: readonly AppliedBudget[];
  /** The request came without its plan, and some condition, limit or budget reads it. */
  readonly needs?: 'plan';
  /** Present with `approve` only. */
  readonly approval?: ApprovalNeed;
  readonly policyDigest: string;
  /** Every applicable rule, also those that did not match. Built on first use. */
  trace(): readonly TraceStep[];
}
