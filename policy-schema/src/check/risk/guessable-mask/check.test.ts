import { test } from 'node:test';
import { finds, mends, policyOf, silent } from '../../check.fixture.ts';

const code = 'guessable-mask';
const mask = (column: string, kind: string) =>
  policyOf(`masks:\n  - { columns: ["${column}"], with: ${kind} }\n`);

test('tokens and hashes of few values are found at the kind', () => {
  finds(code, mask('public.customers.gender', '«tokenize»'), [/`public\.customers\.gender` has few values/]);
  finds(code, mask('*.religion', '«hash»'), [/with: redact/]);
  finds(code, mask('*.is_pregnant', '«tokenize»'), [/few values/]);
});

test('columns with many values are no matter', () => {
  silent(code, mask('public.customers.email', 'tokenize'));
  silent(code, mask('public.customers.country_code_of_phone', 'hash'));
});

test('kinds that do not keep equal values equal are no matter', () => {
  silent(code, mask('public.customers.gender', 'redact'));
  silent(code, mask('public.customers.gender', 'null'));
});

test('it can be redacted', () => {
  mends(code, mask('*.gender', 'hash'), mask('*.gender', 'redact'), { safety: 'unsafe' });
});
