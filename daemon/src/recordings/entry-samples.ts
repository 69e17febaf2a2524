import type { RequestDecided } from './entry.ts';

/** Entries as the daemon writes them, for tests and the benchmark. */
export function sampleDecided(
  session: string,
  request: string,
  text = 'SELECT abalance FROM public.pgbench_accounts WHERE aid = 4711',
): RequestDecided {
  const location = { file: '.gatehouse/policies/shop.policy.yaml', line: 8, column: 5 };
  return {
    kind: 'request.decided',
    session,
    request,
    text,
    digest: 'b1946ac92492d2347c6235b4d2611184b1946ac92492d2347c6235b4d2611184',
    effect: 'allow',
    observed: 'allow',
    reason: 'Allowed by shop-database/read-shop.',
    actions: [
      {
        kind: 'select',
        facts: { tables: 'public.pgbench_accounts', columns: ['abalance', 'aid'] },
        effect: 'allow',
        rules: [{ policy: 'shop-database', rule: 'read-shop', effect: 'allow', location }],
      },
    ],
    masks: [],
    limits: { rows: 1000 },
    policyDigest: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    decideMs: 0.034,
  };
}
