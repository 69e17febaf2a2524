import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Effect, Limits, Policy, PolicySet, Rule } from '../model/policy.ts';
import { compareSets } from './compare.ts';
import { approversCover, patternsCover } from './cover.ts';
import { compilePolicies, decide } from './decide.ts';
import type { Decision } from './decision.ts';
import { hidesAsMuch } from './mask-strength.ts';
import { anyInput, anyPolicy, anyRule, anySet, named } from './samples.ts';

const rank: Readonly<Record<Effect, number>> = { allow: 0, approve: 1, deny: 2 };

/** Why `after` is laxer than `before`, or undefined. */
function laxer(before: Decision, after: Decision): string | undefined {
  if (rank[after.effect] < rank[before.effect]) return `${before.effect} became ${after.effect}`;
  if (before.approval !== undefined && after.approval !== undefined) {
    const { by, within } = after.approval;
    if (within > before.approval.within) return 'waits longer';
    for (const list of before.approval.by) {
      if (!by.some((own) => approversCover(list, own))) return 'others may approve';
    }
  }
  // What does not pass has nothing to mask or to limit.
  if (after.effect === 'deny') return undefined;
  for (const mask of before.masks) {
    const kept = after.masks.some(
      (own) => hidesAsMuch(own, mask) && patternsCover(own.columns, mask.columns),
    );
    if (!kept) return 'a mask is gone';
  }
  for (const key of Object.keys(before.limits) as (keyof Limits)[]) {
    const [was, is] = [before.limits[key], after.limits[key]];
    if (was !== undefined && (is === undefined || is > was)) return `limit ${key} grew`;
  }
  for (const { per, of, bound } of before.budgets) {
    const own = after.budgets.find((each) => each.per === per && each.of === of);
    if (own === undefined || own.bound > bound) return `budget ${per} ${of} grew`;
  }
  return undefined;
}

/** A small edit of a set: what people do to policies, and what an agent would try. */
const anyEdit: fc.Arbitrary<(policies: readonly Policy[]) => readonly Policy[]> = fc
  .record({
    kind: fc.constantFrom(
      'rule',
      'rule',
      'field',
      'field',
      'remove',
      'policy',
      'applies',
      'mode',
      'masks',
      'limits',
      'budgets',
      'drop',
    ),
    which: fc.nat(5),
    place: fc.nat(5),
    rule: anyRule,
    other: anyPolicy,
    field: fc.constantFrom<keyof Rule>('effect', 'selector', 'when', 'approval', 'vocabulary'),
  })
  .map(({ kind, which, place, rule: fresh, other, field }) => (policies) => {
    if (kind === 'policy' || policies.length === 0) return [...policies, other];
    const index = which % policies.length;
    if (kind === 'drop') return policies.filter((_, own) => own !== index);
    return policies.map((each, own): Policy => {
      if (own !== index) return each;
      const spot = each.rules.length === 0 ? 0 : place % each.rules.length;
      switch (kind) {
        case 'rule':
          return { ...each, rules: [...each.rules, fresh] };
        case 'remove':
          return { ...each, rules: each.rules.filter((_, at) => at !== spot) };
        case 'field':
          return {
            ...each,
            rules: each.rules.map((old, at) => {
              if (at !== spot) return old;
              const { [field]: _, ...rest } = old;
              return { ...rest, ...(fresh[field] === undefined ? {} : { [field]: fresh[field] }) } as Rule;
            }),
          };
        case 'mode':
          return { ...each, mode: each.mode === 'enforce' ? 'observe' : 'enforce' };
        case 'applies':
          return { ...each, applies: other.applies };
        case 'masks':
          return { ...each, masks: other.masks };
        case 'budgets':
          return { ...each, budgets: other.budgets };
        default:
          return { ...each, limits: other.limits };
      }
    });
  });

const byLine = { numRuns: 3000 };

describe('compareSets is sound', () => {
  const unproven = (before: PolicySet, after: PolicySet) => compareSets(before, after).loosens.length > 0;
  let proven = 0;

  test('an edit that is said to loosen nothing gives no laxer answer', () => {
    fc.assert(
      fc.property(
        anySet,
        fc.array(anyEdit, { minLength: 1, maxLength: 2 }),
        fc.array(anyInput, { minLength: 8, maxLength: 8 }),
        (before, edits, inputs) => {
          const after = named(edits.reduce((policies, edit) => edit(policies), before.policies));
          if (unproven(before, after)) return;
          proven++;
          const [was, is] = [compilePolicies(before), compilePolicies(after)];
          for (const input of inputs) assert.equal(laxer(decide(was, input), decide(is, input)), undefined);
        },
      ),
      byLine,
    );
    assert.ok(proven > 300, `only ${proven} edits were proven`);
  });

  test('so does the way back, for what is said to tighten nothing', () => {
    fc.assert(
      fc.property(
        anySet,
        anyEdit,
        fc.array(anyInput, { minLength: 8, maxLength: 8 }),
        (before, edit, inputs) => {
          const after = named(edit(before.policies));
          if (compareSets(before, after).tightens.length > 0) return;
          const [was, is] = [compilePolicies(before), compilePolicies(after)];
          for (const input of inputs) assert.equal(laxer(decide(is, input), decide(was, input)), undefined);
        },
      ),
      byLine,
    );
  });

  test('a set compared with itself, shuffled, has nothing to say', () => {
    fc.assert(
      fc.property(anySet, (set) => {
        const shuffled = {
          ...set,
          policies: set.policies.toReversed().map((each) => ({ ...each, rules: each.rules.toReversed() })),
        };
        assert.deepEqual(compareSets(set, shuffled), { loosens: [], tightens: [] });
      }),
    );
  });
});
