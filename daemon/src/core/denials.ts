import type { BoundSource, Decision } from '@gatehouse/policy-schema/evaluate/decision.ts';
import { describeAction, ruleLabel } from '@gatehouse/policy-schema/evaluate/reason.ts';
import type { Budget, BudgetScope, Limits } from '@gatehouse/policy-schema/model/policy.ts';
import type { Request } from '@gatehouse/policy-schema/vocabulary/vocabulary.ts';
import type { Verdict } from './approvals.ts';
import type { Denial } from './passage.ts';
import type { Exceeded } from './usage.ts';

/** What the policy refuses, or undefined when it lets the request go on (perhaps to a person). */
export function policyDenial(request: Request, decision: Decision): Denial | undefined {
  if (decision.effect !== 'deny') return undefined;
  const { undecidable } = request;
  if (undecidable !== undefined) {
    return {
      cause: 'undecidable',
      message: undecidable.message,
      ...(undecidable.hint === undefined ? {} : { hint: undecidable.hint }),
      undecidable,
    };
  }
  const detail = detailOf(decision);
  // Where every action is let pass, it is a limit that does not.
  const isLimit = decision.actions.length > 0 && detail === '';
  return {
    cause: isLimit ? 'limit' : 'policy',
    message: `Gatehouse: ${decision.reason}`,
    ...(detail === '' ? {} : { detail }),
    ...(decision.hint === undefined ? {} : { hint: decision.hint }),
  };
}

/** Names each denied action with the rule that denies it, or says that no rule allows it. */
function detailOf(decision: Decision): string {
  const lines: string[] = [];
  for (const { action, effect, rules } of decision.actions) {
    if (effect !== 'deny') continue;
    const why = rules.map((rule) =>
      rule.outcome === 'failed'
        ? `${ruleLabel(rule)}, whose condition failed: ${rule.error ?? 'unknown error'}`
        : ruleLabel(rule),
    );
    lines.push(`${describeAction(action)}: ${why.length === 0 ? 'no rule allows it' : why.join(', ')}`);
  }
  const shown = lines.slice(0, 8);
  if (lines.length > shown.length) shown.push(`and ${lines.length - shown.length} more`);
  return shown.join('; ');
}

/** What an approval that was not given, or that came too late, says to the agent. */
export function approvalDenial(
  held: { readonly id: string; readonly verdict: Verdict },
  before: Decision,
  after: Decision,
): Denial | undefined {
  const { id, verdict } = held;
  const because = 'reason' in verdict && verdict.reason !== undefined ? ` Reason: ${verdict.reason}` : '';
  switch (verdict.kind) {
    case 'approved':
      if (after.effect === 'allow' || after.policyDigest === before.policyDigest) return undefined;
      return {
        cause: 'approval',
        message: `Gatehouse: the policy changed while request ${id} waited, so its approval no longer holds`,
        hint: 'Send the statement again; it will be decided by the policy as it is now.',
      };
    case 'denied':
      return {
        cause: 'approval',
        message: `Gatehouse: ${verdict.by} denied request ${id}.${because}`,
        detail: before.reason,
        hint: 'Do not send it again unchanged; ask the person what they would accept.',
      };
    case 'expired':
      return {
        cause: 'approval',
        message: `Gatehouse: nobody answered request ${id} in time`,
        detail: before.reason,
        hint: 'Ask the person to look at `gatehouse approvals`, then send the statement again.',
      };
    case 'withdrawn':
      return { cause: 'withdrawn', message: `Gatehouse: request ${id} was withdrawn` };
  }
}

export function limitDenial(limit: keyof Limits, bound: number, source: BoundSource | undefined): Denial {
  return {
    cause: 'limit',
    message: `Gatehouse: the limit ${limit} of ${shown(bound)}${placed(source)} is reached`,
    hint: 'Wait a moment, or do more with each statement.',
  };
}

/** ` (policies/shop.policy.yaml:9)`: where a bound is set. */
export function placed(source: BoundSource | undefined): string {
  return source === undefined ? '' : ` (${source.location.file}:${source.location.line})`;
}

/** A number as people read it. */
export function shown(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 2 : 0 });
}

const spans: Readonly<Record<BudgetScope, string>> = {
  session: 'for a session',
  agent: 'for an agent and a day',
  day: 'for a day',
};
const units: Readonly<Record<keyof Budget, string>> = {
  rows: 'rows',
  bytes: 'bytes',
  cost: 'planner units',
};

/** The words on a budget that has no room, for a denial and for a request that is cut short. */
export function budgetWords({ budget, used, refills }: Exceeded): {
  readonly name: string;
  readonly detail: string;
  readonly hint: string;
} {
  const unit = units[budget.of];
  return {
    name: `the budget of ${shown(budget.bound)} ${unit} ${spans[budget.per]}${placed(budget)}`,
    detail: `${shown(used)} of ${shown(budget.bound)} ${unit} are used, ${shown(Math.max(0, budget.bound - used))} are left.`,
    hint:
      refills === undefined
        ? 'It is not refilled while the session lasts. Ask for less with each statement.'
        : `It is refilled at ${refills}. Until then ask for less, or ask the person for a larger budget.`,
  };
}

/** A budget has no room for a request: it is used up, or the request is expected to cost more than is left. */
export function budgetDenial(exceeded: Exceeded, cost: number): Denial {
  const { name, detail, hint } = budgetWords(exceeded);
  const isCost = exceeded.budget.of === 'cost';
  const message = isCost
    ? `Gatehouse: by the plan it would cost ${shown(cost)} planner units, more than is left of ${name}`
    : `Gatehouse: ${name} is used up`;
  return { cause: 'limit', message, detail, hint };
}

/** A denial that the plan might have lifted, had it been known. */
export function unplannedDenial(
  denial: Denial,
  { why, hint }: { readonly why: string; readonly hint?: string },
): Denial {
  return { ...denial, detail: `Its plan is not known: ${why}.`, ...(hint === undefined ? {} : { hint }) };
}

/** What was used today cannot be told, so no budget can be held. */
export function usageDenial(error: unknown): Denial {
  return {
    cause: 'record',
    message: 'Gatehouse: what was used today cannot be read from the records, so no budget can be held',
    detail: error instanceof Error ? error.message : String(error),
    hint: 'Ask the person who runs the daemon to look at `gatehouse status` and `gatehouse verify`.',
  };
}

/** No record, no permit. */
export function recordDenial(error: unknown): Denial {
  const words = error instanceof Error ? error.message : String(error);
  return {
    cause: 'record',
    message: 'Gatehouse: the request could not be recorded, so it was not sent on',
    detail: words,
    hint: 'Ask the person who runs the daemon to look at `gatehouse status`.',
  };
}
