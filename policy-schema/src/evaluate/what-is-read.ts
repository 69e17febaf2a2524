import { compileCondition } from '../conditions/condition.ts';
import { type NowKey, nowKey } from '../conditions/now-parts.ts';
import type { Policy, PolicySet } from '../model/policy.ts';
import { smallestBudgets, smallestLimits } from './bounds.ts';
import { boundsReadPlan, readsPlan } from './plan.ts';

/**
 * What the answers of a policy set may depend on, beside a request's actions, the facts of its text, and who asks for
 * what. False only where an answer surely does not: a condition names what it reads.
 */
export interface WhatIsRead {
  /** The text itself, or its length. */
  readonly text: boolean;
  readonly plan: boolean;
  readonly application: boolean;
  /** The person, or its groups, by conditions or by whom policies and masks are for. */
  readonly person: boolean;
  readonly task: boolean;
  readonly workspace: boolean;
  /** Absent: the time has no part. */
  readonly now?: NowKey;
}

function isPersonal({ applies, masks }: Policy): boolean {
  return applies.groups !== undefined || masks.some(({ unless }) => unless !== undefined);
}

export function whatIsRead({ policies }: PolicySet): WhatIsRead {
  const texts = [...new Set(policies.flatMap(({ rules }) => rules.flatMap(({ when }) => when ?? [])))];
  const conditions = texts.flatMap((when) => {
    const compiled = compileCondition(when);
    // One that does not compile fails whatever it would have read.
    return compiled.ok ? [compiled.condition] : [];
  });
  const names = (word: RegExp) => texts.some((when) => word.test(when));
  const now = nowKey(conditions);
  return {
    text: names(/text|length/),
    plan: texts.some(readsPlan) || boundsReadPlan(smallestLimits(policies).limits, smallestBudgets(policies)),
    application: names(/application/),
    person: names(/person|groups/) || policies.some(isPersonal),
    task: names(/task/),
    workspace: names(/workspace/),
    ...(now && { now }),
  };
}
