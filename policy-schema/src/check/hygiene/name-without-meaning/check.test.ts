import { test } from 'node:test';
import { finds, ruleOf, silent } from '../../check.fixture.ts';

const code = 'name-without-meaning';
const named = (name: string): string => ruleOf(`name: ${name}\neffect: deny\nmessage: Ask the owners first.`);

test('names that were left as they came are found', () => {
  for (const name of ['rule-1', 'new-rule', 'test', 'foo', 'myrule2', 'tmp', 'Untitled'])
    finds(code, named(`«${name}»`), [/says nothing/]);
});

test('a name in quotes is found with them', () => {
  finds(code, named('«"rule1"»'), [/Name it for what it is there for/]);
});

test('names that say something are fine, also short ones, and those that hold such a word', () => {
  for (const name of [
    'reads',
    'orders',
    'no-drops',
    'test-data',
    'rule-of-two',
    'temp-tables',
    'name-service',
    'x',
  ])
    silent(code, named(name));
});
