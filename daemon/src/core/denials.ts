import type { Decision } from '@gatehouse/policy-schema/evaluate/decision.ts';
import { describeAction, ruleLabel } from '@gatehouse/policy-schema/evaluate/reason.ts';
import type { Limits } from '@gatehouse/policy-schema/model/policy.ts';
import type { Request } from '@gatehouse/policy-schema/vocabulary/vocabulary.ts';
import type { Verdict } from './approvals.ts';
import type { Denial } from './passage.ts';

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
  return {
    cause: 'policy',
    message: `Gatehouse: ${decision.reason}`,
    detail: detailOf(decision),
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

export function limitDenial(limit: keyof Limits, bound: number): Denial {
  return {
    cause: 'limit',
    message: `Gatehouse: the limit ${limit} (${bound}) is reached`,
    hint: 'Wait a moment, or do more with each statement.',
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
