import { test } from 'node:test';
import { finds, policyOf, silent } from '../../check.fixture.ts';

const code = 'observed-mask';
const observing = (masks: string) => policyOf(`mode: observe\nmasks:\n${masks}`);

test('the masks of a policy that observes are found', () => {
  finds(
    code,
    observing(
      '  - { «columns»: [public.customers.email, "*.ssn"], with: redact }\n  - { «columns»: ["*.iban"], with: null }\n',
    ),
    [/`public\.customers\.email`, `\*\.ssn`/, /`\*\.iban`/],
  );
});

test('a column that another policy masks is hidden', () => {
  silent(code, {
    'policies/a.policy.yaml': observing('  - { columns: [public.customers.email], with: null }\n'),
    'policies/b.policy.yaml': policyOf('masks:\n  - { columns: ["*.email"], with: redact }\n', { name: 'b' }),
  });
});

test('another policy that observes hides nothing either', () => {
  finds(
    code,
    {
      'policies/a.policy.yaml': observing('  - { «columns»: [public.customers.email], with: null }\n'),
      'policies/b.policy.yaml': policyOf(
        'mode: observe\nmasks:\n  - { «columns»: ["*.email"], with: redact }\n',
        {
          name: 'b',
        },
      ),
    },
    [/email/, /email/],
  );
});

test('masks that hold are no matter, nor is a file that cannot be read', () => {
  silent(code, policyOf('masks:\n  - { columns: ["*.ssn"], with: redact }\n'));
  silent(
    code,
    {
      'policies/a.policy.yaml': observing('  - { columns: ["*.ssn"], with: null }\n'),
      'policies/b.policy.yaml': '{',
    },
    { broken: true },
  );
});
