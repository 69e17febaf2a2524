import { conditionFacts } from '../conditions/condition.ts';
import type { PolicySet } from '../model/policy.ts';
import { type Applicable, applicable, type MatchedRule, type Matching, matching } from './applicable.ts';
import { type CompiledPolicy, type CompiledRule, compileSet } from './compile.ts';
import type { Decision, DecisionInput, Principal, ResourceFacts } from './decision.ts';
import { asksPresence, isPlanned, overPlanLimit, planUnknown } from './plan.ts';
import { hintFor, reasonFor } from './reason.ts';
import { traceOf } from './trace.ts';
import { type ConditionOutcome, emptyVerdict, type Verdict, verdict } from './verdict.ts';

export type { Principal, ResourceFacts } from './decision.ts';

/** More verdicts than this are not kept for one list of actions. */
const MAX_VERDICTS = 64;

/** A policy set made ready for {@link decide}. Holds caches, and no state that a decision depends on. */
export interface CompiledPolicies {
  readonly set: PolicySet;
  readonly digest: string;
  /**
   * The policies for a principal on a resource, kept by the identity of both: they are values, and a changed one is
   * a new object.
   */
  scope(principal: Principal, resource: ResourceFacts): Applicable;
}

/**
 * Make a policy set ready for decisions. A condition that does not compile counts as one that always fails.
 * @throws when the set is not a set of policies at all
 */
export function compilePolicies(set: PolicySet): CompiledPolicies {
  const policies: readonly CompiledPolicy[] = compileSet(set);
  const scopes = new WeakMap<ResourceFacts, WeakMap<Principal, Applicable>>();
  return {
    set,
    digest: set.digest,
    scope(principal, resource) {
      let ofResource = scopes.get(resource);
      if (ofResource === undefined) {
        ofResource = new WeakMap();
        scopes.set(resource, ofResource);
      }
      let scope = ofResource.get(principal);
      if (scope === undefined) {
        scope = applicable(policies, principal, resource);
        ofResource.set(principal, scope);
      }
      return scope;
    },
  };
}

/** Evaluates conditions over facts that are made once, and only if a condition asks. */
function evaluator(input: DecisionInput): (rule: CompiledRule) => ConditionOutcome {
  let facts: ReturnType<typeof conditionFacts> | undefined;
  return ({ condition, readsPlan, rule }) => {
    if (condition === undefined) return true;
    if ('broken' in condition) return { error: condition.broken };
    facts ??= conditionFacts(input);
    const outcome = condition.test(facts);
    if (!readsPlan || isPlanned(input.request)) return outcome;
    // What does not depend on the plan is told already; has() would tell that the plan is not there.
    if (input.plan === 'later')
      return typeof outcome === 'boolean' && !asksPresence(rule.when) ? outcome : 'unplanned';
    return typeof outcome === 'boolean' ? outcome : { error: planUnknown };
  };
}

/** The outcomes as a key for the verdict, or undefined where one failed: its words differ from time to time. */
function keyOf(outcomes: readonly ConditionOutcome[]): string | undefined {
  let key = '';
  for (const outcome of outcomes) {
    if (typeof outcome === 'object') return undefined;
    key += outcome === 'unplanned' ? '?' : outcome ? '1' : '0';
  }
  return key;
}

interface Reading {
  readonly verdict: Verdict;
  readonly reason: string;
}

const worded = new WeakMap<Verdict, Reading>();

/** A verdict with its words, which are made once for a verdict that is kept. */
function reading(made: Verdict, scope: Applicable, input: DecisionInput): Reading {
  let known = worded.get(made);
  if (known === undefined) {
    const where = { agent: input.principal.agent, resource: input.resource.name };
    known = { verdict: made, reason: reasonFor(made, scope, where) };
    worded.set(made, known);
  }
  return known;
}

function readMatching(
  which: keyof Matching['verdicts'],
  input: DecisionInput,
  known: Matching,
  outcomes: readonly ConditionOutcome[],
): Verdict {
  const kept = known.verdicts[which];
  const key = keyOf(outcomes);
  const hit = key === undefined ? undefined : kept.get(key);
  if (hit !== undefined) return hit;
  let { matched } = known;
  let own = outcomes;
  if (which === 'enforcing') {
    const enforcing = (_: unknown, place: number) => known.matched[place]?.rule.mode === 'enforce';
    matched = matched.filter(enforcing);
    own = outcomes.filter(enforcing);
  }
  const made = verdict(input.request.actions, matched, own);
  if (key !== undefined && kept.size < MAX_VERDICTS) kept.set(key, made);
  return made;
}

const hints = new WeakMap<Applicable, { readonly hint: string | undefined }>();

function hintOf(scope: Applicable): string | undefined {
  let known = hints.get(scope);
  if (known === undefined) {
    known = { hint: hintFor(scope) };
    hints.set(scope, known);
  }
  return known.hint;
}

function decided(policies: CompiledPolicies, input: DecisionInput): Decision {
  const { actions, facts, undecidable } = input.request;
  const scope = policies.scope(input.principal, input.resource);
  if (undecidable !== undefined || actions.length === 0) return decidedAnew(policies, input, scope);
  // The daemon hands the same facts over for the same statement.
  const { decisions } = matching(scope, actions);
  let decision = decisions?.get(facts);
  if (decision === undefined) {
    decision = decidedAnew(policies, input, scope);
    decisions?.set(facts, decision);
  }
  return decision;
}

