import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Policy, PolicySet } from '../../model/policy.ts';
import { impliedBy, sqlShapes } from '../../vocabulary/sql/shapes.ts';
import type { SqlActionKind } from '../../vocabulary/sql/vocabulary.ts';
import type { Action } from '../../vocabulary/vocabulary.ts';
import { compareSets } from '../compare.ts';
import { compilePolicies, decide } from '../decide.ts';
import type { DecisionInput } from '../decision.ts';
import { anyInput, anyPolicy, anyRule, anySet, named } from '../samples.ts';
import { compareMeaning } from './compare-meaning.ts';
import { laxity } from './laxer.ts';
import { declared, observed } from './universe.fixture.ts';

const known = { resources: declared };
const columns = ['public.a.x', 'public.a.y', 'public.b.y', 'public.b.z', 'audit.a.x'];

/** A set and what an edit or two make of it. */
const anyChange: fc.Arbitrary<readonly [PolicySet, PolicySet]> = fc
  .record({
    set: anySet,
    edits: fc.array(
      fc.record({
        kind: fc.constantFrom(
          'add',
          'add',
          'remove',
          'replace',
          'swap',
          'policy',
          'drop',
          'mode',
          'masks',
          'limits',
        ),
        which: fc.nat(5),
        place: fc.nat(5),
        rule: anyRule,
        other: anyPolicy,
      }),
      { minLength: 1, maxLength: 2 },
    ),
  })
  .map(({ set, edits }) => {
    let { policies } = set;
    for (const { kind, which, place, rule, other } of edits) {
      if (kind === 'policy' || policies.length === 0) {
        policies = [...policies, other];
        continue;
      }
      const index = which % policies.length;
      policies = policies.flatMap((each, at): readonly Policy[] => {
        if (at !== index) return [each];
        const spot = each.rules.length === 0 ? 0 : place % each.rules.length;
        const others = each.rules.filter((_, own) => own !== spot);
        switch (kind) {
          case 'add':
            return [{ ...each, rules: [...each.rules, rule] }];
          case 'remove':
            return [{ ...each, rules: others }];
          case 'replace':
            return [{ ...each, rules: [...others, rule] }];
          case 'swap':
            return [{ ...each, applies: other.applies }];
          case 'drop':
            return [];
          case 'mode':
            return [{ ...each, mode: each.mode === 'enforce' ? 'observe' : 'enforce' }];
          case 'masks':
            return [{ ...each, masks: other.masks }];
          default:
            return [{ ...each, limits: other.limits, budgets: other.budgets }];
        }
      });
    }
    return [set, named(policies)] as const;
  });

/** As a session would send it: actions carry what those of their kind carry, and all facts but the plan's are there. */
function real(input: DecisionInput): DecisionInput {
  const isLedTo = (kind: string, facts: Action['facts']) =>
    facts.columns !== undefined &&
    facts.table !== '*' &&
    input.request.actions.some(
      (other) =>
        other.implied !== true && impliedBy[kind as SqlActionKind]?.includes(other.kind as SqlActionKind),
    );
  const actions = input.request.actions.filter(({ kind, facts, implied }) => {
    const { always, maybe } = sqlShapes[kind as SqlActionKind];
    const own = Object.keys(facts);
    return (
      always.every((key) => own.includes(key)) &&
      own.every((key) => always.includes(key) || maybe.includes(key)) &&
      (implied !== true || isLedTo(kind, facts))
    );
  });
  const { labels } = declared.find(({ name }) => name === input.resource.name) ?? input.resource;
  return {
    ...input,
    resource: { ...input.resource, labels },
    request: { ...input.request, actions, facts: { inTransaction: false, ...input.request.facts } },
  };
}

const inputs = fc.array(anyInput.map(real), { minLength: 8, maxLength: 8 });
const runs = { numRuns: 300 };

const show = ([before, after]: readonly [PolicySet, PolicySet]) =>
  JSON.stringify([before.policies, after.policies]);

describe('compareMeaning', () => {
  test('equivalent: no request gets another decision; stricter: none a laxer one; looser: none a stricter one', () => {
    const told = new Map<string, number>();
    fc.assert(
      fc.property(anyChange, inputs, ([before, after], asked) => {
        const { verdict } = compareMeaning(before, after, known);
        told.set(verdict, (told.get(verdict) ?? 0) + 1);
        const [was, is] = [compilePolicies(before), compilePolicies(after)];
        for (const input of asked) {
          const [from, to] = [decide(was, input), decide(is, input)];
          const own = input.request.actions.length === 0 ? [] : columns;
          const pass = (found: ReturnType<typeof laxity>) =>
            input.request.actions.length > 0 || found?.kind === 'effect' ? found : undefined;
          if (verdict === 'equivalent' || verdict === 'stricter')
            assert.equal(
              pass(laxity(from, to, own)),
              undefined,
              `${verdict}: ${from.reason} → ${to.reason} ${show([before, after])}`,
            );
          if (verdict === 'equivalent' || verdict === 'looser')
            assert.equal(
              pass(laxity(to, from, own)),
              undefined,
              `${verdict}: ${from.reason} → ${to.reason} ${show([before, after])}`,
            );
        }
      }),
      runs,
    );
    for (const verdict of ['equivalent', 'stricter', 'looser', 'incomparable'])
      assert.ok((told.get(verdict) ?? 0) > 10, `${verdict}: ${told.get(verdict)}`);
  });

  test('every example is decided as it tells', () => {
    fc.assert(
      fc.property(anyChange, ([before, after]) => {
        const { examples } = compareMeaning(before, after, known);
        const [was, is] = [compilePolicies(before), compilePolicies(after)];
        for (const [direction, example] of Object.entries(examples)) {
          const [from, to] = [decide(was, example.input), decide(is, example.input)];
          assert.deepEqual([from.effect, to.effect], [example.before.effect, example.after.effect]);
          const { laxity: found } = example;
          const own = found.kind === 'mask' ? [found.column] : [];
          assert.deepEqual(direction === 'loosens' ? laxity(from, to, own) : laxity(to, from, own), found);
        }
      }),
      runs,
    );
  });

  test('the verdict is what going through all requests of a small world finds', () => {
    fc.assert(
      fc.property(anyChange, (change) => {
        const [before, after] = change;
        const { verdict, unknown } = compareMeaning(before, after, known);
        const { loosens, tightens } = observed(before, after);
        const expected = loosens
          ? tightens
            ? 'incomparable'
            : 'looser'
          : tightens
            ? 'stricter'
            : 'equivalent';
        assert.equal(verdict, expected, `${unknown.join()} ${show(change)}`);
      }),
      { numRuns: 50, endOnFailure: true },
    );
  });

  test('the way back is told the other way round', () => {
    const back = { looser: 'stricter', stricter: 'looser' } as const;
    fc.assert(
      fc.property(anyChange, ([before, after]) => {
        const { verdict } = compareMeaning(before, after, known);
        const expected = verdict === 'looser' || verdict === 'stricter' ? back[verdict] : verdict;
        assert.equal(compareMeaning(after, before, known).verdict, expected);
      }),
      runs,
    );
  });

  test('what the sound comparison proves to loosen nothing is never told to', () => {
    fc.assert(
      fc.property(anyChange, (change) => {
        const [before, after] = change;
        if (compareSets(before, after).loosens.length > 0) return;
        const { verdict, examples } = compareMeaning(before, after, known);
        assert.equal(examples.loosens, undefined, show(change));
        assert.ok(verdict === 'equivalent' || verdict === 'stricter', verdict);
      }),
      runs,
    );
  });
});
