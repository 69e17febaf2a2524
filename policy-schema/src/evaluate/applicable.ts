import type { Action, Request } from '../vocabulary/vocabulary.ts';
import { smallestBudgets, smallestLimits } from './bounds.ts';
import { byLocation, type CompiledPolicy, type CompiledRule, sortRules } from './compile.ts';
import type { AppliedMask, Decision, Principal, ResourceFacts } from './decision.ts';
import { boundsReadPlan } from './plan.ts';
import type { Verdict } from './verdict.ts';

/** A rule whose selector matches at least one action of a request, with the indexes of the actions. */
export interface MatchedRule {
  readonly rule: CompiledRule;
  /** Deny and approve: the actions it restricts. Allow: those it grants. */
  readonly touches: readonly number[];
  /** The actions for which no other rule need allow. */
  readonly covers: readonly number[];
}

/** What the rules that apply say of one list of actions, their conditions left open. */
export interface Matching {
  readonly matched: readonly MatchedRule[];
  /** Verdicts by what the conditions gave, for each of the two readings. */
  readonly verdicts: { readonly enforcing: Map<string, Verdict>; readonly all: Map<string, Verdict> };
  /** What was decided for facts, by their identity; absent where a condition is not steady, or a plan is asked for. */
  readonly decisions?: WeakMap<Request['facts'], Decision>;
}

/** The policies that apply to one principal on one resource. */
export interface Applicable {
  readonly enforces: boolean;
  readonly observes: boolean;
  /** Of enforcing and observing policies, in the order of their places. */
  readonly rules: readonly CompiledRule[];
  readonly masks: readonly AppliedMask[];
  readonly limits: Decision['limits'];
  readonly limitSources: Decision['limitSources'];
  readonly budgets: Decision['budgets'];
  /** A limit or budget is held against the plan of every request. */
  readonly boundsReadPlan: boolean;
  /** By identity: the daemon hands the same array over for the same statement shape. */
  readonly matchings: WeakMap<readonly Action[], Matching>;
}

export function applicable(
  policies: readonly CompiledPolicy[],
  principal: Principal,
  resource: ResourceFacts,
): Applicable {
  const applying = policies.filter(({ applies }) => applies(principal, resource));
  const enforcing = applying.filter(({ policy }) => policy.mode === 'enforce');
  const own = enforcing.map(({ policy }) => policy);
  const { limits, limitSources } = smallestLimits(own);
  const budgets = smallestBudgets(own);
  return {
    enforces: enforcing.length > 0,
    observes: enforcing.length < applying.length,
    rules: sortRules(applying.flatMap(({ rules }) => rules)),
    masks: enforcing
      .flatMap(({ masks }) => masks)
      .filter(({ excepts }) => !excepts(principal))
      .map(({ applied }) => applied)
      .sort((a, b) => byLocation(a.location, b.location)),
    limits,
    limitSources,
    budgets,
    boundsReadPlan: boundsReadPlan(limits, budgets),
    matchings: new WeakMap(),
  };
}

function matchRule(rule: CompiledRule, actions: readonly Action[]): MatchedRule | undefined {
  const touches: number[] = [];
  const covers: number[] = [];
  actions.forEach((action, index) => {
    if (rule.rule.effect === 'allow') {
      if (!rule.selector.grants(action)) return;
      touches.push(index);
      covers.push(index);
    } else if (rule.selector.restricts(action)) {
      touches.push(index);
      if (rule.rule.effect === 'approve' && rule.selector.grants(action)) covers.push(index);
    }
  });
  return touches.length === 0 ? undefined : { rule, touches, covers };
}

export function matching(scope: Applicable, actions: readonly Action[]): Matching {
  let known = scope.matchings.get(actions);
  if (known === undefined) {
    const matched = scope.rules.flatMap((rule) => matchRule(rule, actions) ?? []);
    const isSteady = !scope.boundsReadPlan && matched.every(({ rule }) => rule.steady && !rule.readsPlan);
    known = {
      matched,
      verdicts: { enforcing: new Map(), all: new Map() },
      ...(isSteady ? { decisions: new WeakMap() } : {}),
    };
    scope.matchings.set(actions, known);
  }
  return known;
}
