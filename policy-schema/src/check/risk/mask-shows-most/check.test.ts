import { test } from 'node:test';
import { finds, mends, policyOf, silent } from '../../check.fixture.ts';

const code = 'mask-shows-most';
const mask = (column: string, keep: string) =>
  policyOf(`masks:\n  - { columns: ["${column}"], with: partial, keep: ${keep} }\n`);

test('ends that make up most of a value are found', () => {
  finds(code, mask('public.customers.name', '«{ first: 5, last: 5 }»'), [/10 characters stay/]);
  finds(code, mask('*.ssn', '«{ last: 7 }»'), [/at most 5/]);
});

test('what stays of a credential is found sooner', () => {
  finds(code, mask('public.users.api_key', '«{ first: 4 }»'), [/with: redact/]);
});

test('the usual ends are no matter', () => {
  silent(code, mask('public.customers.card_number', '{ first: 6, last: 4 }'));
  silent(code, mask('public.customers.email', '{ first: 2, last: 0 }'));
  silent(code, mask('*.ssn', '{ last: 4 }'));
  silent(code, mask('public.customers.*', '{ first: 3, last: 3 }'));
});

test('other masks keep nothing', () => {
  silent(code, policyOf('masks:\n  - { columns: ["*.ssn"], with: redact }\n'));
});

test('less can be kept', () => {
  mends(code, mask('*.phone', '{ first: 6, last: 2 }'), mask('*.phone', '{ last: 4 }'), { safety: 'unsafe' });
});
