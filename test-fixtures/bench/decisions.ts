import { checkWorkspace } from '@gatehouse/policy-schema/check/check-workspace.ts';
import { compilePolicies, decide } from '@gatehouse/policy-schema/evaluate/decide.ts';
import { AnalysisCache } from '@gatehouse/policy-schema/vocabulary/sql/postgres/analysis-cache.ts';
import { loadSqlParser } from '@gatehouse/policy-schema/vocabulary/sql/postgres/analyze.ts';
import { deskNames } from '@gatehouse/policy-schema/vocabulary/sql/postgres/desk-names.ts';
import { toRequest } from '@gatehouse/policy-schema/vocabulary/sql/postgres/to-request.ts';
import { benchPolicy } from './policy.ts';
import type { DecisionResult } from './report.ts';
import { percentile } from './statistics.ts';

/**
 * Time a cached decision by the fifty rules: a text with a literal that was not seen before is found by its shape, and
 * its request decided.
 */
export async function measureDecisions(count: number): Promise<DecisionResult> {
  await loadSqlParser();
  const { set, diagnostics } = checkWorkspace({
    workspace: undefined,
    policies: new Map([['.gatehouse/policies/bench.policy.yaml', benchPolicy]]),
  });
  if (set === undefined) throw new Error(diagnostics.map((each) => each.message).join('\n'));
  const policies = compilePolicies(set);
  const analyses = new AnalysisCache();
  const textOf = (round: number) => `SELECT abalance FROM pgbench_accounts WHERE aid = ${round};`;
  const first = analyses.get(textOf(0));
  const { request } = toRequest(textOf(0), first, deskNames(), {
    inTransaction: false,
    application: 'pgbench',
  });
  const principal = { person: 'bench', groups: [], agent: 'bench-agent', workspace: 'bench', task: '' };
  const resource = { name: 'bench', protocol: 'postgres', labels: {} };
  const decided = (text: string) => {
    if (analyses.get(text) !== first) throw new Error(`The shape of ${text} was not known.`);
    return decide(policies, { request: { ...request, text }, principal, resource, now: new Date() });
  };
  const { effect, reason } = decided(textOf(1));
  if (effect !== 'allow') throw new Error(reason);
  const times: number[] = [];
  for (let round = 0; round < count; round++) {
    const text = textOf(round);
    const started = process.hrtime.bigint();
    decided(text);
    times.push(Number(process.hrtime.bigint() - started) / 1000);
  }
  // The first tenth is the compiler warming up.
  const warm = times.slice(count / 10);
  return { p50: percentile(warm, 0.5), p99: percentile(warm, 0.99) };
}
