import type { CompiledPolicies } from '@gatehouse/policy-schema/evaluate/decide.ts';
import type { AppliedBudget, Principal, ResourceFacts } from '@gatehouse/policy-schema/evaluate/decision.ts';
import type { Usage } from './usage.ts';

/** A budget and what is used of it. Numbers are rows, bytes or planner units. */
export interface BudgetStatus extends AppliedBudget {
  readonly resource: string;
  /** Absent for a day's budget, which all agents share. */
  readonly agent?: string;
  readonly person?: string;
  /** Of a session's budget. */
  readonly session?: string;
  readonly used: number;
  /** When it is full again (ISO 8601); absent: not while the session lasts. */
  readonly refills?: string;
}

export interface BudgetsOf {
  readonly policies: CompiledPolicies;
  readonly usage: Usage;
  /** The resources that are served. */
  readonly resources: readonly ResourceFacts[];
  /** An agent that was here today, as it would log in again. */
  readonly principal: (person: string, agent: string) => Principal;
}

/**
 * Every budget that holds for a session that is open or an agent that was here today. A day's budget that is not the
 * same for all of them is told by its smallest bound.
 */
export function budgetStatuses({
  policies,
  usage,
  resources,
  principal,
}: BudgetsOf): readonly BudgetStatus[] {
  const found: BudgetStatus[] = [];
  for (const resource of resources) {
    const ofDay = new Map<AppliedBudget['of'], BudgetStatus>();
    for (const { resource: name, person, agent } of usage.agents()) {
      if (name !== resource.name) continue;
      const who = principal(person, agent);
      const purse = usage.purse({ principal: who, resource });
      for (const budget of policies.scope(who, resource).budgets) {
        const status = { ...budget, resource: name, used: purse.used(budget), refills: purse.refills };
        if (budget.per === 'agent') found.push({ ...status, agent, person });
        if (budget.per === 'day' && budget.bound < (ofDay.get(budget.of)?.bound ?? Number.POSITIVE_INFINITY))
          ofDay.set(budget.of, status);
      }
    }
    found.push(...ofDay.values());
  }
  for (const session of usage.sessions) {
    const { person, agent } = session.principal;
    const purse = usage.purse(session);
    for (const budget of policies.scope(session.principal, session.resource).budgets) {
      if (budget.per !== 'session') continue;
      const whose = { resource: session.resource.name, agent, person, session: session.id };
      found.push({ ...budget, ...whose, used: purse.used(budget) });
    }
  }
  return found;
}
