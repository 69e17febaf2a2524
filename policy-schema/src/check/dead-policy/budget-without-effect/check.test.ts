import { test } from 'node:test';
import { finds, mends, policyOf, silent } from '../../check.fixture.ts';

const code = 'budget-without-effect';
const own = (budgets: string) => policyOf(`budgets:\n${budgets}`);

test('what an agent may use up in a day, above what all may, is found', () => {
  finds(code, own('  agent: { «rows: 5000» }\n  day: { rows: 5000 }\n'), [
    /`budgets\.day\.rows: 5000` holds/,
  ]);
});

test('a budget above that of a policy that holds everywhere is found', () => {
  finds(
    code,
    {
      'policies/a.policy.yaml': policyOf('budgets: { session: { rows: 100 } }\n', { name: 'a', to: '["*"]' }),
      'policies/b.policy.yaml': policyOf('budgets: { session: { «rows: 200», bytes: 1MB } }\n', {
        name: 'b',
      }),
    },
    [/of the policy `a`/],
  );
});

test('smaller budgets count', () => {
  silent(code, own('  agent: { rows: 100 }\n  day: { rows: 5000 }\n'));
  silent(code, own('  agent: { rows: 5000 }\n  day: { bytes: 1MB }\n'));
});

test('a session may go on past midnight, so its budget counts beside those of a day', () => {
  silent(code, own('  session: { rows: 5000 }\n  agent: { rows: 4000 }\n'));
});

test('the budget can be removed', () => {
  mends(
    code,
    own('  agent: { rows: 5000, cost: 10 }\n  day: { rows: 100 }\n'),
    own('  agent: { cost: 10 }\n  day: { rows: 100 }\n'),
    { safety: 'safe' },
  );
  mends(code, own('  agent: { rows: 5000 }\n  day: { rows: 100 }\n'), own('  day: { rows: 100 }\n'));
});
