import { test } from 'node:test';
import { finds, ruleOf, silent } from '../../check.fixture.ts';

const code = 'regex-complexity';
const when = (condition: string): string =>
  ruleOf(`name: x\neffect: deny\nmessage: Ask for less.\nwhen: |\n  ${condition}`);

test('a repetition that is counted to a thousand is found at its count', () => {
  finds(code, when("request.text.matches('^\\\\w«{1000}»')"), [/1\d{3} instructions/]);
});

test('repetitions inside of repetitions multiply, and the larger count is found', () => {
  finds(code, when("request.text.matches('(\\\\w{1,20}x)«{1,50}»')"), [/Count less/]);
});

test('a pattern that is long without any count is found whole', () => {
  finds(code, when(`request.text.matches(«'${'abcdefgh|'.repeat(130)}z'»)`), [/instructions/]);
});

test('patterns of words, small counts and counts in other texts are no matter', () => {
  silent(code, when("request.text.matches('(?i)\\\\b(drop|truncate)\\\\s+table\\\\b')"));
  silent(code, when("request.text.matches('^[0-9]{4}-[0-9]{2}-[0-9]{2}$')"));
  silent(code, when("request.text.contains('{1000}')"));
});

test('a condition that does not compile says nothing of its patterns', () => {
  silent(code, when("request.text.matches('a{1000}') &&"), { broken: true });
});
