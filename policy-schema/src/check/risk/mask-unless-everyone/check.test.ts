import { test } from 'node:test';
import { finds, mends, policyOf, silent } from '../../check.fixture.ts';

const code = 'mask-unless-everyone';
const mask = (more: string) => policyOf(`masks:\n  - { columns: ["*.ssn"], with: redact${more} }\n`);

test('a pattern for everyone is found', () => {
  finds(code, mask(', unless: { groups: [«"*"»] }'), [/any group/]);
  finds(code, mask(', unless: { groups: [privacy], people: [ada, «"**"»] }'), [/everyone sees/]);
});

test('named groups and people, and parts of names, are no matter', () => {
  silent(code, mask(', unless: { groups: [privacy] }'));
  silent(code, mask(', unless: { people: ["*@privacy.example.com"] }'));
  silent(code, mask(''));
});

test('the exception can be taken out', () => {
  mends(code, mask(', unless: { groups: ["*"] }'), mask(''), { safety: 'unsafe' });
});
