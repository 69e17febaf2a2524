import type { Action } from '../vocabulary/vocabulary.ts';
import type { Applicable } from './applicable.ts';
import type { CompiledRule } from './compile.ts';
import type { TraceStep } from './decision.ts';
import type { ConditionOutcome } from './verdict.ts';

function conditionOf(
  rule: CompiledRule,
  outcome: ConditionOutcome | undefined,
): Pick<TraceStep, 'condition' | 'error'> {
  if (rule.condition === undefined) return { condition: 'none' };
  if (outcome === undefined) return { condition: 'not evaluated' };
  if (outcome === 'unplanned') return { condition: outcome };
  if (typeof outcome === 'boolean') return { condition: outcome ? 'true' : 'false' };
  return { condition: 'failed', error: outcome.error };
}

/** Every rule that applies, and what became of it. */
export function traceOf(
  scope: Applicable,
  actions: readonly Action[],
  outcomes: ReadonlyMap<
    CompiledRule,
    { readonly touches: readonly number[]; readonly outcome: ConditionOutcome }
  >,
): readonly TraceStep[] {
  return scope.rules.map((rule): TraceStep => {
    const spoken = outcomes.get(rule);
    const unmatched = actions.flatMap((action, index) => {
      if (spoken?.touches.includes(index)) return [];
      const why = rule.selector.mismatch(action);
      return why === undefined ? [] : [{ action: index, why }];
    });
    const { effect } = rule.rule;
    const uncovered = (effect === 'approve' ? (spoken?.touches ?? []) : []).filter((index) => {
      const action = actions[index];
      return action !== undefined && !rule.selector.grants(action);
    });
    return {
      policy: rule.policy,
      rule: rule.rule.name,
      effect,
      mode: rule.mode,
      location: rule.rule.location,
      actions: spoken?.touches ?? [],
      ...(unmatched.length === 0 ? {} : { unmatched }),
      ...(uncovered.length === 0 ? {} : { uncovered }),
      ...(actions.length === 0 && spoken !== undefined ? { whole: true } : {}),
      ...conditionOf(rule, spoken?.outcome),
      ...(rule.rule.when === undefined ? {} : { when: rule.rule.when }),
    };
  });
}
