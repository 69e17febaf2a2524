import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FactValue } from '../vocabulary/vocabulary.ts';
import { compilePolicies, decide } from './decide.ts';
import type { Decision, DecisionInput } from './decision.ts';
import { explain } from './explain.ts';
import { action, asks, at, policy, rule, setOf } from './samples.ts';

const select = action('select', { table: 'public.a' });
const allowAll = rule('allow', { actions: ['*'] }, { name: 'all' });
const big = (effect: 'allow' | 'approve' | 'deny', when: string) =>
  rule(effect, { actions: ['*'] }, { name: 'big', when });

function input(facts: Record<string, FactValue>, more: Partial<DecisionInput> = {}): DecisionInput {
  const { request, ...rest } = asks([select]);
  return { ...rest, request: { ...request, facts: { hasWhere: true, ...facts } }, ...more };
}

const planned = (cost: number, rows: number) => input({ plannerCost: cost, estimatedRows: BigInt(rows) });
const later = (facts: Record<string, FactValue> = {}) => input(facts, { plan: 'later' });

const answer = ({ effect, needs }: Decision) => (needs === undefined ? effect : `${effect}, ${needs}`);

describe('a condition that reads the plan', () => {
  const when = 'request.sql.estimatedRows > 100 || !request.sql.hasWhere';
  const deny = compilePolicies(setOf(policy([allowAll, big('deny', when)])));
  const approve = compilePolicies(setOf(policy([allowAll, big('approve', when)])));
  const allow = compilePolicies(setOf(policy([big('allow', 'request.sql.plannerCost <= 50.0')])));

  it('decides by it once it is known', () => {
    assert.equal(answer(decide(deny, planned(1, 100))), 'allow');
    assert.equal(answer(decide(deny, planned(1, 101))), 'deny');
    assert.equal(answer(decide(approve, planned(1, 101))), 'approve');
    assert.equal(answer(decide(allow, planned(50, 1))), 'allow');
    assert.equal(answer(decide(allow, planned(50.5, 1))), 'deny');
  });

  it('denies where it is not, whatever the effect', () => {
    for (const policies of [deny, approve, allow])
      assert.equal(answer(decide(policies, input({}))), 'deny, plan');
    assert.match(
      decide(deny, input({})).reason,
      /its condition could not be evaluated: the plan .* is not known/,
    );
  });

  it('waits for it where the request does not run yet', () => {
    assert.equal(answer(decide(deny, later())), 'allow, plan');
    assert.equal(answer(decide(approve, later())), 'approve, plan');
    assert.equal(answer(decide(allow, later())), 'allow, plan');
  });

  it('does not wait for a denial that no plan could lift', () => {
    assert.equal(decide(deny, later({ hasWhere: false })).effect, 'deny');
    const other = compilePolicies(setOf(policy([big('deny', when)])));
    assert.equal(decide(other, later()).effect, 'deny');
  });

  it('is not told by asking whether the fact is there', () => {
    const sly = compilePolicies(setOf(policy([allowAll, big('deny', '!has(request.sql.plannerCost)')])));
    assert.equal(answer(decide(sly, later())), 'allow, plan');
    assert.equal(answer(decide(sly, input({}))), 'deny, plan');
    assert.equal(answer(decide(sly, planned(1, 1))), 'allow');
  });

  it('is asked by nothing but such a condition', () => {
    const plain = compilePolicies(setOf(policy([allowAll, big('deny', '!request.sql.hasWhere')])));
    assert.equal(answer(decide(plain, input({}))), 'allow');
  });

  it('gives no answer that is kept from a decision without the plan', () => {
    const { request, ...rest } = input({});
    assert.equal(decide(deny, { request, ...rest, plan: 'later' }).effect, 'allow');
    assert.equal(decide(deny, { request, ...rest }).effect, 'deny');
    assert.equal(decide(deny, { request, ...rest, plan: 'later' }).effect, 'allow');
  });

  it('is explained', () => {
    const lines = explain(decide(deny, later()), later());
    assert.ok(
      lines.some((line) => /deny big .*may match: its condition reads the plan/.test(line)),
      lines.join('\n'),
    );
    assert.ok(
      lines.some((line) => /the answer may change with the server's plan/.test(line)),
      lines.join('\n'),
    );
  });
});

describe('limits on the plan', () => {
  const own = policy([allowAll], {
    limits: { cost: 50_000, estimatedRows: 1000 },
    boundPlaces: { 'limits.cost': at(7), 'limits.estimatedRows': at(8) },
  });
  const policies = compilePolicies(setOf(own, policy([], { name: 'wider', limits: { cost: 60_000 } })));

  it('deny what passes them, and name the limit and its place', () => {
    assert.equal(answer(decide(policies, planned(50_000, 1000))), 'allow');
    const costly = decide(policies, planned(81_200.4, 1));
    assert.equal(costly.effect, 'deny');
    assert.equal(
      costly.reason,
      'by the plan it would cost 81,200 planner units, over the limit cost of 50,000 (policies/shop.policy.yaml:7)',
    );
    assert.match(
      decide(policies, planned(1, 1001)).reason,
      /1,001 rows, over the limit estimatedRows of 1,000 .*:8/,
    );
  });

  it('deny what has no plan, unless it is decided again', () => {
    assert.equal(answer(decide(policies, input({}))), 'deny, plan');
    assert.equal(answer(decide(policies, later())), 'allow, plan');
  });

  it('lift no denial, and hold an approval back', () => {
    const asking = compilePolicies(setOf({ ...own, rules: [rule('approve', { actions: ['*'] })] }));
    assert.equal(decide(asking, planned(1, 1)).effect, 'approve');
    assert.equal(decide(asking, planned(1, 1001)).effect, 'deny');
    const denying = compilePolicies(setOf({ ...own, rules: [] }));
    assert.match(decide(denying, planned(1, 1001)).reason, /no rule allows/);
  });

  it('are held by nobody where policies only observe', () => {
    const watching = compilePolicies(setOf({ ...own, mode: 'observe' }));
    assert.equal(answer(decide(watching, planned(81_200, 1))), 'allow');
  });
});

describe('budgets', () => {
  it('are the smallest of all policies that apply', () => {
    const decision = decide(
      compilePolicies(
        setOf(
          policy([allowAll], { budgets: { session: { rows: 10 }, day: { cost: 9 } } }),
          policy([], { name: 'b', budgets: { session: { rows: 5, bytes: 7 } } }),
          policy([], { name: 'c', mode: 'observe', budgets: { session: { rows: 1 } } }),
        ),
      ),
      planned(1, 1),
    );
    assert.deepEqual(
      decision.budgets.map(({ per, of, bound, policy: by }) => [per, of, bound, by]),
      [
        ['session', 'rows', 5, 'b'],
        ['session', 'bytes', 7, 'b'],
        ['day', 'cost', 9, 'shop'],
      ],
    );
  });
});
