import { test } from 'node:test';
import { finds, mends, policyOf, silent } from '../../check.fixture.ts';

const code = 'personal-column-unmasked';
const rule = (columns: string, tables = '[public.customers]') =>
  `rules:\n  - { name: x, effect: allow, sql: { actions: [select], tables: ${tables}, columns: [${columns}] } }\n`;
const mask = (column: string) => `masks:\n  - { columns: ["${column}"], with: redact }\n`;

test('a column that looks personal and has no mask is found', () => {
  finds(code, policyOf(rule('id, «email», «geburtsdatum»')), [
    /`public\.customers\.email` looks like a mail address/,
    /date of birth/,
  ]);
});

test('a mask of another table does not hide it', () => {
  finds(code, policyOf(rule('«email»') + mask('public.orders.email')), [/no mask hides it/]);
});

test('a mask that hides it in one of two tables leaves the other open', () => {
  finds(
    code,
    policyOf(rule('«email»', '[public.customers, public.orders]') + mask('public.customers.email')),
    [/`public\.orders\.email`/],
  );
});

test('a mask hides it by name, by pattern, and from another file', () => {
  silent(code, policyOf(rule('email') + mask('public.customers.email')));
  silent(code, policyOf(rule('email', '["public.*"]') + mask('*.email')));
  silent(code, {
    'policies/a.policy.yaml': policyOf(rule('email')),
    'policies/b.policy.yaml': policyOf(mask('public.*.email'), { name: 'b', to: '["env=prod"]' }),
  });
});

test('a mask for other resources hides nothing here', () => {
  finds(
    code,
    {
      'policies/a.policy.yaml': policyOf(rule('«email»')),
      'policies/b.policy.yaml': policyOf(mask('*.email'), { name: 'b', to: '[dev-db]' }),
    },
    [/mail address/],
  );
});

test('other columns, patterns, writes and denials are no matter', () => {
  silent(code, policyOf(rule('id, email_verified, name, "e*"')));
  silent(code, policyOf(rule('email').replace('select', 'update')));
  silent(code, policyOf(rule('email').replace('allow', 'deny')));
});

test('nothing is said while another file cannot be read', () => {
  silent(
    code,
    { 'policies/a.policy.yaml': policyOf(rule('email')), 'policies/b.policy.yaml': '{' },
    { broken: true },
  );
});

test('a mask can be added, to those that are there or as the first', () => {
  mends(
    code,
    policyOf(rule('email')),
    policyOf(`${rule('email')}masks: [{ columns: [public.customers.email], with: redact }]\n`),
    { safety: 'unsafe' },
  );
  mends(
    code,
    policyOf(`${rule('email', '["public.*"]')}${mask('*.ssn')}`),
    policyOf(
      `${rule('email', '["public.*"]')}${mask('*.ssn')}  - { columns: [public.*.email], with: redact }\n`,
    ),
  );
});
