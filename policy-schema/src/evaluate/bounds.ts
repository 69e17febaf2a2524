/** The limits and budgets of several policies, as they hold together. */
import type { Budget, BudgetScope, Limits, Policy } from '../model/policy.ts';
import { byLocation } from './compile.ts';
import type { AppliedBudget, BoundSource } from './decision.ts';

const limitKeys: Readonly<Record<keyof Limits, true>> = {
  rows: true,
  bytes: true,
  duration: true,
  statementsPerMinute: true,
  cost: true,
  estimatedRows: true,
};
export const limitNames: readonly (keyof Limits)[] = Object.keys(limitKeys) as (keyof Limits)[];
const budgetScopes: Readonly<Record<BudgetScope, true>> = { session: true, agent: true, day: true };
const budgetKeys: Readonly<Record<keyof Budget, true>> = { rows: true, bytes: true, cost: true };

const keysOf = <Key extends string>(table: Readonly<Record<Key, true>>): readonly Key[] =>
  Object.keys(table) as Key[];

interface Least extends BoundSource {
  readonly bound: number;
}

/** The smallest bound that any policy sets, and the first place that sets it. */
function least(
  policies: readonly Policy[],
  path: string,
  boundOf: (policy: Policy) => number | undefined,
): Least | undefined {
  let found: Least | undefined;
  for (const policy of policies) {
    const bound = boundOf(policy);
    if (bound === undefined || (found !== undefined && bound > found.bound)) continue;
    const location = policy.boundPlaces?.[path] ?? policy.location;
    if (found !== undefined && bound === found.bound && byLocation(location, found.location) >= 0) continue;
    found = { bound, policy: policy.name, location };
  }
  return found;
}

/** The smallest of each limit, with the policy that sets it. */
export function smallestLimits(policies: readonly Policy[]): {
  readonly limits: Limits;
  readonly limitSources: { readonly [Key in keyof Limits]?: BoundSource };
} {
  const limits: { -readonly [Key in keyof Limits]: Limits[Key] } = {};
  const limitSources: { -readonly [Key in keyof Limits]?: BoundSource } = {};
  for (const key of keysOf(limitKeys)) {
    const found = least(policies, `limits.${key}`, ({ limits: own }) => own[key]);
    if (found === undefined) continue;
    limits[key] = found.bound;
    limitSources[key] = { policy: found.policy, location: found.location };
  }
  return { limits, limitSources };
}

/** The smallest of each budget. */
export function smallestBudgets(policies: readonly Policy[]): readonly AppliedBudget[] {
  return keysOf(budgetScopes).flatMap((per) =>
    keysOf(budgetKeys).flatMap((of): AppliedBudget[] => {
      const found = least(policies, `budgets.${per}.${of}`, ({ budgets }) => budgets[per]?.[of]);
      return found === undefined ? [] : [{ per, of, ...found }];
    }),
  );
}
