import { test } from 'node:test';
import { finds, mends, policyOf, silent } from '../../check.fixture.ts';

const code = 'writable-personal-mask';
const mask = (column: string, more: string) =>
  policyOf(`masks:\n  - { columns: [${column}], with: tokenize${more} }\n`);

test('a personal column that may be written is found at the key', () => {
  finds(code, mask('public.customers.email', ', «writable»: true'), [/a mail address/]);
  finds(code, mask('public.customers.id, "*.phone"', ', «writable»: true'), [/`\*\.phone`/]);
});

test('keys of rows and columns that do not look personal are no matter', () => {
  silent(code, mask('public.customers.id', ', writable: true'));
  silent(code, mask('"public.customers.*"', ', writable: true'));
});

test('a personal column that may not be written is no matter', () => {
  silent(code, mask('public.customers.email', ''));
  silent(code, mask('public.customers.email', ', writable: false'));
});

test('it can be taken out', () => {
  mends(code, mask('"*.email"', ', writable: true'), mask('"*.email"', ''), { safety: 'unsafe' });
});
