import type { RecordEntry, RequestAnswered, RequestDecided, SessionOpened } from './entry.ts';

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

export function sampleOpened(session: string, resource = 'shop-db', agent = 'claude'): SessionOpened {
  return {
    kind: 'session.opened',
    session,
    resource,
    protocol: 'postgres',
    principal: { person: 'mira', groups: ['dev', 'dba'], agent, workspace: '/home/mira/shop', task: 'T-1' },
    client: { address: '127.0.0.1:50000', application: 'psql' },
  };
}

export function sampleAnswered(session: string, request: string, rows = 1): RequestAnswered {
  const result = { columns: ['abalance'], rows: [['0'], [null]], truncated: false };
  return {
    kind: 'request.answered',
    session,
    request,
    outcome: 'completed',
    tag: `SELECT ${rows}`,
    rows,
    bytes: rows * 10,
    durationMs: 1.25,
    result,
  };
}

/** A session with every kind of record in it: `requests` statements, one denied, one held, one failed. */
export function sampleSession(session: string, requests: number, agent = 'claude'): readonly RecordEntry[] {
  const entries: RecordEntry[] = [sampleOpened(session, 'shop-db', agent)];
  for (let n = 0; n < requests; n++) {
    entries.push(sampleDecided(session, `${session}-${n}`), sampleAnswered(session, `${session}-${n}`, n));
  }
  const denied = {
    ...sampleDecided(session, `${session}-denied`, 'DROP TABLE orders'),
    reason: 'Denied by default.',
  };
  const held = sampleDecided(session, `${session}-held`, 'DELETE FROM orders');
  const failed = sampleAnswered(session, `${session}-failed`, 0);
  entries.push(
    { ...denied, effect: 'deny', actions: [], undecidable: 'syntax' },
    {
      kind: 'approval.asked',
      session,
      approval: `${session}-approval`,
      text: 'DELETE FROM orders',
      digest: held.digest,
      by: [['group:dba'], ['person:ada']],
      expires: '2026-01-01T00:10:00.000Z',
      reason: 'Big writes need a person.',
      policyDigest: held.policyDigest,
    },
    {
      kind: 'approval.answered',
      session,
      approval: `${session}-approval`,
      answer: 'approved',
      by: 'ada',
      reason: 'ok',
    },
    { ...held, effect: 'approve', observed: 'deny', approval: `${session}-approval` },
    sampleAnswered(session, `${session}-held`, 2),
    { ...sampleDecided(session, `${session}-prepared`), stage: 'prepare' },
    sampleDecided(session, `${session}-failed`, 'SELECT 1/0'),
    { ...failed, outcome: 'failed', error: { code: '22012', message: 'division by zero' } },
    { kind: 'session.closed', session, reason: 'the client left' },
  );
  return entries;
}
