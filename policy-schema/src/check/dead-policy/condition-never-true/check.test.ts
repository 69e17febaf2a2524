import { test } from 'node:test';
import { finds, mends, policyOf, ruleOf, silent } from '../../check.fixture.ts';

const code = 'condition-never-true';
const when = (condition: string, effect = 'deny') =>
  ruleOf(`name: x\neffect: ${effect}\nsql: { actions: [delete] }\nwhen: ${condition}`);

test('parts that exclude each other are found, exactly where they stand', () => {
  finds(code, when('«resource.name == "a" && resource.name == "b"»'), [/stops nothing/]);
  finds(code, when("'«request.sql.hasWhere && !request.sql.hasWhere»'"), [/exclude each other/]);
  finds(code, when('>-\n  «now.getHours() > 22\n  && now.getHours() < 6»'.replaceAll('\n  ', '\n      ')), [
    /`\|\|`/,
  ]);
  finds(code, when('"«request.sql.length > 100 && (request.sql.length < 50 || request.sql.length == 60)»"'), [
    /never/,
  ]);
});

test('an empty list holds nothing', () => {
  finds(code, when('«principal.person in []»', 'allow'), [/allows nothing/]);
});

test('how bad it is depends on what the rule was to do', () => {
  const severity = (effect: string, condition = 'resource.name == "a" && resource.name == "b"') =>
    finds(code, when(`"«${condition.replaceAll('"', "'")}»"`, effect), [/never|false/])[0]?.severity;
  if (severity('deny') !== 'error' || severity('approve') !== 'error') throw new Error('an error');
  if (severity('allow') !== 'warning') throw new Error('a warning');
  if (severity('deny', 'false') !== 'information') throw new Error('an information');
});

test('a night goes over midnight by `||`', () => {
  silent(code, when('now.getHours() > 22 || now.getHours() < 6'));
});

test('values that only may differ exclude nothing', () => {
  silent(code, when('resource.name == "a" && resource.labels.env == "b"'));
  silent(code, when('request.sql.plannerCost > 2.0 && request.sql.plannerCost < 3.0'));
  silent(code, when('principal.groups.exists(g, g == "a") && principal.groups.exists(g, g == "b")'));
  silent(code, when('now.getHours("Europe/Berlin") > 22 && now.getHours("UTC") < 22'));
});

test('the rule can be removed', () => {
  const rule = (name: string, more = '') => `  - { name: ${name}, effect: deny${more} }\n`;
  mends(
    code,
    policyOf(`rules:\n${rule('x', ', when: "false"')}${rule('y')}`),
    policyOf(`rules:\n${rule('y')}`),
    {
      safety: 'unsafe',
    },
  );
});
