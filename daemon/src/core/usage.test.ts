import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AppliedBudget } from '@gatehouse/policy-schema/evaluate/decision.ts';
import fc from 'fast-check';
import { type PastUse, type Spender, Usage } from './usage.ts';

const none = async () => [];

function spender(agent = 'claude', resource = 'shop-db'): Spender {
  return {
    id: `${agent}-${resource}`,
    principal: { person: 'ada', groups: [], agent, workspace: 'w', task: '' },
    resource: { name: resource, protocol: 'postgres', labels: {} },
  };
}

const budget = (per: AppliedBudget['per'], of: AppliedBudget['of'], bound: number): AppliedBudget => ({
  per,
  of,
  bound,
  policy: 'p',
  location: { file: 'p.yaml', line: 3, column: 1 },
});

function usageAt(time: string, past: () => Promise<readonly PastUse[]> = none) {
  const clock = { now: new Date(time) };
  return { clock, usage: new Usage(past, () => clock.now) };
}

describe('what is used', () => {
  test('is shared by the sessions of an agent, and by all agents of a resource', () => {
    const { usage } = usageAt('2026-05-04T10:00:00Z');
    const [one, two, other, elsewhere] = [
      spender(),
      spender(),
      spender('copilot'),
      spender('claude', 'crm-db'),
    ];
    for (const each of [one, two, other, elsewhere]) usage.open(each);
    const budgets = [budget('session', 'rows', 6), budget('agent', 'rows', 8), budget('day', 'rows', 10)];
    assert.equal(usage.purse(one).spend(budgets, 6, 100), undefined);
    assert.equal(usage.purse(one).spend(budgets, 1, 100)?.budget.per, 'session');
    assert.equal(usage.purse(two).spend(budgets, 3, 100)?.budget.per, 'agent');
    assert.equal(usage.purse(two).spend(budgets, 2, 100), undefined);
    assert.equal(usage.purse(other).spend(budgets, 3, 100)?.budget.per, 'day');
    assert.equal(usage.purse(other).spend(budgets, 2, 100), undefined);
    assert.equal(usage.purse(elsewhere).spend(budgets, 6, 100), undefined);
    assert.equal(usage.purse(other).used(budget('day', 'bytes', 1)), 300);
  });

  test('is refilled at midnight UTC, but for sessions, and not by a clock that is set back', () => {
    const { usage, clock } = usageAt('2026-05-04T23:59:59Z');
    const session = spender();
    usage.open(session);
    const [own, day] = [budget('session', 'rows', 5), budget('day', 'rows', 5)];
    usage.purse(session).spend([], 5, 0);
    assert.deepEqual(usage.purse(session).spend([day], 1, 0), {
      budget: day,
      used: 5,
      refills: '2026-05-05T00:00:00.000Z',
    });
    clock.now = new Date('2026-05-05T00:00:00Z');
    assert.deepEqual(usage.purse(session).spend([own], 1, 0), { budget: own, used: 5 });
    assert.equal(usage.purse(session).spend([day], 5, 0), undefined);
    clock.now = new Date('2026-05-04T12:00:00Z');
    assert.equal(usage.purse(session).spend([day], 1, 0)?.used, 5);
  });

  test('before a restart is counted in, unless the day is over by then', async () => {
    const past = async () => [
      { resource: 'shop-db', person: 'ada', agent: 'claude', rows: 4, bytes: 40, cost: 400 },
      { resource: 'shop-db', person: 'ada', agent: 'copilot', rows: 1, bytes: 10, cost: 100 },
    ];
    const { usage } = usageAt('2026-05-04T10:00:00Z', past);
    usage.purse(spender()).spend([], 1, 0);
    await usage.ready();
    await usage.ready();
    assert.equal(usage.purse(spender()).used(budget('agent', 'rows', 1)), 5);
    assert.equal(usage.purse(spender()).used(budget('day', 'cost', 1)), 500);
    const late = usageAt('2026-05-04T10:00:00Z', past);
    late.clock.now = new Date('2026-05-05T10:00:00Z');
    await late.usage.ready();
    assert.equal(late.usage.purse(spender()).used(budget('day', 'cost', 1)), 0);
  });

  test('is not known while the past cannot be read, which is tried again', async () => {
    let broken = true;
    const { usage } = usageAt('2026-05-04T10:00:00Z', async () => {
      if (broken) throw new Error('damaged');
      return [];
    });
    await assert.rejects(usage.ready(), /damaged/);
    assert.equal(usage.problem, 'damaged');
    broken = false;
    await usage.ready();
    assert.equal(usage.problem, undefined);
  });

  test('of cost counts when it is granted, and only what fits is', () => {
    const { usage } = usageAt('2026-05-04T10:00:00Z');
    const purse = usage.purse(spender());
    const cost = [budget('agent', 'cost', 100)];
    purse.charge(60);
    assert.equal(purse.refusal(cost, { cost: 40, returnsRows: true }), undefined);
    assert.equal(purse.refusal(cost, { cost: 41, returnsRows: true })?.used, 60);
    purse.charge(-60);
    assert.equal(purse.refusal(cost, { cost: 100, returnsRows: true }), undefined);
  });

  test('up keeps what returns no rows from nothing', () => {
    const { usage } = usageAt('2026-05-04T10:00:00Z');
    const purse = usage.purse(spender());
    const rows = [budget('agent', 'rows', 1)];
    purse.spend(rows, 1, 10);
    assert.equal(purse.refusal(rows, { cost: 0, returnsRows: true })?.used, 1);
    assert.equal(purse.refusal(rows, { cost: 0, returnsRows: false }), undefined);
  });
});

test('no order of spending passes a budget', () => {
  const spending = fc.record({ who: fc.nat(2), rows: fc.nat(3), bytes: fc.nat(9) });
  fc.assert(
    fc.property(fc.array(spending, { maxLength: 40 }), (all) => {
      const { usage } = usageAt('2026-05-04T10:00:00Z');
      const sessions = [spender('a'), spender('a'), spender('b')];
      for (const each of sessions) usage.open(each);
      const budgets = [
        budget('session', 'rows', 7),
        budget('agent', 'bytes', 30),
        budget('day', 'rows', 15),
        budget('day', 'bytes', 40),
      ];
      let [rows, bytes] = [0, 0];
      for (const each of all) {
        const session = sessions[each.who] ?? assert.fail();
        if (usage.purse(session).spend(budgets, each.rows, each.bytes) !== undefined) continue;
        rows += each.rows;
        bytes += each.bytes;
        for (const own of budgets) assert.ok(usage.purse(session).used(own) <= own.bound);
      }
      const purse = usage.purse(sessions[0] ?? assert.fail());
      assert.deepEqual(
        [purse.used(budget('day', 'rows', 1)), purse.used(budget('day', 'bytes', 1))],
        [rows, bytes],
      );
    }),
  );
});
