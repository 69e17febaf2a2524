import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { compilePolicies } from '@gatehouse/policy-schema/evaluate/decide.ts';
import { loadPolicySet } from '@gatehouse/policy-schema/model/policy-set.ts';
import type { Request } from '@gatehouse/policy-schema/vocabulary/vocabulary.ts';
import type { RecordEntry } from '../recordings/entry.ts';
import type { Records } from '../recordings/record.ts';
import { Approvals } from './approvals.ts';
import { RecordFault } from './faults.ts';
import type { Held } from './passage.ts';
import { Pipeline } from './pipeline.ts';
import type { Session } from './session.ts';

const session: Session = {
  id: 's1',
  principal: { person: 'ada', groups: [], agent: 'claude', workspace: 'shop', task: '' },
  resource: { name: 'shop-db', protocol: 'postgres', labels: {} },
  client: { address: '127.0.0.1:1', application: 'psql' },
};

function policies(rules: string) {
  const text = `gatehouse: v1\nkind: Policy\nname: p\napplies: { to: [shop-db], agents: ["*"] }\n${rules}`;
  const { set, diagnostics } = loadPolicySet(new Map([['policies/p.policy.yaml', text]]));
  assert.deepEqual(diagnostics, []);
  assert.ok(set);
  return compilePolicies(set);
}

const reads = `rules:\n  - { name: reads, effect: allow, sql: { actions: [select] } }\n`;
const asks = `rules:\n  - { name: asks, effect: approve, sql: { actions: [select] }, approval: { by: ["person:grace"], within: 1m } }\n`;

/** A store that keeps entries in a list, and fails when told to. Permits come from the real minting. */
interface MemoryRecords extends Records {
  readonly entries: RecordEntry[];
  broken: boolean;
}

async function memoryRecords(): Promise<MemoryRecords> {
  const { mintPermit } = await import('../recordings/permit.ts');
  const entries: RecordEntry[] = [];
  const records: MemoryRecords = {
    entries,
    broken: false,
    async append(entry) {
      if (records.broken) throw new RecordFault('store-unwritable', 'The disk is full; make room.');
      entries.push(entry);
      return mintPermit(entries.length);
    },
    decided: (request, ruling) => records.append({ ...request, ...ruling }),
    note(entry) {
      entries.push(entry);
    },
    subscribe: () => () => {},
    close: async () => {},
  };
  return records;
}

function select(text = 'select 1 from t'): Request {
  const actions = [{ vocabulary: 'sql', kind: 'select', facts: { table: 'public.t', columns: [] } }] as const;
  return { vocabulary: 'sql', text, actions, facts: {} };
}

const ignore = (_held: Held) => {};
const never = new AbortController().signal;

test('an allowed request is recorded before it is granted, and its permit is good once', async () => {
  const records = await memoryRecords();
  const rules = policies(reads);
  const gate = new Pipeline({ policies: () => rules, records, approvals: new Approvals() });
  const passage = await gate.pass(session, { request: select(), exact: ['select 1 from t'] }, ignore, never);
  assert.equal(passage.kind, 'granted');
  assert.ok(passage.kind === 'granted');
  const [entry] = records.entries;
  assert.equal(entry?.kind, 'request.decided');
  assert.ok(entry?.kind === 'request.decided');
  assert.equal(entry.effect, 'allow');
  assert.equal(entry.request, passage.id);
  assert.equal(entry.actions[0]?.rules[0]?.rule, 'reads');
  passage.permit.spend();
  assert.throws(() => passage.permit.spend(), RecordFault);
});

test('what no rule allows is refused and recorded', async () => {
  const records = await memoryRecords();
  const rules = policies(reads);
  const gate = new Pipeline({ policies: () => rules, records, approvals: new Approvals() });
  const drop: Request = {
    vocabulary: 'sql',
    text: 'drop table t',
    actions: [{ vocabulary: 'sql', kind: 'drop', facts: { table: 'public.t', object: 'table' } }],
    facts: {},
  };
  const passage = await gate.pass(session, { request: drop, exact: [drop.text] }, ignore, never);
  assert.ok(passage.kind === 'refused');
  assert.match(passage.denial.message, /drop/);
  assert.match(passage.denial.detail ?? '', /drop table on public\.t: no rule allows it/);
  assert.ok(records.entries[0]?.kind === 'request.decided' && records.entries[0].effect === 'deny');
});

test('no record, no permit', async () => {
  const records = await memoryRecords();
  const rules = policies(reads);
  const gate = new Pipeline({ policies: () => rules, records, approvals: new Approvals() });
  records.broken = true;
  const refused = await gate.pass(session, { request: select(), exact: ['x'] }, ignore, never);
  assert.ok(refused.kind === 'refused');
  assert.equal(refused.denial.cause, 'record');
  records.broken = false;
  assert.equal(
    (await gate.pass(session, { request: select(), exact: ['x'] }, ignore, never)).kind,
    'granted',
  );
});

