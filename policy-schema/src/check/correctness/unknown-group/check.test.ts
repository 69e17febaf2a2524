import { test } from 'node:test';
import { finds, mends, policyOf, ruleOf, sampleWorkspace, silent } from '../../check.fixture.ts';

const code = 'unknown-group';
const workspace = `${sampleWorkspace}groups: { dba: Whoever runs the databases., privacy: Whoever may see all. }\n`;

function files(policy: string) {
  return { 'gatehouse.yaml': workspace, 'policies/a.policy.yaml': policy };
}

test('an approver of an unknown group is found, without its prefix', () => {
  finds(
    code,
    files(
      ruleOf(`name: x
effect: approve
approval: { by: ["group:«dbas»", "group:dba", "person:dbas"] }`),
    ),
    [/no group `dbas`\. Did you mean `dba`/],
  );
});

test('a group in a condition, a mask, an owner and whom a policy applies to is found', () => {
  finds(
    code,
    files(`gatehouse: v1
kind: Policy
name: a
owner: group:«nobody»
applies: { to: ["*"], groups: [«eng»] }
rules:
  - name: x
    effect: deny
    when: |
      !("«ops»" in principal.groups) && "dba" in principal.groups
masks:
  - { columns: ["*.ssn"], with: redact, unless: { groups: [«privcy»] } }
`),
    [/`nobody`.*Known: `dba`, `privacy`/, /`eng`/, /`ops`/, /Did you mean `privacy`/],
  );
});

test('a pattern that matches no group is found', () => {
  finds(
    code,
    files(policyOf('masks: [{ columns: ["*.ssn"], with: redact, unless: { groups: ["«eng*»", "d*"] } }]\n')),
    [/matches `eng\*`/],
  );
});

test('nothing is found where gatehouse.yaml says nothing of groups, or cannot be read', () => {
  const policy = ruleOf('name: x\neffect: approve\napproval: { by: ["group:dbas"] }');
  silent(code, policy);
  silent(
    code,
    { 'gatehouse.yaml': `${workspace}x: 1\n`, 'policies/a.policy.yaml': policy },
    { broken: true },
  );
});

test('known groups, people, agents and texts of other kinds are left alone', () => {
  silent(
    code,
    files(
      ruleOf(`name: x
effect: approve
when: principal.agent == "eng" || principal.person == "ops" || request.text == "dbas"
approval: { by: ["group:dba", "person:dbas", "*"] }`),
    ),
  );
});

test('the fix writes the known group', () => {
  const text = (group: string) => ruleOf(`name: x\neffect: deny\nwhen: '"${group}" in principal.groups'`);
  mends(code, files(text('dbas')), files(text('dba')), { title: /^Write `dba`/, safety: 'unsafe' });
});

test('the fix makes the group known', () => {
  const policy = policyOf('masks: [{ columns: ["*.ssn"], with: redact, unless: { groups: [auditors] } }]\n');
  mends(
    code,
    files(policy),
    {
      ...files(policy),
      'gatehouse.yaml': workspace.replace(
        'may see all. }',
        'may see all., auditors: "The group auditors." }',
      ),
    },
    { title: /known in gatehouse/, safety: 'unsafe' },
  );
});
