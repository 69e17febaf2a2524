import { test } from 'node:test';
import { finds, mends, policyOf, ruleOf, silent } from '../../check.fixture.ts';

const code = 'approval-by-anyone';

test('a star among the approvers for production is found', () => {
  finds(code, ruleOf('name: x\neffect: approve\napproval: { by: [«"*"»] }'), [/on `shop-db`, also the one/]);
});

test('approvers that are left out are any person', () => {
  finds(code, ruleOf('{ name: x, effect: «approve» }'), [/by: \["group:dba"\]/]);
  finds(code, ruleOf('name: x\neffect: «approve»\napproval: { within: 5m }'), [/Any person/]);
});

test('named approvers are no matter', () => {
  silent(code, ruleOf('name: x\neffect: approve\napproval: { by: ["group:dba", "person:ada"] }'));
});

test('where nothing is production, or nobody knows, the person at the desk may answer', () => {
  const rules = 'rules:\n  - { name: x, effect: approve }\n';
  silent(code, policyOf(rules, { to: '[dev-db]' }));
  silent(
    code,
    { 'gatehouse.yaml': 'gatehouse: v1\n', 'policies/a.policy.yaml': policyOf(rules) },
    { broken: true },
  );
});

test('the star can be taken out from beside a name', () => {
  mends(
    code,
    ruleOf('name: x\neffect: approve\napproval: { by: ["*", "group:dba"] }'),
    ruleOf('name: x\neffect: approve\napproval: { by: ["group:dba"] }'),
    { safety: 'unsafe' },
  );
});
