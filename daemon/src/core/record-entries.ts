import type { ActionDecision, Decision } from '@gatehouse/policy-schema/evaluate/decision.ts';
import type { Request } from '@gatehouse/policy-schema/vocabulary/vocabulary.ts';
import type { RecordedAction, RuledRequest, Ruling } from '../recordings/entry.ts';
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

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** The evidence of one decision, but for what {@link rulingOf} tells. */
export function ruledRequest(parts: DecidedParts): RuledRequest {
  const { asked, decision, denial, plan, approval } = parts;
  const { undecidable } = parts.request;
  const hint = denial?.hint ?? decision.hint;
  const entry: Mutable<RuledRequest> = {
    kind: 'request.decided',
    session: parts.session.id,
    request: parts.id,
    text: asked.request.text,
    digest: parts.digest,
    effect: denial === undefined ? decision.effect : 'deny',
    observed: decision.observed,
    reason: denial === undefined ? decision.reason : denial.message,
    policyDigest: decision.policyDigest,
    decideMs: Math.round(parts.decideMs * 1000) / 1000,
  };
  if (asked.stage === 'prepare') entry.stage = 'prepare';
  if (asked.parameters !== undefined) entry.parameters = asked.parameters;
  if (hint !== undefined) entry.hint = hint;
  if (plan !== undefined) entry.plan = plan;
  if (undecidable !== undefined) entry.undecidable = undecidable.code;
  if (approval !== undefined) entry.approval = approval;
  return entry;
}

/** What a decision shares with others. Its parts are the same objects for the same parts of a decision. */
export function rulingOf({ actions, masks, limits }: Decision): Ruling {
  return { actions: recordedActions(actions), masks: recordedMasks(masks), limits };
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

const recordedMasks = keeping((masks: Decision['masks']): Ruling['masks'] =>
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
