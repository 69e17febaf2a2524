/** What is told of an example of a change, on a terminal and in Markdown. */
import type { Decision } from '@gatehouse/policy-schema/evaluate/decision.ts';
import type { Example } from '@gatehouse/policy-schema/evaluate/meaning/compare-meaning.ts';

/** Why it was decided so, or what bound or mask it has. */
export function reasonOf(decision: Decision, { laxity }: Example): string {
  if (laxity.kind === 'bound') {
    const [kind = '', ...keys] = laxity.name.split(' ');
    const bound =
      kind === 'limit'
        ? Object.entries(decision.limits).find(([key]) => key === keys[0])?.[1]
        : decision.budgets.find(({ per, of }) => per === keys[0] && of === keys[1])?.bound;
    return `${laxity.name} ${bound ?? 'none'}`;
  }
  if (laxity.kind === 'mask') {
    const own = decision.masks.map((mask) => `${mask.with} on ${mask.columns.join(', ')}`);
    return own.length === 0 ? `${laxity.column} is not masked` : `masks ${[...new Set(own)].join('; ')}`;
  }
  const { approval } = decision;
  const asks = approval ? `, asks ${approval.by.map((list) => list.join(' or ')).join(' and ')}` : '';
  return `${decision.reason}${asks}`;
}

/** What else must be so: facts that a statement does not show. */
export function circumstances({ input: { request, now }, before, after }: Example): string {
  const rules = [before, after]
    .flatMap(({ trace }) => trace())
    .filter(({ condition }) => condition !== 'none');
  if (rules.length === 0) return '';
  const told: string[] = [];
  const { facts } = request;
  for (const fact of [
    'estimatedRows',
    'plannerCost',
    'inTransaction',
    'application',
    'statementCount',
  ] as const) {
    const value = facts[fact];
    const usual: Readonly<Record<string, unknown>> = {
      estimatedRows: 1n,
      plannerCost: 1,
      inTransaction: false,
      application: 'psql',
      statementCount: 1n,
    };
    if (value === undefined) told.push(`${fact} is not known`);
    else if (value !== usual[fact]) told.push(`${fact} is ${String(value)}`);
  }
  const usualNow = new Date('2026-03-02T10:00:00Z').getTime();
  if (now.getTime() !== usualNow) told.push(`at ${now.toISOString().slice(0, 16)}Z`);
  return told.length === 0 ? '' : `, where ${told.join(', ')}`;
}
