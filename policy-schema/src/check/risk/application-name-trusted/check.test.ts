import { test } from 'node:test';
import { finds, ruleOf, silent } from '../../check.fixture.ts';

const code = 'application-name-trusted';

test('a rule that asks for the name of the application is found', () => {
  finds(code, ruleOf(`name: x\neffect: allow\nsql: {}\nwhen: '«request.sql.application» == "migrate"'`), [
    /principal\.agent/,
  ]);
  finds(code, ruleOf(`name: x\neffect: deny\nwhen: '!«request.sql.application».startsWith("shop-")'`), [
    /application_name/,
  ]);
});

test('what the token says is no matter', () => {
  silent(code, ruleOf(`name: x\neffect: allow\nsql: {}\nwhen: 'principal.agent == "migrate"'`));
  silent(code, ruleOf(`name: x\neffect: deny\nwhen: 'principal.task == "" || request.sql.hasWhere'`));
});

test('a text that only spells the name is no matter', () => {
  silent(code, ruleOf(`name: x\neffect: deny\nwhen: '"request.sql.application" == principal.task'`));
});
