import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'condition-always-true';
const when = (condition: string) =>
  ruleOf(`name: x\neffect: allow\nsql: { actions: [select] }\nwhen: ${condition}`);

test('parts one of which always holds are found', () => {
  finds(code, when('\'«resource.name != "a" || resource.name != "b"»\''), [/`&&` where all parts/]);
  finds(code, when("'«!request.sql.hasWhere || request.sql.hasWhere»'"), [/every request/]);
  finds(code, when('«request.sql.length > 3 || request.sql.length < 10»'), [/always true/]);
});

test('`true` says that somebody meant it', () => {
  const [found] = finds(code, when('"«true»"'), [/as if there were none/]);
  if (found?.severity !== 'information') throw new Error('it must be an information');
});

test('conditions that leave something out are conditions', () => {
  silent(code, when('resource.name != "a" && resource.name != "b"'));
  silent(code, when('request.sql.length > 10 || request.sql.length < 3'));
  silent(code, when('request.sql.hasWhere'));
});

test('numbers that may be none at all prove nothing', () => {
  silent(code, when('request.sql.plannerCost > 3.0 || request.sql.plannerCost <= 3.0'));
});

test('the condition can be removed, for sure where nothing in it can fail', () => {
  const none = ruleOf('name: x\neffect: allow\nsql: { actions: [select] }');
  mends(code, when('"true || false"'), none, { safety: 'safe' });
  mends(code, when('request.sql.hasWhere || request.sql.hasWhere == false'), none, { safety: 'unsafe' });
});
