import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'allow-condition-can-error';
const allow = (when: string) =>
  ruleOf(`name: x\neffect: allow\nsql: { actions: [begin] }\nwhen: |\n  ${when}`);

test('a label that a resource lacks is found', () => {
  finds(code, allow('«resource.labels.team» == "shop"'), [/allows nothing there/]);
  finds(code, allow('!(«resource.labels.team» == "shop")'), [/`team`/]);
});

test('an index into a list is found', () => {
  finds(code, allow('«principal.groups[1]» == "dba"'), [/shorter/]);
});

test('what is asked for first, and labels that are there, cannot fail', () => {
  silent(code, allow('has(resource.labels.team) && resource.labels.team == "shop"'));
  silent(code, allow('resource.labels.env == "prod"'));
  silent(code, allow('"dba" in principal.groups'));
});

test('deny rules are another matter', () => {
  silent(code, ruleOf('name: x\neffect: deny\nwhen: resource.labels.team == "a"'));
});

test('asking first changes no answer of a rule that allows', () => {
  mends(
    code,
    allow('resource.labels.team == "a"'),
    allow('has(resource.labels.team) && resource.labels.team == "a"'),
    { safety: 'safe' },
  );
});

test('behind a negation it would allow more, so a person should look', () => {
  const [found] = finds(code, allow('!(«resource.labels.team» == "a")'), [/./]);
  assert.deepEqual(
    (found?.fixes ?? []).filter(({ safety }) => safety === 'safe'),
    [],
  );
});
