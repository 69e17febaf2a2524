import type { ActionDecision, Decision } from '@gatehouse/policy-schema/evaluate/decision.ts';
import type { Request } from '@gatehouse/policy-schema/vocabulary/vocabulary.ts';
import type { RecordedAction, RequestDecided } from '../recordings/entry.ts';
import type { Asked, Denial, Plan } from './passage.ts';
import type { Session } from './session.ts';

export interface DecidedParts {
  readonly id: string;
  readonly session: Session;
  readonly asked: Asked;
  /** As it was decided. */
  readonly request: Request;
  readonly digest: string;
  readonly decision: Decision;
  readonly plan: Plan | undefined;
  /** Present when the request was refused, for whatever cause. */
  readonly denial: Denial | undefined;
  readonly approval: string | undefined;
  readonly decideMs: number;
}

/** The evidence of one decision. */
export function decidedEntry(parts: DecidedParts): RequestDecided {
  const { decision, denial, asked } = parts;
  const { undecidable } = parts.request;
  const hint = denial?.hint ?? decision.hint;
  return {
    kind: 'request.decided',
    session: parts.session.id,
    request: parts.id,
    ...(asked.stage === 'prepare' ? { stage: 'prepare' as const } : {}),
    text: asked.request.text,
    ...(asked.parameters === undefined ? {} : { parameters: asked.parameters }),
    digest: parts.digest,
    effect: denial === undefined ? decision.effect : 'deny',
    observed: decision.observed,
    reason: denial === undefined ? decision.reason : denial.message,
    ...(hint === undefined ? {} : { hint }),
    actions: recordedActions(decision.actions),
    masks: recordedMasks(decision.masks),
    limits: decision.limits,
    ...(parts.plan === undefined ? {} : { plan: parts.plan }),
    policyDigest: decision.policyDigest,
    ...(undecidable === undefined ? {} : { undecidable: undecidable.code }),
    ...(parts.approval === undefined ? {} : { approval: parts.approval }),
    decideMs: Math.round(parts.decideMs * 1000) / 1000,
  };
}

/** What is made of a part of a decision, which a policy keeps for the same statement. */
function keeping<From extends object, To>(make: (from: From) => To): (from: From) => To {
  const kept = new WeakMap<From, To>();
  return (from) => {
    let made = kept.get(from);
    if (made === undefined) {
      made = make(from);
      kept.set(from, made);
    }
    return made;
  };
}

const recordedMasks = keeping((masks: Decision['masks']): RequestDecided['masks'] =>
  masks.map((mask) => ({ columns: mask.columns, with: mask.with, policy: mask.policy })),
);

const recordedActions = keeping((actions: readonly ActionDecision[]): readonly RecordedAction[] =>
  actions.map(({ action, effect, rules }) => ({
    kind: action.kind,
    facts: action.facts,
    ...(action.implied === true ? { implied: true } : {}),
    effect,
    rules: rules.map((rule) => ({
      policy: rule.policy,
      rule: rule.rule,
      effect: rule.effect,
      location: rule.location,
      ...(rule.error === undefined ? {} : { error: rule.error }),
    })),
  })),
);
