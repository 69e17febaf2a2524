import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { checkWorkspace } from '../../check/check-workspace.ts';
import type { PolicySet } from '../../model/policy.ts';
import type { Resource } from '../../model/workspace.ts';
import { parseYaml } from '../../syntax/parse-yaml.ts';
import { loadTests } from '../../tests/load-tests.ts';
import { loadReaders } from '../../vocabulary/readers.ts';
import { conditionMutants } from './condition-mutants.ts';
import { type JudgedMutant, MutantJudge } from './judge-mutants.ts';
import { placeOf } from './place-of.ts';
import { policyMutants } from './policy-mutants.ts';
import { countOf, scoreOf, scoreParts } from './score.ts';

const workspace = `gatehouse: v1
kind: Workspace
resources:
  - { name: shop-db, protocol: postgres, host: 127.0.0.1, database: shop, user: app, labels: { env: prod } }
  - { name: crm-db, protocol: postgres, host: 127.0.0.1, database: crm, user: app }
`;
const policy = `gatehouse: v1
kind: Policy
name: shop
lists: { sold: [public.orders, public.products] }
applies: { to: [shop-db], agents: [claude, copilot] }
rules:
  - name: read
    effect: allow
    sql: { actions: [select], tables: [$sold] }
  - name: write
    effect: approve
    sql: { actions: [update, delete], tables: [public.orders] }
    when: request.sql.hasWhere && (request.sql.estimatedRows > 100 || "dba" in principal.groups)
  - name: no-drops
    effect: deny
    sql: { actions: [drop] }
masks:
  - { columns: [public.orders.email, "*.ssn"], with: redact, unless: { groups: [privacy] } }
limits: { rows: 1000 }
`;
const file = '.gatehouse/policies/shop.policy.yaml';

let set: PolicySet;
let resources: readonly Resource[];

before(async () => {
  await loadReaders();
  const files = {
    workspace: { file: '.gatehouse/gatehouse.yaml', text: workspace },
    policies: new Map([[file, policy]]),
  };
  const checked = checkWorkspace({ ...files, checks: [] });
  assert.deepEqual(checked.diagnostics, []);
  assert.ok(checked.set && checked.workspace);
  set = checked.set;
  resources = checked.workspace.resources;
});

function judged(cases: string): readonly JudgedMutant[] {
  const { tests, diagnostics } = loadTests('shop.test.yaml', `gatehouse: v1\nkind: Test\ncases:\n${cases}\n`);
  assert.deepEqual(diagnostics, []);
  const judge = new MutantJudge(set, resources, tests?.cases ?? []);
  return [...policyMutants(set)].map((mutant) => judge.judge(mutant));
}

const first =
  '  - { name: a, request: select 1 from orders, resource: shop-db, principal: { agent: claude }, expect: { decision: allow } }';

describe('mutants of policies', () => {
  it('differ from the policies in one thing, and no two are alike', () => {
    const mutants = [...policyMutants(set)];
    const sets = new Set(mutants.map((mutant) => JSON.stringify(mutant.set)));
    assert.equal(sets.size, mutants.length);
    assert.ok(!sets.has(JSON.stringify(set)));
    const about = (part: string) =>
      mutants
        .filter((each) => each.part === part)
        .map(({ mutation, now }) => `${mutation} ${now ?? ''}`.trim());
    assert.deepEqual(about('no-drops'), [
      'removed',
      'effect flipped effect: allow',
      'effect flipped effect: approve',
      'list widened actions: ["*"]',
    ]);
    assert.deepEqual(about('limits'), ['limit raised rows: 10000']);
    assert.deepEqual(about('applies'), [
      'list widened to: ["*"]',
      'item dropped agents: […]',
      'item dropped agents: […]',
      'list widened agents: ["*"]',
    ]);
    assert.equal(about('write').filter((each) => each.startsWith('operand')).length, 5);
  });

  it('of conditions negate, drop and fix operands, and move comparisons', () => {
    const texts = conditionMutants('a && b').map(({ when }) => when);
    assert.deepEqual(texts, [], 'what does not compile has none');
    assert.deepEqual(
      conditionMutants(
        'request.sql.hasWhere || (request.sql.estimatedRows > 10 && request.sql.inTransaction)',
      ).map(({ mutation, when }) => `${mutation}: ${when}`),
      [
        'condition negated: !(request.sql.hasWhere || (request.sql.estimatedRows > 10 && request.sql.inTransaction))',
        'operand dropped: request.sql.estimatedRows > 10 && request.sql.inTransaction',
        'operand dropped: request.sql.hasWhere',
        'operand dropped: request.sql.hasWhere || (request.sql.inTransaction)',
        'operand dropped: request.sql.hasWhere || (request.sql.estimatedRows > 10)',
        'operand fixed: request.sql.hasWhere || (false)',
        'comparison shifted: request.sql.hasWhere || (request.sql.estimatedRows >= 10 && request.sql.inTransaction)',
      ],
    );
  });

  it('stand at the place of the change; an item of a named list at its use', () => {
    const tree = parseYaml(file, policy);
    const lines = new Map(
      [...policyMutants(set)].map((mutant) => [
        `${mutant.part} ${mutant.mutation}`,
        placeOf(mutant, tree).line,
      ]),
    );
    assert.equal(lines.get('read item dropped'), 9);
    assert.equal(lines.get('write comparison shifted'), 13);
    assert.equal(lines.get('no-drops effect flipped'), 15);
    assert.equal(lines.get('limits limit raised'), 19);
  });

  it('are killed by a test that is decided otherwise, and survive with a test that would be', () => {
    const all = judged(first);
    const read = all.find(({ mutant }) => mutant.part === 'read' && mutant.mutation === 'removed');
    assert.equal(read?.outcome === 'killed' && read.by.name, 'a');
    const shift = all.find(({ mutant }) => mutant.mutation === 'comparison shifted');
    assert.ok(shift?.outcome === 'survived' && shift.missing);
    assert.match(shift.missing.lines.join('\n'), /facts: \{ estimatedRows: 100, /);
    const kept = all.find(({ mutant }) => mutant.part === 'no-drops' && mutant.mutation === 'removed');
    assert.equal(kept?.outcome, 'equivalent', 'what no rule allows is denied in any case');
  });

  it('are all killed once the proposed tests are taken in', () => {
    const proposed = new Set(
      judged(first).flatMap((each) => (each.outcome === 'survived' ? [each.missing?.lines.join('\n')] : [])),
    );
    assert.ok(!proposed.has(undefined));
    const all = judged([first, ...proposed].join('\n'));
    const counts = countOf(all);
    assert.equal(scoreOf(counts), 1);
    assert.ok(counts.killed > 30);
    const names = scoreParts(all).map(({ part }) => part);
    assert.ok(names.includes('write'));
  });
});
