import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'negated-comparison';
const when = (condition: string): string =>
  ruleOf(`name: no-drops\neffect: deny\nmessage: Ask the owners first.\nwhen: ${condition}`);

test('the negation of a comparison is found whole', () => {
  finds(code, when('"«!(principal.agent == \'claude\')»"'), [/Write `principal\.agent != 'claude'`/]);
  finds(code, when('"request.sql.hasWhere || «!(principal.agent != \'claude\')»"'), [/==/]);
});

test('a negation of a negation is found once', () => {
  finds(code, when('"«!(!request.sql.hasWhere)»"'), [/Write `request\.sql\.hasWhere`/]);
  finds(code, when('"«!!request.sql.hasWhere»"'), [/easy to overlook/]);
});

test('negations of facts, calls and alternatives are fine', () => {
  silent(code, when('"!request.sql.hasWhere"'));
  silent(code, when("\"!('a.b' in request.sql.tables) && !request.text.contains('a')\""));
  silent(code, when('"!(request.sql.hasWhere || principal.agent == \'claude\')"'));
  silent(code, when('"!(request.sql.length < 5)"'));
});

test('the fix says it directly, with parentheses where they are needed', () => {
  mends(code, when('"!(principal.agent == \'claude\')"'), when('"principal.agent != \'claude\'"'), {
    safety: 'safe',
  });
  mends(
    code,
    when('|\n  (!(principal.agent == "a")) == request.sql.hasWhere'),
    when('|\n  ((principal.agent != "a")) == request.sql.hasWhere'),
  );
  mends(
    code,
    when('|\n  !(!(request.sql.hasWhere || request.sql.hasLimit)) && true'),
    when('|\n  (request.sql.hasWhere || request.sql.hasLimit) && true'),
  );
});
