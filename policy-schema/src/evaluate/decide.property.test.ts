import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Effect, Limits, PolicySet } from '../model/policy.ts';
import { compilePolicies, decide } from './decide.ts';
import type { Decision } from './decision.ts';
import { explain } from './explain.ts';
import { anyInput, anyRule, anySet, named } from './samples.ts';

const rank: Readonly<Record<Effect, number>> = { allow: 0, approve: 1, deny: 2 };
const runs = { numRuns: 2000 };

/** Everything that a decision says, the trace too. */
function told(decision: Decision): unknown {
  const { trace, ...said } = decision;
  return { ...said, trace: trace() };
}

const shuffled = (set: PolicySet): fc.Arbitrary<PolicySet> =>
  fc
    .tuple(
      ...set.policies.map((policy) =>
        fc
          .tuple(
            fc.shuffledSubarray([...policy.rules], { minLength: policy.rules.length }),
            fc.shuffledSubarray([...policy.masks], { minLength: policy.masks.length }),
          )
          .map(([rules, masks]) => ({ ...policy, rules, masks })),
      ),
    )
    .chain((policies) => fc.shuffledSubarray(policies, { minLength: policies.length }))
    .map((policies) => ({ ...set, policies }));

describe('for any policies and any request', () => {
  test('the order of rules and files never changes a decision, nor a word of it', () => {
    fc.assert(
      fc.property(
        anySet.chain((set) => fc.tuple(fc.constant(set), shuffled(set))),
        anyInput,
        ([set, other], input) => {
          assert.deepEqual(
            told(decide(compilePolicies(set), input)),
            told(decide(compilePolicies(other), input)),
          );
        },
      ),
      runs,
    );
  });

  test('a decision is the same the second time, and after others', () => {
    fc.assert(
      fc.property(anySet, fc.array(anyInput, { minLength: 2, maxLength: 4 }), (set, inputs) => {
        const policies = compilePolicies(set);
        const first = inputs.map((input) => told(decide(policies, input)));
        assert.deepEqual(
          inputs.map((input) => told(decide(policies, input))),
          first,
        );
      }),
      runs,
    );
  });

  const withRule = (effect: Effect) =>
    fc.tuple(anySet, anyRule, fc.nat(2)).map(([set, rule, which]) => {
      const policies = set.policies.map((policy, index) =>
        index === which % set.policies.length
          ? { ...policy, rules: [...policy.rules, { ...rule, effect }] }
          : policy,
      );
      return [set, named(policies)] as const;
    });
  const compare = (effect: Effect, check: (before: Decision, after: Decision) => void) =>
    fc.assert(
      fc.property(withRule(effect), anyInput, ([set, more], input) => {
        check(decide(compilePolicies(set), input), decide(compilePolicies(more), input));
      }),
      runs,
    );

  test('a deny rule more never loosens', () => {
    compare('deny', (before, after) => {
      assert.ok(rank[after.effect] >= rank[before.effect]);
      assert.ok(rank[after.observed] >= rank[before.observed]);
    });
  });

  test('an allow rule more never tightens', () => {
    compare('allow', (before, after) => {
      assert.ok(rank[after.effect] <= rank[before.effect]);
      assert.ok(rank[after.observed] <= rank[before.observed]);
    });
  });

  test('an approve rule more never makes a denial or a hold an allowance', () => {
    compare('approve', (before, after) => {
      if (before.effect !== 'allow') assert.notEqual(after.effect, 'allow');
    });
  });

  test('a request passes only if each action does, and the strictest action is the answer', () => {
    fc.assert(
      fc.property(anySet, anyInput, (set, input) => {
        const { effect, actions } = decide(compilePolicies(set), input);
        if (actions.length === 0) return;
        assert.equal(effect, actions.map((own) => own.effect).sort((a, b) => rank[b] - rank[a])[0]);
        assert.equal(actions.length, input.request.actions.length);
      }),
      runs,
    );
  });

  test('masks add up and limits are the smallest of the parts', () => {
    fc.assert(
      fc.property(anySet, anyInput, (set, input) => {
        const whole = decide(compilePolicies(set), input);
        const enforced = { ...set, policies: set.policies.filter(({ mode }) => mode === 'enforce') };
        const parts = enforced.policies.map((policy) =>
          decide(compilePolicies({ ...set, policies: [policy] }), input),
        );
        const key = (mask: Decision['masks'][number]) => JSON.stringify(mask);
        assert.deepEqual(whole.masks.map(key).sort(), parts.flatMap(({ masks }) => masks.map(key)).sort());
        for (const limit of ['rows', 'bytes'] as const satisfies readonly (keyof Limits)[]) {
          const values = parts.flatMap(({ limits }) => limits[limit] ?? []);
          assert.equal(whole.limits[limit], values.length === 0 ? undefined : Math.min(...values));
        }
      }),
      runs,
    );
  });

  test('policies that only observe never change what enforcing ones answer', () => {
    fc.assert(
      fc.property(anySet, anyInput, (set, input) => {
        const whole = decide(compilePolicies(set), input);
        const alone = { ...set, policies: set.policies.filter(({ mode }) => mode === 'enforce') };
        const enforced = decide(compilePolicies(alone), input);
        if (enforced.reason.startsWith('no policy applies')) return;
        if (enforced.actions.length === 0) return;
        assert.equal(whole.effect, enforced.effect);
        assert.deepEqual(whole.masks, enforced.masks);
      }),
      runs,
    );
  });

  test('an undecidable request is denied', () => {
    fc.assert(
      fc.property(anySet, anyInput, (set, input) => {
        const request = { ...input.request, undecidable: { code: 'syntax' as const, message: 'no' } };
        assert.equal(decide(compilePolicies(set), { ...input, request }).effect, 'deny');
      }),
    );
  });

  test('a decision can be explained, every rule and action in it', () => {
    fc.assert(
      fc.property(anySet, anyInput, (set, input) => {
        const decision = decide(compilePolicies(set), input);
        const lines = explain(decision, input);
        assert.ok(lines[0]?.startsWith(decision.effect));
        const trace = decision.trace();
        const rules = lines.filter((line) => line.startsWith('    ') && line.includes(' of p')).length;
        // Without actions rules are asked about the whole.
        assert.equal(rules, trace.length * Math.max(1, decision.actions.length));
      }),
    );
  });
});
