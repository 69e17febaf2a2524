import { test } from 'node:test';
import { finds, mends, policyOf, silent } from '../../check.fixture.ts';

const code = 'duration-limit-long';

test('a limit of hours or days is found at its value', () => {
  finds(code, policyOf('limits: { duration: «2h» }\n'), [/ten minutes at most/]);
  finds(code, policyOf('limits:\n  rows: 10\n  duration: «1d»\n'), [/No agent waits for so long/]);
  finds(code, policyOf('limits: { duration: «11m» }\n'), [/gives up and asks again/]);
});

test('ten minutes and less, and no limit, are no matter here', () => {
  silent(code, policyOf('limits: { duration: 10m }\n'));
  silent(code, policyOf('limits: { duration: 30s, rows: 10 }\n'));
  silent(code, policyOf('limits: { rows: 10 }\n'));
});

test('the fix writes a minute', () => {
  mends(code, policyOf('limits: { duration: 2h }\n'), policyOf('limits: { duration: 60s }\n'), {
    safety: 'unsafe',
  });
});
