import { checkWorkspace } from '@gatehouse/policy-schema/check/check-workspace.ts';
import { compilePolicies, decide } from '@gatehouse/policy-schema/evaluate/decide.ts';
import type { DecisionInput } from '@gatehouse/policy-schema/evaluate/decision.ts';
import { benchPolicy } from './policy.ts';
import type { DecisionResult } from './report.ts';
import { percentile } from './statistics.ts';

/** Time `decide()` alone, by the fifty rules, on a statement that is already read. */
export async function measureDecisions(count: number): Promise<DecisionResult> {
  const { set, diagnostics } = checkWorkspace({
    workspace: undefined,
    policies: new Map([['.gatehouse/policies/bench.policy.yaml', benchPolicy]]),
  });
  if (set === undefined) throw new Error(diagnostics.map((each) => each.message).join('\n'));
  const policies = compilePolicies(set);
  const input: DecisionInput = {
    request: {
      vocabulary: 'sql',
      text: 'SELECT abalance FROM pgbench_accounts WHERE aid = 1;',
      actions: [
        {
          vocabulary: 'sql',
          kind: 'select',
          facts: { table: 'public.pgbench_accounts', columns: ['abalance', 'aid'] },
        },
      ],
      facts: {
        actions: ['select'],
        statements: ['select'],
        tables: ['public.pgbench_accounts'],
        columns: ['abalance', 'aid'],
        functions: [],
        hasWhere: true,
        hasLimit: false,
        statementCount: 1n,
        length: 52n,
        inTransaction: false,
        application: 'pgbench',
      },
    },
    principal: { person: 'bench', groups: [], agent: 'bench-agent', workspace: 'bench', task: '' },
    resource: { name: 'bench', protocol: 'postgres', labels: {} },
    now: new Date(),
  };
  if (decide(policies, input).effect !== 'allow') throw new Error(decide(policies, input).reason);
  const times: number[] = [];
  for (let round = 0; round < count; round++) {
    const started = process.hrtime.bigint();
    decide(policies, input);
    times.push(Number(process.hrtime.bigint() - started) / 1000);
  }
  // The first tenth is the compiler warming up.
  const warm = times.slice(count / 10);
  return { p50: percentile(warm, 0.5), p99: percentile(warm, 0.99) };
}
