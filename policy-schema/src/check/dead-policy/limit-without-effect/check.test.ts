import { test } from 'node:test';
import { finds, mends, policyOf, silent } from '../../check.fixture.ts';

const code = 'limit-without-effect';
const files = (base: string, own: string, to = '["*"]') => ({
  'policies/a.policy.yaml': policyOf(base, { name: 'a', to }),
  'policies/b.policy.yaml': policyOf(own, { name: 'b' }),
});

test('a limit above that of a policy that holds everywhere is found', () => {
  finds(code, files('limits: { rows: 100 }\n', 'limits: { «rows: 500», bytes: 5MB }\n'), [
    /`limits\.rows: 100` of the policy `a`/,
  ]);
  finds(code, files('limits: { duration: 30s }\n', 'limits:\n  «duration: 1m»\n'), [/30s/]);
});

test('of two equal limits for the same place the second is found', () => {
  finds(code, files('limits: { bytes: 1MB }\n', 'limits: { «bytes: 1000KB» }\n', '[shop-db]'), [/1MB/]);
});

test('a smaller limit counts, and so does one of another kind', () => {
  silent(code, files('limits: { rows: 500 }\n', 'limits: { rows: 100 }\n'));
  silent(code, files('limits: { rows: 1 }\n', 'limits: { estimatedRows: 100 }\n'));
});

test('a limit of another place or of a policy that observes makes none needless', () => {
  silent(code, files('limits: { rows: 10 }\n', 'limits: { rows: 100 }\n', '[dev-db]'));
  silent(code, files('mode: observe\nlimits: { rows: 10 }\n', 'limits: { rows: 100 }\n'));
  silent(code, files('limits: { rows: 10 }\n', 'mode: observe\nlimits: { rows: 100 }\n'));
});

test('the limit can be removed', () => {
  mends(
    code,
    files('limits: { rows: 100 }\n', 'limits:\n  rows: 500\n  bytes: 5MB\n'),
    files('limits: { rows: 100 }\n', 'limits:\n  bytes: 5MB\n'),
    { safety: 'safe' },
  );
  mends(
    code,
    files('limits: { rows: 100 }\n', 'limits:\n  rows: 500\n'),
    files('limits: { rows: 100 }\n', ''),
  );
});
