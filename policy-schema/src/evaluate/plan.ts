/** What a decision has to do with the server's plan: facts that are known only once the server was asked for it. */
import { vocabularies } from '../vocabulary/registry.ts';
import type { FactDeclaration, Request, VocabularyName } from '../vocabulary/vocabulary.ts';
import type { AppliedBudget, Decision } from './decision.ts';

function factsOf(name: VocabularyName): readonly string[] {
  const { facts } = vocabularies[name];
  return Object.entries<FactDeclaration>(facts).flatMap(([fact, { from }]) =>
    from === 'plan' ? [fact] : [],
  );
}

const factsOfPlan: Readonly<Record<VocabularyName, readonly string[]>> = { sql: factsOf('sql') };

const anyFact = new RegExp(Object.values(factsOfPlan).flat().join('|'));

/** Whether a condition may read the plan. Never false for one that does: a fact is named by its name alone. */
export function readsPlan(when: string | undefined): boolean {
  return when !== undefined && anyFact.test(when);
}

/** Whether a condition may ask if a fact is there at all, so that it has an answer without the fact. */
export function asksPresence(when: string | undefined): boolean {
  return when !== undefined && /\bhas\b/.test(when);
}

/** Whether the request carries all that its plan tells. */
export function isPlanned({ vocabulary, facts }: Request): boolean {
  return factsOfPlan[vocabulary].every((fact) => Object.hasOwn(facts, fact));
}

/** The request with what its plan tells: the planner's cost in its own units, and its rows. */
export function withPlan(request: Request, plan: { readonly cost: number; readonly rows: number }): Request {
  return { ...request, facts: { ...request.facts, ...planFacts[request.vocabulary](plan) } };
}

const planFacts: Readonly<
  Record<VocabularyName, (plan: { readonly cost: number; readonly rows: number }) => Request['facts']>
> = {
  sql: ({ cost, rows }) => ({ plannerCost: cost, estimatedRows: BigInt(Math.round(rows)) }),
};

export const planUnknown = 'the plan of the request is not known';

/** Whether any bound is held against the plan. */
export function boundsReadPlan(limits: Decision['limits'], budgets: readonly AppliedBudget[]): boolean {
  return (
    limits.cost !== undefined ||
    limits.estimatedRows !== undefined ||
    budgets.some((budget) => budget.of === 'cost')
  );
}

/** A number as people read it. */
const shown = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 2 : 0 });

/** A limit that the plan passes, in words; undefined where it passes none. */
export function overPlanLimit(
  { facts }: Request,
  { limits, limitSources }: Pick<Decision, 'limits' | 'limitSources'>,
): string | undefined {
  for (const [key, fact, words] of [
    ['cost', 'plannerCost', 'would cost'],
    ['estimatedRows', 'estimatedRows', 'would touch'],
  ] as const) {
    const bound = limits[key];
    if (bound === undefined) continue;
    const value = Number(facts[fact]);
    // Not a number: it is no bound that holds.
    if (value <= bound) continue;
    const at = limitSources[key]?.location;
    const unit = key === 'cost' ? 'planner units' : 'rows';
    return `by the plan it ${words} ${shown(value)} ${unit}, over the limit ${key} of ${shown(bound)}${at === undefined ? '' : ` (${at.file}:${at.line})`}`;
  }
  return undefined;
}
