/** What these checks call needless is: without it no request gets another answer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compilePatterns } from '../../model/pattern.ts';
import type { Policy, PolicySet } from '../../model/policy.ts';
import { compilePolicies, decide } from '../../evaluate/decide.ts';
import type { Decision, DecisionInput } from '../../evaluate/decision.ts';
import { maskWords, strictestMask } from '../../evaluate/mask-strength.ts';
import { anyInput, anyPolicy, named } from '../../evaluate/samples.ts';
import type { Diagnostic } from '../../syntax/diagnostic.ts';
import { applyEdits } from '../../syntax/edits.ts';
import { CheckSession } from '../session.ts';
import { deadPolicyChecks } from './checks.ts';

/** Few names and wide scopes, so that rules meet. */
const sets = fc
  .array(
    fc.tuple(anyPolicy, fc.boolean()).map(([policy, wide]) => ({
      ...policy,
      ...(wide ? { applies: { to: ['*'], agents: ['*'] } } : {}),
    })),
    { minLength: 1, maxLength: 3 },
  )
  .map(named);

/** A policy as a file: YAML holds JSON. */
function fileOf({ name, mode, applies, rules, masks, limits, budgets }: Policy): string {
  const own = {
    gatehouse: 'v1',
    kind: 'Policy',
    name,
    mode,
    applies,
    rules: rules.map(({ location: _, vocabulary, selector, approval, ...rule }) => ({
      ...rule,
      ...(vocabulary === undefined ? {} : { [vocabulary]: selector }),
      ...(approval === undefined ? {} : { approval: { ...approval, within: `${approval.within}ms` } }),
    })),
    masks: masks.map(({ location: _, writable, ...mask }) => ({
      ...mask,
      ...(writable === true && (mask.with === 'hash' || mask.with === 'tokenize') ? { writable } : {}),
    })),
    limits,
    budgets,
  };
  return JSON.stringify(own, null, 1);
}

function sessionOf(files: ReadonlyMap<string, string>): CheckSession {
  const session = new CheckSession({ checks: deadPolicyChecks });
  for (const [file, text] of files) session.setFile(file, text);
  return session;
}

function setOf(session: CheckSession): PolicySet {
  // Conditions that do not compile keep a set from being enforced; here they stand for those that fail.
  return { policies: session.world.policies.map(({ policy }) => policy), digest: '' };
}

const columns = ['public.a.x', 'public.a.y', 'audit.a.y', 'audit.b.x'];
const answerers = ['person:ann', 'group:dba', 'person:zoe', 'group:none'];

/** What an answer means, apart from its words. */
function answer({ effect, observed, approval, masks, limits, budgets }: Decision): unknown {
  return {
    effect,
    observed,
    approval: approval && {
      within: approval.within,
      counts: approval.counts,
      who: answerers.filter((one) => approval.by.every((list) => list.includes('*') || list.includes(one))),
    },
    masks: columns.map((column) => {
      const mask = strictestMask(masks.filter(({ columns }) => compilePatterns(columns)(column)));
      return mask && maskWords({ ...mask, harmless: [...(mask.harmless ?? [])].sort() });
    }),
    limits,
    // What one agent uses counts for the day of all agents as well.
    budgets: budgets
      .filter(
        ({ per, of, bound }) =>
          per !== 'agent' || !budgets.some((day) => day.per === 'day' && day.of === of && day.bound <= bound),
      )
      .map(({ per, of, bound }) => [per, of, bound]),
  };
}

function answers(set: PolicySet, inputs: readonly DecisionInput[]): unknown[] {
  const policies = compilePolicies(set);
  return inputs.map((input) => answer(decide(policies, input)));
}

/** Codes whose findings say that what is marked has no effect, and whose fix takes it out. */
const removes = ({ unnecessary, fixes = [] }: Diagnostic): boolean =>
  unnecessary === true && fixes.length > 0;

test('what is called needless can go, and no request gets another answer', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(sets, fc.array(anyInput, { minLength: 12, maxLength: 24 }), (set, inputs) => {
      const files = new Map(set.policies.map((policy) => [policy.location.file, fileOf(policy)]));
      const session = sessionOf(files);
      const before = setOf(session);
      assert.equal(before.policies.length, set.policies.length);
      for (const finding of session.all().filter(removes)) {
        seen.add(finding.code);
        const text = files.get(finding.file) ?? '';
        const changed = new Map(files).set(finding.file, applyEdits(text, finding.fixes?.[0]?.edits ?? []));
        const after = setOf(sessionOf(changed));
        assert.equal(after.policies.length, before.policies.length, changed.get(finding.file));
        assert.deepEqual(
          answers(after, inputs),
          answers(before, inputs),
          `${finding.code}: ${finding.message}`,
        );
      }
    }),
    { numRuns: 400 },
  );
  for (const code of expected) assert.ok(seen.has(code), `${code} was never found`);
});

const expected = [
  'budget-without-effect',
  'limit-without-effect',
  'mask-redundant',
  'pattern-redundant',
  'action-redundant',
  'rule-overridden-by-approve',
  'rule-overridden-by-deny',
  'rule-redundant',
];

test('all rules that are called needless can go at once', () => {
  fc.assert(
    fc.property(sets, fc.array(anyInput, { minLength: 12, maxLength: 24 }), (set, inputs) => {
      const files = new Map(set.policies.map((policy) => [policy.location.file, fileOf(policy)]));
      const session = sessionOf(files);
      const before = setOf(session);
      const needless = new Set(
        session
          .all()
          .filter(({ code }) => code.startsWith('rule-'))
          .map(({ file, range }) => `${file} ${files.get(file)?.slice(range.start, range.end)}`),
      );
      const after = before.policies.map((policy) => ({
        ...policy,
        rules: policy.rules.filter(({ name }) => !needless.has(`${policy.location.file} "${name}"`)),
      }));
      const count = (policies: readonly Policy[]) => policies.flatMap(({ rules }) => rules).length;
      assert.equal(count(after), count(before.policies) - needless.size);
      assert.deepEqual(answers({ ...before, policies: after }, inputs), answers(before, inputs));
    }),
    { numRuns: 400 },
  );
});
