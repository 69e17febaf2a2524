import { test } from 'node:test';
import { finds, policyOf, silent } from '../../check.fixture.ts';

const code = 'policy-empty';

test('a policy with nothing in it is found', () => {
  finds(code, policyOf('', { name: '«shop»' }), [/is to deny/]);
  finds(code, policyOf('rules: []\nmasks: []\nlimits: {}\n', { name: '«shop»' }), [/Write rules/]);
});

test('one that only observes lets everything pass, which is more than nothing', () => {
  const [found] = finds(code, policyOf('mode: observe\n', { name: '«shop»' }), [/everything passes/]);
  if (found?.severity !== 'warning') throw new Error('it must be a warning');
});

test('rules, masks, limits or budgets are something', () => {
  silent(code, policyOf('rules: [{ name: x, effect: deny }]\n'));
  silent(code, policyOf('masks: [{ columns: [a.b.c], with: redact }]\n'));
  silent(code, policyOf('limits: { rows: 5 }\n'));
  silent(code, policyOf('budgets: { day: { rows: 5 } }\n'));
});

test('lists are for other policies', () => {
  silent(code, policyOf('lists: { own: [public.a] }\n'));
});

test('a file that cannot be read whole may hold more', () => {
  silent(code, policyOf('ruels: []\n'), { broken: true });
});
