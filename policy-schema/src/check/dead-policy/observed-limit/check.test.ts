import { test } from 'node:test';
import { finds, policyOf, silent } from '../../check.fixture.ts';

const code = 'observed-limit';

test('limits and budgets of a policy that only observes are found', () => {
  finds(code, policyOf('mode: observe\n«limits»: { rows: 10 }\n«budgets»: { day: { rows: 100 } }\n'), [
    /limits hold for nobody/,
    /budgets hold for nobody/,
  ]);
});

test('a rule beside them changes nothing', () => {
  finds(code, policyOf('mode: observe\nrules: [{ name: x, effect: allow }]\n«limits»: { bytes: 1MB }\n'), [
    /bounds nothing/,
  ]);
});

test('limits of a policy that enforces hold', () => {
  silent(code, policyOf('limits: { rows: 10 }\n'));
  silent(code, policyOf('mode: enforce\nbudgets: { day: { rows: 100 } }\n'));
});

test('an observing policy without bounds has nothing to lose', () => {
  silent(code, policyOf('mode: observe\nlimits: {}\nrules: [{ name: x, effect: allow }]\n'));
});
