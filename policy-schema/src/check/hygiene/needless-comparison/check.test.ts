import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'needless-comparison';
const when = (condition: string): string =>
  ruleOf(`name: no-drops\neffect: deny\nmessage: Ask the owners first.\nwhen: ${condition}`);

test('a fact that is compared with true or false is found, on either side', () => {
  finds(code, when('«request.sql.hasWhere == true»'), [/Write `request\.sql\.hasWhere`/]);
  finds(code, when('"request.sql.hasLimit && «false == request.sql.hasWhere»"'), [
    /Write `!request\.sql\.hasWhere`/,
  ]);
  finds(code, when('"«request.text.contains(\'a\') != true»"'), [/`!` turns it round/]);
});

test('comparisons of other things, and truth by itself, are fine', () => {
  silent(code, when('request.sql.hasWhere'));
  silent(code, when('request.sql.hasWhere == request.sql.hasLimit'));
  silent(code, when('request.text == "true"'));
  silent(code, when('resource.labels.strict == "false"'));
});

test('the fix leaves what was compared, or turns it round', () => {
  mends(code, when('request.sql.hasWhere == true'), when('request.sql.hasWhere'), { safety: 'safe' });
  mends(code, when('request.sql.hasWhere == false'), when('"!request.sql.hasWhere"'));
  mends(code, when("'request.sql.hasWhere != true || false'"), when("'!request.sql.hasWhere || false'"));
  mends(
    code,
    when('|\n  (request.sql.hasWhere || request.sql.hasLimit) == false'),
    when('|\n  !(request.sql.hasWhere || request.sql.hasLimit)'),
  );
  mends(code, when('"request.sql.length > 5 == false"'), when('"!(request.sql.length > 5)"'));
});
