import { test } from 'node:test';
import { finds, mends, policyOf, silent } from '../../check.fixture.ts';

const code = 'harmless-shows-values';
const mask = (functions: string) =>
  policyOf(`masks:\n  - { columns: ["*.ssn"], with: redact, harmless: [${functions}] }\n`);

test('functions that show, cut or compare the value are found', () => {
  finds(code, mask('length, «lower», «substr», «md5», «starts_with»'), [
    /another form/,
    /part by part/,
    /guesses/,
    /guesses/,
  ]);
});

test('each is found at its own place', () => {
  finds(code, mask('«reverse»'), [/`reverse`/]);
});

test('lengths and sizes tell little', () => {
  silent(code, mask('length, char_length, octet_length, bit_length'));
  silent(code, mask('pg_column_size'));
});

test('a mask without such functions is no matter', () => {
  silent(code, policyOf('masks:\n  - { columns: ["*.ssn"], with: redact }\n'));
});

test('the function can be taken out', () => {
  mends(code, mask('length, upper'), mask('length'), { safety: 'unsafe' });
});
