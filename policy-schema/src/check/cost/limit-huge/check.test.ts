import { test } from 'node:test';
import { finds, mends, policyOf, silent } from '../../check.fixture.ts';

const code = 'limit-huge';

test('limits that hold nothing back are found at their values', () => {
  finds(code, policyOf('limits: { rows: «100000000», bytes: «5GB», duration: 30s }\n'), [
    /nobody reads so many rows/,
    /fits into memory/,
  ]);
  finds(code, policyOf('limits:\n  statementsPerMinute: «60000»\n  cost: «999999999999»\n'), [
    /over a hundred requests/,
    /joins without a condition/,
  ]);
});

test('limits that hold something back are fine, large ones too', () => {
  silent(code, policyOf('limits: { rows: 1000000, bytes: 1GB, statementsPerMinute: 6000 }\n'));
  silent(code, policyOf('limits: { rows: 1000, cost: 50000, estimatedRows: 100000 }\n'));
});

test('budgets are for whole days, so they are no matter', () => {
  silent(code, policyOf('budgets: { day: { rows: 100000000, bytes: 100GB } }\n'));
});

test('the fix writes a usual limit', () => {
  mends(code, policyOf('limits: { bytes: 5GB }\n'), policyOf('limits: { bytes: 10MB }\n'), {
    safety: 'unsafe',
  });
});
