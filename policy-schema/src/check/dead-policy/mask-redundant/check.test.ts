import { test } from 'node:test';
import { finds, mends, policyOf, silent } from '../../check.fixture.ts';

const code = 'mask-redundant';
const masks = (...each: readonly string[]) =>
  policyOf(`masks:\n${each.map((one) => `  - { ${one} }\n`).join('')}`);

test('a mask inside a wider one that hides as much is found', () => {
  finds(code, masks('columns: ["*.email"], with: redact', 'columns: «[public.people.email]», with: redact'), [
    /redact/,
  ]);
  finds(
    code,
    masks(
      'columns: «[public.people.phone]», with: partial, keep: { last: 2 }',
      'columns: [public.people.phone, public.people.email], with: "null"',
    ),
    [/null/],
  );
});

test('the other mask may stand in a policy that holds wherever this one does', () => {
  finds(
    code,
    {
      'policies/a.policy.yaml': policyOf('masks:\n  - { columns: ["*.ssn"], with: redact }\n', {
        name: 'a',
        to: '["*"]',
      }),
      'policies/b.policy.yaml': policyOf('masks:\n  - { columns: «[public.people.ssn]», with: redact }\n', {
        name: 'b',
      }),
    },
    [/policy `a`/],
  );
});

test('the same mask twice is found the second time', () => {
  finds(code, masks('columns: [public.a.b], with: hash', 'columns: «[public.a.b]», with: hash'), [
    /hides as much/,
  ]);
});

test('a mask that shows less, or to fewer, or on more columns, is needed', () => {
  silent(code, masks('columns: ["*.email"], with: hash', 'columns: [public.people.email], with: redact'));
  silent(
    code,
    masks(
      'columns: ["*.email"], with: redact, unless: { groups: [dba] }',
      'columns: [public.people.email], with: redact',
    ),
  );
  silent(code, masks('columns: ["public.*"], with: redact', 'columns: ["*.email"], with: redact'));
  silent(
    code,
    masks(
      'columns: ["*.email"], with: redact, harmless: [length]',
      'columns: [public.people.email], with: redact',
    ),
  );
});

test('masks of policies that only observe hide nothing and cover nothing', () => {
  const observed = (head: string, own: string) => ({
    'policies/a.policy.yaml': policyOf(`${head}masks:\n  - { columns: ["*.ssn"], with: redact }\n`, {
      name: 'a',
    }),
    'policies/b.policy.yaml': policyOf(`${own}masks:\n  - { columns: [public.people.ssn], with: redact }\n`, {
      name: 'b',
    }),
  });
  silent(code, observed('mode: observe\n', ''));
  silent(code, observed('', 'mode: observe\n'));
});

test('the mask can be removed', () => {
  mends(
    code,
    masks('columns: ["*.email"], with: redact', 'columns: [public.people.email], with: redact'),
    masks('columns: ["*.email"], with: redact'),
    { safety: 'safe' },
  );
});
