import type { Effect } from '../model/policy.ts';
import type { Action } from '../vocabulary/vocabulary.ts';
import type { MatchedRule } from './applicable.ts';
import type { CompiledRule } from './compile.ts';
import type { ActionDecision, ApprovalNeed, RuleOutcome } from './decision.ts';

/**
 * What a condition came to; `true` also for a rule without one. `unplanned`: only the plan will tell, and until then it
 * counts in the request's favour.
 */
export type ConditionOutcome = boolean | 'unplanned' | { readonly error: string };

/** Whether a rule with this outcome speaks, or may. */
export function mayMatch(effect: Effect, outcome: boolean | 'unplanned'): boolean {
  return outcome === 'unplanned' ? effect !== 'deny' : outcome;
}

/** What a set of rules says of a request, before reasons are worded. */
export interface Verdict {
  readonly effect: Effect;
  readonly actions: readonly ActionDecision[];
  /** Rules that speak of the request as a whole, where it has no actions. */
  readonly whole: readonly RuleOutcome[];
  readonly approval?: ApprovalNeed;
}

export function failedOutcome(rule: CompiledRule, error: string): RuleOutcome {
  return { ...rule.matched, outcome: 'failed', error };
}

const strictness: Readonly<Record<Effect, number>> = { allow: 0, approve: 1, deny: 2 };

export function strictest(effects: Iterable<Effect>): Effect {
  let most: Effect = 'allow';
  for (const effect of effects) if (strictness[effect] > strictness[most]) most = effect;
  return most;
}

function approvalNeed(rules: ReadonlySet<CompiledRule>): ApprovalNeed {
  const lists = new Map<string, readonly string[]>();
  let within = Number.POSITIVE_INFINITY;
  for (const { approval } of rules) {
    const list = [...new Set(approval.by)].sort();
    lists.set(JSON.stringify(list), list);
    within = Math.min(within, approval.within);
  }
  const counts = [...rules].some(({ approval }) => approval.counts === 'rows');
  return { by: [...lists.values()], within, ...(counts ? { counts: 'rows' } : {}) };
}

/**
 * Deny beats approve beats allow, for each action and over the request.
 * @param outcomes what each matched rule's condition came to, by its place in `matched`
 */
export function verdict(
  actions: readonly Action[],
  matched: readonly MatchedRule[],
  outcomes: readonly ConditionOutcome[],
): Verdict {
  const slots = actions.map(() => ({
    denies: [] as RuleOutcome[],
    approves: [] as RuleOutcome[],
    allows: [] as RuleOutcome[],
    approving: [] as CompiledRule[],
    covered: false,
  }));
  const each = (indexes: readonly number[], put: (slot: (typeof slots)[number]) => void) => {
    for (const index of indexes) {
      const slot = slots[index];
      if (slot !== undefined) put(slot);
    }
  };
  matched.forEach(({ rule, touches, covers }, place) => {
    const outcome = outcomes[place] ?? { error: 'the condition was not evaluated' };
    if (typeof outcome === 'object') {
      // An allow rule that fails does not match; what restricts and fails denies.
      if (rule.rule.effect === 'allow') return;
      const failed = failedOutcome(rule, outcome.error);
      each(touches, ({ denies }) => denies.push(failed));
      return;
    }
    if (!mayMatch(rule.rule.effect, outcome)) return;
    switch (rule.rule.effect) {
      case 'deny':
        each(touches, ({ denies }) => denies.push(rule.matched));
        break;
      case 'approve':
        each(touches, ({ approves, approving }) => {
          approves.push(rule.matched);
          approving.push(rule);
        });
        break;
      case 'allow':
        each(touches, ({ allows }) => allows.push(rule.matched));
        break;
    }
    each(covers, (slot) => {
      slot.covered = true;
    });
  });

  // What is implied stands on an action of its own; without one, nothing was asked for that could be allowed.
  const asked = actions.some(({ implied }) => implied !== true);
  const approving = new Set<CompiledRule>();
  const decisions = slots.map((slot, index): ActionDecision => {
    const action = actions[index] as Action;
    if (slot.denies.length > 0) return { action, effect: 'deny', rules: slot.denies };
    if (!slot.covered && !(asked && action.implied === true)) return { action, effect: 'deny', rules: [] };
    if (slot.approves.length > 0) {
      for (const rule of slot.approving) approving.add(rule);
      return { action, effect: 'approve', rules: slot.approves };
    }
    return { action, effect: 'allow', rules: slot.allows };
  });
  const effect = strictest(decisions.map((decision) => decision.effect));
  return {
    effect,
    actions: decisions,
    whole: [],
    ...(effect === 'approve' ? { approval: approvalNeed(approving) } : {}),
  };
}

/**
 * The verdict on a request without actions, such as a comment: it has no effect, so it passes, unless a rule that
 * speaks of every request denies it.
 */
export function emptyVerdict(
  general: readonly CompiledRule[],
  outcomes: readonly ConditionOutcome[],
): Verdict {
  const whole: RuleOutcome[] = [];
  general.forEach((rule, place) => {
    const outcome = outcomes[place] ?? { error: 'the condition was not evaluated' };
    if (rule.rule.effect === 'allow') return;
    if (typeof outcome === 'object') whole.push(failedOutcome(rule, outcome.error));
    else if (rule.rule.effect === 'deny' && mayMatch('deny', outcome)) whole.push(rule.matched);
  });
  return { effect: whole.length > 0 ? 'deny' : 'allow', actions: [], whole };
}
