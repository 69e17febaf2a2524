import type * as z from 'zod';
import type { OwnDecision } from '../control/messages.ts';
import { ruleLines } from './problems.ts';
import type { explanation } from './shapes.ts';

export type Explanation = z.input<typeof explanation>;

export function explained(resource: string, decision: OwnDecision): Explanation {
  const { effect, reason, hint, actions, masks, bounds, approval, needsPlan, trace, instead } = decision;
  return {
    resource,
    effect,
    reason,
    ...(hint === undefined ? {} : { hint }),
    actions: actions.map(({ words, effect: each, rules }) => ({
      action: words,
      effect: each,
      rules: [...rules],
    })),
    masks: masks.map(({ columns, with: kind, words }) => ({ columns: [...columns], with: kind, words })),
    bounds: [...bounds],
    ...(approval === undefined
      ? {}
      : { approval: { by: approval.by.map((names) => [...names]), withinSeconds: approval.withinSeconds } }),
    needsPlan,
    trace: [...trace],
    allowed: [...instead],
  };
}

/** As an agent reads it: the trace, and what it may do instead where it may not do this. */
export function explainedText({ effect, trace, instead }: OwnDecision): string {
  return [...trace, ...(effect === 'allow' ? [] : ['What you may do here:', ...ruleLines(instead)])].join(
    '\n',
  );
}
