import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'unknown-label-value';
const when = (condition: string) => ruleOf(`name: x\neffect: deny\nwhen: |\n      ${condition}`);

test('values of labels that no resource has are found', () => {
  finds(code, when('resource.labels.env == «"prd"»'), [/Did you mean `prod`/]);
  finds(code, when('resource.labels["env"] != «"staging"»'), [/gatehouse\.yaml has: prod, dev/]);
  finds(code, when('resource.labels.env in ["prod", «"production"»]'), [/production/]);
});

test('labels and names that nobody declares are found', () => {
  finds(code, when('has(resource.labels.tier) && resource.labels.tier == «"gold"»'), [/at all/]);
  finds(code, when('resource.name == «"shopdb"»'), [/Did you mean `shop-db`/]);
});

test('declared names and values are fine, and so are other texts', () => {
  silent(code, when('resource.labels.env == "prod" || resource.name == "dev-db"'));
  silent(code, when('principal.person == "prd" && resource.name.startsWith("sh")'));
});

test('without a gatehouse.yaml that can be read, nothing is known', () => {
  silent(
    code,
    { 'gatehouse.yaml': 'gatehouse: v1\nkind: Workspace\n', 'a.yaml': when('resource.name == "x"') },
    { broken: true },
  );
});

test('the value that is near can be written', () => {
  mends(code, when('resource.labels.env == "prd"'), when('resource.labels.env == "prod"'), {
    safety: 'unsafe',
  });
});
