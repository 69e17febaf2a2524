import { test } from 'node:test';
import { finds, mends, policyOf, ruleOf, sampleWorkspace, silent } from '../../check.fixture.ts';

const code = 'deny-condition-can-error';
const deny = (when: string) => ruleOf(`name: x\neffect: deny\nwhen: |\n  ${when}`);

test('a label that a resource lacks is found, and the resource named', () => {
  finds(code, deny('«resource.labels.team» == "shop"'), [/On `shop-db`, which has no label `team`/]);
  finds(code, deny('request.sql.hasWhere || «resource.labels["team"]» == "a"'), [/has\(\)/]);
});

test('a label that only some of the resources have is found', () => {
  const text = sampleWorkspace.replace('labels: { env: dev }', 'labels: {}');
  const rules = 'rules:\n  - { name: x, effect: approve, when: «resource.labels.env» == "prod" }\n';
  finds(code, { 'gatehouse.yaml': text, 'policies/a.policy.yaml': policyOf(rules, { to: '["*"]' }) }, [
    /`dev-db`/,
  ]);
});

test('an index, a number, a time zone, a time and a divisor that come from outside are found', () => {
  finds(code, deny('«principal.groups[0]» == "dba"'), [/list is shorter/]);
  finds(code, deny('«int(principal.task)» > 3 || «timestamp(principal.task)» < now'), [/no number/, /3339/]);
  finds(code, deny('«request.text.split(";")[1]» == ""'), [/shorter/]);
  finds(code, deny('now.getHours(«principal.task») > 3'), [/no time zone/]);
  finds(code, deny('«10 / request.sql.statementCount» > 3'), [/divisor/]);
});

test('what is asked for first cannot fail, whichever side it stands on', () => {
  silent(code, deny('has(resource.labels.team) && resource.labels.team == "shop"'));
  silent(code, deny('resource.labels.team == "shop" && "team" in resource.labels'));
  silent(code, deny('!has(resource.labels.team) || resource.labels.team == "shop"'));
  silent(code, deny('has(resource.labels.team) ? resource.labels.team == "a" : false'));
  silent(code, deny('principal.groups.size() > 0 && principal.groups[0] == "dba"'));
});

test('labels that all resources have, first parts and literals cannot fail', () => {
  silent(code, deny('resource.labels.env == "prod"'));
  silent(code, deny('request.text.split(";")[0] == "" || int("3") > 2 || 10 % 3 == 1'));
  silent(code, deny('now > timestamp("2026-01-01T00:00:00Z") && now.getHours("UTC") > 3'));
});

test('without a workspace nobody knows the labels', () => {
  silent(
    code,
    { 'gatehouse.yaml': '{', 'policies/a.policy.yaml': deny('resource.labels.team == "a"') },
    { broken: true },
  );
});

test('allow rules are another matter', () => {
  silent(
    code,
    ruleOf('name: x\neffect: allow\nsql: { actions: [begin] }\nwhen: resource.labels.team == "a"'),
  );
});

test('the label can be asked for first', () => {
  mends(
    code,
    deny('request.sql.hasWhere && resource.labels.team == "a"'),
    deny('request.sql.hasWhere && has(resource.labels.team) && resource.labels.team == "a"'),
    { safety: 'unsafe' },
  );
  mends(
    code,
    deny('request.sql.hasWhere || resource.labels.team == "a"'),
    deny('request.sql.hasWhere || (has(resource.labels.team) && resource.labels.team == "a")'),
  );
});
