import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'approver-redundant';
const by = (list: string) =>
  ruleOf(`name: x\neffect: approve\nsql: { actions: [delete] }\napproval: { by: [${list}] }`);

test('approvers beside `*` are found', () => {
  finds(code, by('«group:dba», "*"'), [/lets any person answer/]);
});

test('an approver who stands twice is found', () => {
  finds(code, by('group:dba, person:ada, «group:dba»'), [/already/]);
});

test('a group and a person may both answer, and `*` alone lets anybody', () => {
  silent(code, by('group:dba, person:dba'));
  silent(code, by('"*"'));
  silent(code, ruleOf('name: x\neffect: approve\nsql: { actions: [delete] }'));
});

test('a name with a star in it is that name', () => {
  silent(code, by('"group:*", group:dba'));
});

test('the approver can be removed', () => {
  mends(code, by('"*", group:dba'), by('"*"'), { safety: 'safe' });
});
