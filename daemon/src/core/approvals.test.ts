import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Approvals, AnswerRefused, type Holding } from './approvals.ts';

function holding(by: readonly (readonly string[])[] = [['*']], within = 60_000): Holding {
  return {
    session: 's',
    resource: 'shop-db',
    person: 'ada',
    agent: 'claude',
    text: 'delete from orders',
    reason: 'big writes need a person',
    actions: ['delete public.orders'],
    rules: ['shop/big-writes'],
    sources: [],
    protocol: 'postgres',
    task: '',
    tables: ['public.orders'],
    plan: { cost: 42.5, rows: 7 },
    need: { by, within },
  };
}

const never = new AbortController().signal;
const ada = { person: 'ada', groups: ['dba'] };

test('an approval settles the one request that waits, once', async () => {
  const approvals = new Approvals();
  const ticket = approvals.hold(holding(), never);
  assert.deepEqual(
    approvals.list().map((held) => held.id),
    [ticket.id],
  );
  approvals.answer(ticket.id, 'approve', ada, 'looks right');
  assert.deepEqual(await ticket.verdict, { kind: 'approved', by: 'ada', reason: 'looks right' });
  assert.deepEqual(approvals.list(), []);
  assert.throws(() => approvals.answer(ticket.id, 'approve', ada), AnswerRefused);
});

test('an approver must be named by every approving rule', async () => {
  const approvals = new Approvals();
  const ticket = approvals.hold(holding([['group:dba'], ['person:grace', 'group:security']]), never);
  assert.throws(
    () => approvals.answer(ticket.id, 'approve', ada),
    /needs one of: person:grace, group:security/,
  );
  assert.equal(approvals.list().length, 1);
  approvals.answer(ticket.id, 'approve', { person: 'grace', groups: ['dba'] });
  assert.equal((await ticket.verdict).kind, 'approved');
});

test('anyone who may answer may deny', async () => {
  const approvals = new Approvals();
  const ticket = approvals.hold(holding([['group:security']]), never);
  approvals.answer(ticket.id, 'deny', ada, 'not today');
  assert.deepEqual(await ticket.verdict, { kind: 'denied', by: 'ada', reason: 'not today' });
});

test('nobody in time is a denial', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const approvals = new Approvals();
  const ticket = approvals.hold(holding([['*']], 5000), never);
  context.mock.timers.tick(4999);
  assert.equal(approvals.list().length, 1);
  context.mock.timers.tick(1);
  assert.deepEqual(await ticket.verdict, { kind: 'expired' });
  assert.deepEqual(approvals.list(), []);
});

test('a client that goes takes its request with it, also when it has already gone', async () => {
  const approvals = new Approvals();
  const client = new AbortController();
  const ticket = approvals.hold(holding(), client.signal);
  client.abort();
  assert.deepEqual(await ticket.verdict, { kind: 'withdrawn' });
  assert.deepEqual(await approvals.hold(holding(), client.signal).verdict, { kind: 'withdrawn' });
});

test('a prefix names a request when it is long enough and means one', () => {
  const approvals = new Approvals();
  const ticket = approvals.hold(holding(), never);
  assert.throws(() => approvals.answer(ticket.id.slice(0, 2), 'deny', ada), AnswerRefused);
  assert.equal(approvals.answer(ticket.id.slice(0, 4), 'deny', ada).id, ticket.id);
});

test('what waits when nobody can answer any more is withdrawn', async () => {
  const approvals = new Approvals();
  const tickets = [approvals.hold(holding(), never), approvals.hold(holding(), never)];
  approvals.close();
  assert.deepEqual(await Promise.all(tickets.map((ticket) => ticket.verdict)), [
    { kind: 'withdrawn' },
    { kind: 'withdrawn' },
  ]);
});

test('listeners hear of each change', () => {
  const approvals = new Approvals();
  const seen: number[] = [];
  const stop = approvals.subscribe(() => seen.push(approvals.list().length));
  const ticket = approvals.hold(holding(), never);
  approvals.answer(ticket.id, 'deny', ada);
  stop();
  const other = approvals.hold(holding(), never);
  approvals.answer(other.id, 'deny', ada);
  assert.deepEqual(seen, [1, 0]);
});