test('a held request passes when the right person approves, and its record names the approval', async () => {
  const records = await memoryRecords();
  const rules = policies(asks);
  const approvals = new Approvals();
  const gate = new Pipeline({ policies: () => rules, records, approvals });
  let held: Held | undefined;
  const waiting = gate.pass(session, { request: select(), exact: ['x'] }, (each) => (held = each), never);
  await new Promise(setImmediate);
  assert.ok(held);
  assert.throws(() => approvals.answer(held?.approval ?? '', 'approve', { person: 'ada', groups: [] }));
  approvals.answer(held.approval, 'approve', { person: 'grace', groups: [] });
  const passage = await waiting;
  assert.equal(passage.kind, 'granted');
  assert.deepEqual(
    records.entries.map((entry) => entry.kind),
    ['approval.asked', 'approval.answered', 'request.decided'],
  );
  const decided = records.entries[2];
  assert.ok(decided?.kind === 'request.decided');
  assert.equal(decided.approval, held.approval);
});

test('an approval does not outlive the policy that asked for it', async () => {
  const records = await memoryRecords();
  let rules = policies(asks);
  const approvals = new Approvals();
  const gate = new Pipeline({ policies: () => rules, records, approvals });
  const answerAll = () => {
    for (const each of approvals.list())
      approvals.answer(each.id, 'approve', { person: 'grace', groups: [] });
  };
  const overtaken = gate.pass(session, { request: select(), exact: ['x'] }, ignore, never);
  await new Promise(setImmediate);
  rules = policies(asks.replace('1m', '2m'));
  answerAll();
  const passage = await overtaken;
  assert.ok(passage.kind === 'refused');
  assert.match(passage.denial.message, /policy changed/);

  const denied = gate.pass(session, { request: select(), exact: ['x'] }, ignore, never);
  await new Promise(setImmediate);
  rules = policies(`rules:\n  - { name: none, effect: deny, sql: { actions: [select] } }\n`);
  answerAll();
  assert.equal((await denied).kind, 'refused');

  rules = policies(asks);
  const allowed = gate.pass(session, { request: select(), exact: ['x'] }, ignore, never);
  await new Promise(setImmediate);
  rules = policies(reads);
  answerAll();
  assert.equal((await allowed).kind, 'granted');
});

test('making a statement ready waits for nobody', async () => {
  const records = await memoryRecords();
  const rules = policies(asks);
  const approvals = new Approvals();
  const gate = new Pipeline({ policies: () => rules, records, approvals });
  const passage = await gate.pass(
    session,
    { stage: 'prepare', request: select(), exact: ['x'] },
    ignore,
    never,
  );
  assert.equal(passage.kind, 'granted');
  assert.ok(records.entries[0]?.kind === 'request.decided' && records.entries[0].stage === 'prepare');
});

test('statementsPerMinute holds over all sessions of an agent', async () => {
  const records = await memoryRecords();
  const rules = policies(`${reads}limits: { statementsPerMinute: 2 }\n`);
  const gate = new Pipeline({
    policies: () => rules,
    records,
    approvals: new Approvals(),
    now: () => new Date(1e12),
  });
  const kinds: string[] = [];
  for (const id of ['a', 'b', 'c']) {
    kinds.push(
      (await gate.pass({ ...session, id }, { request: select(), exact: ['x'] }, ignore, never)).kind,
    );
  }
  assert.deepEqual(kinds, ['granted', 'granted', 'refused']);
});

test('the digest is over each part behind its length, whatever the parts are', async () => {
  const records = await memoryRecords();
  const rules = policies(reads);
  const gate = new Pipeline({ policies: () => rules, records, approvals: new Approvals() });
  const parts = [
    '',
    'select 1',
    '€\ud800',
    'x'.repeat(70_000),
    Uint8Array.of(0, 255, 10),
    new Uint8Array(70_000),
  ];
  for (const first of parts) {
    for (const second of parts) {
      await gate.pass(session, { request: select(), exact: [first, second] }, ignore, never);
      const expected = createHash('sha256');
      for (const part of [first, second]) {
        const bytes = Buffer.from(part as string);
        const length = Buffer.alloc(4);
        length.writeUInt32BE(bytes.length);
        expected.update(length).update(bytes);
      }
      const entry = records.entries.at(-1);
      assert.ok(entry?.kind === 'request.decided');
      assert.equal(entry.digest, expected.digest('hex'));
    }
  }
});
