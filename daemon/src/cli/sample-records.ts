import type { Effect } from '@gatehouse/policy-schema/model/policy.ts';
import type { RecordEntry, RequestAnswered } from '../recordings/entry.ts';
import { openRecorder } from '../recordings/recorder.ts';

/** Two sessions of an agent with something of everything, for tests of the commands that look back. */

interface Asked {
  readonly text: string;
  readonly effect: Effect;
  readonly rule?: string;
  readonly reason?: string;
  readonly action?: string;
  readonly approval?: string;
  readonly answer?: Partial<RequestAnswered>;
}

const policyFile = '.gatehouse/policies/shop.policy.yaml';

const asked: readonly Asked[] = [
  {
    text: 'select id, name, email from customers order by id limit 2',
    effect: 'allow',
    rule: 'read-shop',
    answer: {
      tag: 'SELECT 2',
      rows: 2,
      bytes: 96,
      durationMs: 3.4,
      result: {
        columns: ['id', 'name', 'email'],
        rows: [
          ['1', 'Ada Lovelace', '[redacted]'],
          ['2', '山田太郎', null],
        ],
        truncated: false,
      },
    },
  },
  {
    text: 'drop table\n  orders',
    effect: 'deny',
    rule: 'no-schema-changes',
    reason: 'Schema changes go through a migration.',
  },
  {
    text: 'with gone as (delete from orders returning *)\ninsert into archive select * from gone -- \u001b[2J\u202e tidy',
    effect: 'deny',
    reason: 'delete public.orders and insert public.archive are not allowed by any rule.',
  },
  {
    text: "update orders set status = 'shipped'",
    effect: 'approve',
    rule: 'whole-table-writes-need-a-person',
    approval: 'k7m2pq',
    answer: { tag: 'UPDATE 412', rows: 412, bytes: 0, durationMs: 48.1 },
  },
  {
    text: 'select 1/0',
    effect: 'allow',
    rule: 'session',
    answer: { outcome: 'failed', durationMs: 0.8, error: { code: '22012', message: 'division by zero' } },
  },
];

export const sampleSession = 'a1b2c3d4e5';

/** Write the sample into the records of a state folder. */
export async function writeSampleRecords(folder: string): Promise<void> {
  const recorder = await openRecorder(folder, { durability: 'written' });
  try {
    await recorder.append(opened(sampleSession, 'claude', 'psql'));
    for (const [index, each] of asked.entries()) {
      for (const entry of entriesOf(each, `r${index + 1}`)) await recorder.append(entry);
    }
    await recorder.append({ kind: 'session.closed', session: sampleSession, reason: 'the client went away' });
    await recorder.append(opened('ffee001122', 'copilot', 'pgjdbc'));
  } finally {
    await recorder.close();
  }
}

function opened(session: string, agent: string, application: string): RecordEntry {
  return {
    kind: 'session.opened',
    session,
    resource: 'shop-db',
    protocol: 'postgres',
    principal: { person: 'ada', groups: ['local'], agent, workspace: 'shop', task: 'close the month' },
    client: { address: '127.0.0.1:50000', application },
  };
}

function entriesOf(each: Asked, request: string): readonly RecordEntry[] {
  const { text, effect, approval } = each;
  const session = sampleSession;
  const reason = each.reason ?? `${effect} by the rule ${each.rule ?? ''}`;
  const digest = 'b1946ac92492d2347c6235b4d2611184b1946ac92492d2347c6235b4d2611184';
  const policyDigest = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  const entries: RecordEntry[] = [];
  if (approval !== undefined) {
    entries.push(
      {
        kind: 'approval.asked',
        session,
        approval,
        text,
        digest,
        by: [['*']],
        expires: '2030-01-01T00:00:00.000Z',
        reason,
        policyDigest,
      },
      { kind: 'approval.answered', session, approval, answer: 'approved', by: 'ada', reason: 'agreed' },
    );
  }
  const location = { file: policyFile, line: 12, column: 5 };
  entries.push({
    kind: 'request.decided',
    session,
    request,
    text,
    digest,
    effect,
    observed: effect,
    reason,
    actions: [
      {
        kind: text.split(' ')[0] ?? '',
        facts: { table: 'public.orders' },
        effect,
        rules: each.rule === undefined ? [] : [{ policy: 'shop', rule: each.rule, effect, location }],
      },
    ],
    masks:
      effect === 'allow' ? [{ columns: ['public.customers.email'], with: 'redact', policy: 'shop' }] : [],
    limits: {},
    policyDigest,
    ...(approval === undefined ? {} : { approval }),
    decideMs: 0.03,
  });
  if (each.answer !== undefined) {
    entries.push({
      kind: 'request.answered',
      session,
      request,
      outcome: 'completed',
      rows: 0,
      bytes: 0,
      durationMs: 0,
      ...each.answer,
    });
  }
  return entries;
}