function decidedAnew(policies: CompiledPolicies, input: DecisionInput, scope: Applicable): Decision {
  const { request } = input;
  const { masks, limits, limitSources, budgets } = scope;
  const bounds = { limits, limitSources, budgets };
  const evaluate = evaluator(input);

  if (request.undecidable !== undefined) {
    const { message, hint } = request.undecidable;
    return {
      effect: 'deny',
      observed: 'deny',
      reason: message,
      ...(hint === undefined ? {} : { hint }),
      actions: request.actions.map((action) => ({ action, effect: 'deny', rules: [] })),
      masks,
      ...bounds,
      policyDigest: policies.digest,
      trace: () => traceOf(scope, request.actions, new Map()),
    };
  }

  let outcomes: readonly ConditionOutcome[];
  let matched: readonly Pick<MatchedRule, 'rule' | 'touches'>[];
  let read: (which: keyof Matching['verdicts']) => Verdict;
  if (request.actions.length === 0) {
    const general = scope.rules.filter(
      ({ selector, rule }) =>
        selector.general && (rule.vocabulary === undefined || rule.vocabulary === request.vocabulary),
    );
    outcomes = general.map(evaluate);
    matched = general.map((rule) => ({ rule, touches: [] }));
    read = (which) => {
      const reads = (_: unknown, place: number) => which === 'all' || general[place]?.mode === 'enforce';
      return emptyVerdict(general.filter(reads), outcomes.filter(reads));
    };
  } else {
    const known = matching(scope, request.actions);
    outcomes = known.matched.map(({ rule }) => evaluate(rule));
    matched = known.matched;
    read = (which) => readMatching(which, input, known, outcomes);
  }

  const trace = () =>
    traceOf(
      scope,
      request.actions,
      new Map(
        matched.map(({ rule, touches }, place) => [rule, { touches, outcome: outcomes[place] ?? false }]),
      ),
    );
  const wantsPlan = scope.boundsReadPlan || matched.some(({ rule }) => rule.readsPlan);
  const unplanned = wantsPlan && !isPlanned(request);
  const needs = unplanned ? ({ needs: 'plan' } as const) : {};
  const all = scope.observes ? reading(read('all'), scope, input) : undefined;

  // Only observing policies apply: they say what they would, and block nothing.
  if (all !== undefined && !scope.enforces) {
    const { effect } = all.verdict;
    return {
      effect: 'allow',
      observed: effect,
      reason: effect === 'allow' ? all.reason : `only observed: ${all.reason}`,
      actions: all.verdict.actions.map((decision) =>
        decision.effect === 'allow' ? decision : { action: decision.action, effect: 'allow', rules: [] },
      ),
      masks: [],
      ...unbounded,
      ...needs,
      policyDigest: policies.digest,
      trace,
    };
  }

  const { verdict: made, reason } = reading(read('enforcing'), scope, input);
  const over =
    made.effect === 'deny' || !scope.boundsReadPlan ? undefined : overPlan(input, unplanned, bounds);
  if (over !== undefined) {
    return {
      effect: 'deny',
      observed: 'deny',
      ...over,
      actions: made.actions,
      masks,
      ...bounds,
      ...needs,
      policyDigest: policies.digest,
      trace,
    };
  }
  const observed = all?.verdict.effect ?? made.effect;
  const hint = made.effect === 'deny' ? hintOf(scope) : undefined;
  return {
    effect: made.effect,
    observed,
    reason:
      all === undefined || observed === made.effect ? reason : `${reason}; observing policies: ${all.reason}`,
    ...(hint === undefined ? {} : { hint }),
    actions: made.actions,
    masks,
    ...bounds,
    ...needs,
    ...(made.approval === undefined ? {} : { approval: made.approval }),
    policyDigest: policies.digest,
    trace,
  };
}

const unbounded: Pick<Decision, 'limits' | 'limitSources' | 'budgets'> = {
  limits: {},
  limitSources: {},
  budgets: [],
};

/** Why the plan does not let a request pass that the rules would. */
function overPlan(
  input: DecisionInput,
  unplanned: boolean,
  bounds: Pick<Decision, 'limits' | 'limitSources'>,
): Pick<Decision, 'reason' | 'hint'> | undefined {
  if (!unplanned) {
    const reason = overPlanLimit(input.request, bounds);
    return reason === undefined ? undefined : { reason, hint: narrower };
  }
  if (input.plan === 'later') return undefined;
  return { reason: `${planUnknown}, and a limit or budget is held against it` };
}

const narrower = 'ask for less: a narrower WHERE, an index that fits, a LIMIT, or fewer joins';

/**
 * Decide a request. Pure and synchronous; never throws: whatever goes wrong denies, and says so.
 *
 * Default deny; deny beats approve beats allow, for each action and over the request; the order of rules and files
 * has no part in it.
 */
export function decide(policies: CompiledPolicies, input: DecisionInput): Decision {
  try {
    return decided(policies, input);
  } catch (thrown) {
    const words = thrown instanceof Error ? thrown.message : String(thrown);
    return {
      effect: 'deny',
      observed: 'deny',
      reason: `the request could not be decided: ${words}`,
      actions: [],
      masks: [],
      ...unbounded,
      policyDigest: policies.digest,
      trace: () => [],
    };
  }
}
