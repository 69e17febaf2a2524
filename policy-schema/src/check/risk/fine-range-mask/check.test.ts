import { test } from 'node:test';
import { finds, mends, policyOf, silent } from '../../check.fixture.ts';

const code = 'fine-range-mask';
const mask = (column: string, step: string) =>
  policyOf(`masks:\n  - { columns: ["${column}"], with: range, step: ${step} }\n`);

test('dates of birth to the month, and pay to the hundred, are found', () => {
  finds(code, mask('public.customers.born', '«month»'), [/same month/]);
  finds(code, mask('*.date_of_birth', '«week»'), [/step: year/]);
  finds(code, mask('*.salary', '«100»'), [/Buckets of 100/]);
});

test('years and wide buckets are no matter', () => {
  silent(code, mask('public.customers.born', 'year'));
  silent(code, mask('public.customers.born', 'decade'));
  silent(code, mask('*.salary', '10000'));
});

test('other columns may be told finely', () => {
  silent(code, mask('public.orders.placed', 'day'));
  silent(code, mask('public.orders.total', '10'));
});

test('years can be shown', () => {
  mends(code, mask('*.birthday', 'day'), mask('*.birthday', 'year'), { safety: 'unsafe' });
});
