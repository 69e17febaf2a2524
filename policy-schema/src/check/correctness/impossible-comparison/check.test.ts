import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileCondition } from '../../../conditions/condition.ts';
import { rangedFunctions, rangeOf } from '../../../conditions/ranges.ts';
import { nodesOf } from '../../../conditions/tree.ts';
import { finds, ruleOf, silent } from '../../check.fixture.ts';

const code = 'impossible-comparison';
const when = (condition: string) => ruleOf(`name: x\neffect: deny\nwhen: |\n      ${condition}`);

test('hours, months and days that no clock has are found', () => {
  finds(code, when('now.getHours() < 6 || «now.getHours() >= 24»'), [/0 to 23, so this is never true/]);
  finds(code, when('«now.getMonth("Europe/Berlin") == 12»'), [/December 11/]);
  finds(code, when('«7 == now.getDayOfWeek()»'), [/Sunday is 0/]);
  finds(code, when('«now.getDate() > 0»'), [/always true/]);
});

test('a count below nothing is found', () => {
  finds(code, when('«request.sql.statementCount < 0»'), [/never below 0/]);
  finds(code, when('«size(request.sql.tables) >= 0» && request.sql.hasWhere'), [/always/]);
  finds(code, when('«request.sql.tables.filter(t, t == "a").size() == -1»'), [/never/]);
});

test('numbers that a clock shows are fine, the last ones too', () => {
  silent(
    code,
    when('now.getHours() >= 23 || now.getMonth() == 11 || now.getDate() == 31 || now.getHours() > 0'),
  );
  silent(code, when('request.sql.statementCount > 0 && size(request.sql.tables) == 0'));
});

test('a length of time may have more hours than a day', () => {
  silent(code, when('(now - timestamp("2026-01-01T00:00:00Z")).getHours() > 48'));
});

test('every function of times has a range', () => {
  for (const name of rangedFunctions) {
    const compiled = compileCondition(`now.${name}() == 1`);
    assert.ok(compiled.ok);
    assert.ok(
      [...nodesOf(compiled.condition.tree)].some((node) => rangeOf(node)?.most !== undefined),
      name,
    );
  }
});
