import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'expensive-part-first';
const when = (condition: string): string =>
  ruleOf(`name: x\neffect: deny\nmessage: Ask for less.\nwhen: ${condition}`);

test('a search before a fact is found, with what should be asked first', () => {
  finds(code, when('"«request.text.contains(\'DROP\')» && !request.sql.hasWhere"'), [
    /`!request\.sql\.hasWhere` alone makes this false/,
  ]);
});

test('in an alternative, the fact that is true decides', () => {
  finds(code, when('"«request.text.matches(\'x+\')» || request.sql.hasLimit"'), [/makes this true/]);
});

test('inside of parentheses, and behind what shapes the text, it is found too', () => {
  finds(
    code,
    when(
      "\"request.sql.hasLimit && («request.text.lowerAscii().contains('a')» || principal.agent == 'claude')\"",
    ),
    [/Ask for that first/],
  );
});

test('facts first, searches alone and searches in other texts are fine', () => {
  silent(code, when('"!request.sql.hasWhere && request.text.contains(\'DROP\')"'));
  silent(code, when("\"request.text.contains('a') && request.text.matches('b')\""));
  silent(code, when('"resource.name.contains(\'prod\') && request.sql.hasWhere"'));
  silent(code, when('"request.text.startsWith(\'/*\') && request.sql.hasWhere"'));
});

test('the fix puts facts first, each with its parentheses, and keeps the order of the others', () => {
  mends(
    code,
    when(
      "\"request.text.contains('a') && request.text.contains('b') && (request.sql.hasWhere) && request.sql.hasLimit\"",
    ),
    when(
      "\"(request.sql.hasWhere) && request.sql.hasLimit && request.text.contains('a') && request.text.contains('b')\"",
    ),
    { safety: 'safe' },
  );
  mends(
    code,
    when('|\n  (request.text.contains("a") || request.text.contains("b")) && request.sql.hasWhere'),
    when('|\n  request.sql.hasWhere && (request.text.contains("a") || request.text.contains("b"))'),
  );
});

test('a condition without quotes gets them where it needs them', () => {
  mends(
    code,
    when("request.text.contains('a') && !request.sql.hasWhere"),
    when('"!request.sql.hasWhere && request.text.contains(\'a\')"'),
  );
});

test('where a part can fail, there is no fix', () => {
  const [found] = finds(code, when("\"«request.text.contains('a')» && resource.labels.env == 'prod'\""), [
    /Ask for that first/,
  ]);
  assert.equal(found?.fixes, undefined);
});
