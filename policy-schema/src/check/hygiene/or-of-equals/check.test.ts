import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'or-of-equals';
const when = (condition: string): string =>
  ruleOf(`name: no-drops\neffect: deny\nmessage: Ask the owners first.\nwhen: |\n  ${condition}`);

test('the same fact compared three times is found from the first to the last', () => {
  finds(
    code,
    when(
      'request.sql.hasWhere && («principal.agent == "a" || principal.agent == "b" || "c" == principal.agent»)',
    ),
    [/Write `principal\.agent in \["a", "b", "c"\]`/],
  );
});

test('none of several is the same question', () => {
  finds(code, when('«principal.agent != "a" && principal.agent != "b" && principal.agent != "c"»'), [
    /`!\(principal\.agent in \["a", "b", "c"\]\)`/,
  ]);
});

test('two comparisons read well, and so do those of different facts', () => {
  silent(code, when('principal.agent == "a" || principal.agent == "b"'));
  silent(code, when('principal.agent == "a" || principal.person == "b" || principal.task == "c"'));
  silent(code, when('principal.agent == "a" || principal.agent != "b" || principal.agent == "c"'));
  silent(code, when('principal.agent in ["a", "b", "c"]'));
});

test('a fact that is no text and no whole number is left alone', () => {
  silent(
    code,
    when(
      'request.sql.plannerCost == 1.0 || request.sql.plannerCost == 2.0 || request.sql.plannerCost == 3.0',
    ),
  );
});

test('the fix writes the list, each text once', () => {
  mends(
    code,
    when(
      '(principal.agent == "a") || principal.agent == "b" || principal.agent == "a" || principal.agent == "c"',
    ),
    when('principal.agent in ["a", "b", "c"]'),
    { safety: 'safe' },
  );
  mends(
    code,
    when(
      '!(request.sql.statementCount == 1 || request.sql.statementCount == 2 || request.sql.statementCount == 3)',
    ),
    when('!(request.sql.statementCount in [1, 2, 3])'),
  );
});
