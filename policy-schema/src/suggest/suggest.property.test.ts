import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { checkWorkspace } from '../check/check-workspace.ts';
import { compilePolicies, decide } from '../evaluate/decide.ts';
import type { DecisionInput } from '../evaluate/decision.ts';
import { anyInput, anySet } from '../evaluate/samples.ts';
import type { Effect, PolicySet, Rule } from '../model/policy.ts';
import { applyEdits } from '../syntax/edits.ts';
import { suggestRules } from './suggest.ts';
import type { Suggestion } from './suggestion.ts';

const workspace = {
  file: '.gatehouse/gatehouse.yaml',
  text: `gatehouse: v1
kind: Workspace
resources:
  - { name: shop-db, protocol: postgres, labels: { env: prod }, host: localhost, database: shop, user: rw }
  - { name: crm-db, protocol: postgres, labels: { env: dev }, host: localhost, database: crm, user: rw }
`,
};

/** The set as files, half of them in lines and half on one, without conditions that do not compile. */
function filesOf(set: PolicySet): ReadonlyMap<string, string> {
  return new Map(
    set.policies.map(({ name, mode, applies, rules }, place) => [
      `.gatehouse/policies/${name}.policy.yaml`,
      [
        'gatehouse: v1',
        'kind: Policy',
        `name: ${name}`,
        `mode: ${mode}`,
        `applies: ${JSON.stringify(applies)}`,
        ...(rules.length === 0
          ? ['limits: { rows: 10 }']
          : place % 2 === 0
            ? ['rules:', ...rules.map((rule) => `  # of ${rule.name}\n  - ${lines(rule).join('\n    ')}`)]
            : [`rules: [${rules.map((rule) => `{ ${lines(rule).join(', ')} }`).join(', ')}]`]),
        '',
      ].join('\n'),
    ]),
  );
}

function lines({ name, effect, vocabulary, selector, when }: Rule): readonly string[] {
  const keys = Object.keys(selector).length > 0;
  return [
    `name: ${name}`,
    `effect: ${effect}`,
    ...(vocabulary === undefined || !keys ? [] : [`sql: ${JSON.stringify(selector)}`]),
    ...(when === undefined || when.includes('broken') ? [] : [`when: '${when}'`]),
  ];
}

function compiled(files: ReadonlyMap<string, string>) {
  const { set } = checkWorkspace({ workspace, policies: files, checks: [] });
  return set && compilePolicies(set);
}

function withEdits(files: ReadonlyMap<string, string>, { edits }: Suggestion): ReadonlyMap<string, string> {
  const after = new Map(files);
  for (const [file, own] of Map.groupBy(edits, (edit) => edit.file))
    after.set(file, applyEdits(files.get(file) ?? '', own));
  return after;
}

const rank: Readonly<Record<Effect, number>> = { allow: 0, approve: 1, deny: 2 };
const onKnown = anyInput.filter(({ resource }) => resource.name !== 'other');

/** Whether a rule denies any of it, or the whole of it. */
function isForbidden(policies: NonNullable<ReturnType<typeof compiled>>, input: DecisionInput): boolean {
  return decide(policies, input).actions.some(({ effect, rules }) => effect === 'deny' && rules.length > 0);
}

/** Whether an agent does nothing on a resource but what another request did. */
function isWithin(one: DecisionInput, other: DecisionInput): boolean {
  return one.request.actions.every(
    (action) =>
      action.implied === true ||
      other.request.actions.some(
        ({ kind, facts }) =>
          kind === action.kind &&
          // What names none is told apart by its facts, which these requests do not have.
          (facts.table === undefined || facts.table === '*' || facts.table === action.facts.table) &&
          (!Array.isArray(facts.columns) ||
            facts.columns.length === 0 ||
            facts.columns.includes('*') ||
            (Array.isArray(action.facts.columns) &&
              action.facts.columns.every((column: string) => facts.columns?.includes(column)))),
      ),
  );
}

describe('for any policies and any requests', () => {
  test('each suggestion does what it says, and lifts no deny rule unless it is an exception', () => {
    let seen = 0;
    fc.assert(
      fc.property(anySet, onKnown, fc.array(onKnown, { maxLength: 8 }), (set, request, others) => {
        const files = filesOf(set);
        const before = compiled(files);
        if (before === undefined) return;
        const found = suggestRules({
          workspace,
          policies: files,
          request: [request],
          others: others.map((each) => [each]),
        });
        assert.ok(found.kind === 'suggested');
        assert.equal(found.effect, decide(before, request).effect);
        for (const suggestion of found.suggestions) {
          seen++;
          const after = compiled(withEdits(files, suggestion));
          assert.ok(after !== undefined, 'the files have no errors afterwards');
          assert.equal(decide(after, request).effect, suggestion.effect);
          assert.ok(rank[suggestion.effect] < rank[found.effect]);
          let loosened = 0;
          for (const other of others) {
            const [was, is] = [decide(before, other).effect, decide(after, other).effect];
            if (rank[is] >= rank[was]) continue;
            loosened++;
            if (suggestion.kind !== 'exception') assert.ok(!isForbidden(before, other), suggestion.title);
          }
          assert.equal(suggestion.evidence.loosened, loosened, 'what it tells is what becomes of the others');
        }
      }),
      { numRuns: 400 },
    );
    assert.ok(seen > 200, `${seen} suggestions`);
  });

  test('the first rule lets nothing pass but what the request did, of the agent that asked', () => {
    fc.assert(
      fc.property(anySet, onKnown, fc.array(onKnown, { maxLength: 20 }), (set, request, others) => {
        const files = filesOf(set);
        const before = compiled(files);
        if (before === undefined) return;
        const found = suggestRules({ workspace, policies: files, request: [request], others: [] });
        assert.ok(found.kind === 'suggested');
        const first = found.suggestions.find(({ kind }) => kind === 'rule');
        const after = first && compiled(withEdits(files, first));
        if (first === undefined || after === undefined) return;
        const rest = (input: DecisionInput) => ({
          ...input,
          request: {
            ...input.request,
            // What is left once all that passed before is taken out.
            actions: input.request.actions.filter(
              (_, at) => decide(before, input).actions[at]?.effect === 'deny',
            ),
          },
        });
        for (const other of others) {
          if (rank[decide(after, other).effect] >= rank[decide(before, other).effect]) continue;
          assert.equal(other.principal.agent, request.principal.agent);
          assert.equal(other.resource.name, request.resource.name);
          assert.ok(isWithin(rest(other), request), first.title);
        }
      }),
      { numRuns: 400 },
    );
  });
});
