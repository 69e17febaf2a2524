import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { anyRule, policy } from '../evaluate/samples.ts';
import type { Mask, Policy, Rule } from '../model/policy.ts';
import { budgetWords, limitWords, maskSentence, policyWords, ruleWords } from './policy.ts';

const location = { file: 'a.yaml', line: 1, column: 1 };
const rule = (more: Partial<Rule>): Rule => ({
  name: 'r',
  effect: 'allow',
  vocabulary: 'sql',
  selector: {},
  location,
  ...more,
});
const shop = (applies: Partial<Policy['applies']> = {}, more: Partial<Policy> = {}): Policy =>
  policy([], { applies: { to: ['shop-db'], agents: ['*'], ...applies }, ...more });

const rules: readonly (readonly [words: string, rule: Partial<Rule>, policy?: Policy])[] = [
  [
    'Lets every agent run `select` on `public.orders` or any table of `sales` on `shop-db`. Deny rules still win, and approvals are still asked for.',
    { selector: { actions: ['select'], tables: ['public.orders', 'sales.*'] } },
  ],
  [
    'Lets `claude` or `copilot` of people in `engineering` do any SQL action on resources labelled `env=dev` and resources named `test-*`. Deny rules still win, and approvals are still asked for.',
    {},
    shop({ agents: ['claude', 'copilot'], groups: ['engineering'], to: ['env=dev', 'test-*'] }),
  ],
  [
    'Never lets every agent run `update` or `delete` on `shop-db`, when some statement has no WHERE, whatever other rules allow. A condition that fails denies.',
    { effect: 'deny', selector: { actions: ['update', 'delete'] }, when: '!request.sql.hasWhere' },
  ],
  [
    'Makes every agent wait to run `update` with the column `total` on `shop-db`, until somebody of `dba` or `ada@example.com` approves within 10 minutes, who is shown how many rows change.',
    {
      effect: 'approve',
      selector: { actions: ['update'], columns: ['total'] },
      approval: { by: ['group:dba', 'person:ada@example.com'], within: 600_000, counts: 'rows' },
    },
  ],
  [
    'Never lets every agent do anything on every resource, whatever other rules allow. The policy only observes, so nothing is blocked by it.',
    { effect: 'deny', vocabulary: undefined as never },
    shop({ to: ['*'] }, { mode: 'observe' }),
  ],
];
for (const [words, more, own = shop()] of rules)
  test(`a rule in English: ${words}`, () => {
    const { vocabulary, ...rest } = rule(more);
    assert.equal(ruleWords(vocabulary === undefined ? rest : { ...rest, vocabulary }, own), words);
  });

const conditions: Readonly<Record<string, string>> = {
  'request.sql.estimatedRows > 100 || !request.sql.hasWhere':
    'the request’s estimated rows are more than 100 or some statement has no WHERE',
  '"dba" in principal.groups': 'the person is in the group `"dba"`',
  '!("dba" in principal.groups)': 'the person is not in the group `"dba"`',
  'resource.labels.env == "prod"': 'the label `env` is `"prod"`',
  '"prod" == resource.labels.env': 'the label `env` is `"prod"`',
  'principal.agent in ["claude", "copilot"]': 'the agent is `"claude"` or `"copilot"`',
  'has(resource.labels.env) && (request.sql.inTransaction || request.sql.hasLimit)':
    'the label `env` is given and (a transaction is open or every read has a LIMIT)',
  'request.sql.tables.exists(t, t.startsWith("pay."))':
    'of the request’s tables, some (`t`) is such that `t` begins with `"pay."`',
  'now.getHours("Europe/Berlin") < 8 || 18 <= now.getHours()':
    'the hour in `Europe/Berlin` is less than 8 or the hour in UTC is at least 18',
  'now.getDayOfWeek() == 0': '`now.getDayOfWeek()` is 0',
  'now < timestamp("2026-12-24T00:00:00Z")': 'the time is before `timestamp("2026-12-24T00:00:00Z")`',
  'size(request.sql.tables) > 1 && request.text.size() >= 100':
    'the number of the request’s tables is more than 1 and the length of the text of the request is at least 100',
  'size(request.sql.tables) + 1 == 2': '`size(request.sql.tables) + 1` is 2',
  '!principal.person.endsWith("@example.com") && !has(resource.labels.env)':
    'the person does not end with `"@example.com"` and the label `env` is not given',
  '!(request.sql.hasWhere && request.sql.hasLimit)':
    'not (every write and read names its rows by WHERE and every read has a LIMIT)',
  '"drop" in request.sql.actions': '`"drop"` is among the request’s actions',
  '!(principal.agent in ["claude", "copilot"])': 'the agent is none of `"claude"` or `"copilot"`',
  'request.sql.hasWhere ? true : principal.task == ""':
    '`request.sql.hasWhere ? true : principal.task == ""`',
};
for (const [condition, words] of Object.entries(conditions))
  test(`a condition in English: ${condition}`, () => {
    assert.equal(
      ruleWords(rule({ effect: 'deny', when: condition }), shop()),
      `Never lets every agent do any SQL action on \`shop-db\`, when ${words}, whatever other rules allow. A condition that fails denies.`,
    );
  });

const masks: readonly (readonly [words: string, mask: Omit<Mask, 'location'>])[] = [
  [
    'Of `*.ssn`, agents see a fixed text in their place; people in `privacy` see the values.',
    { columns: ['*.ssn'], with: 'redact', unless: { groups: ['privacy'] } },
  ],
  [
    'Of `a.b.c`, agents see only the first 2 and the last 4 characters.',
    { columns: ['a.b.c'], with: 'partial', keep: { first: 2, last: 4 } },
  ],
  [
    'Of `a.b.c`, agents see a token of the set `people`, the same for equal values of that set. Agents may write values of their own.',
    { columns: ['a.b.c'], with: 'tokenize', tokens: 'people', writable: true },
  ],
  [
    'Of `a.b.c`, agents see the beginning of their decade. What `length` makes of them passes.',
    { columns: ['a.b.c'], with: 'range', step: 'decade', harmless: ['length'] },
  ],
];
for (const [words, mask] of masks)
  test(`a mask in English: ${words}`, () => assert.equal(maskSentence({ ...mask, location }), words));

test('limits and budgets are told in units that people read', () => {
  assert.deepEqual(
    limitWords({ rows: 1000, bytes: 5_000_000, duration: 90_000, statementsPerMinute: 120, cost: 50_000 }),
    [
      'A request returns at most 1,000 rows.',
      'A request returns at most 5 MB.',
      'A request runs at most 1 minute 30 seconds.',
      'An agent makes at most 120 requests in a minute.',
      'A request may cost at most 50,000 of the planner’s units.',
    ],
  );
  assert.deepEqual(budgetWords({ day: { rows: 5, bytes: 1536 }, session: { cost: 7 } }), [
    'A session may use up 7 of the planner’s units.',
    'All agents together, in a day, may use up 5 rows and 1.5 KiB.',
  ]);
});

test('a policy is told in one line', () => {
  const own = policy([rule({}), rule({ effect: 'deny' }), rule({ effect: 'deny' })]);
  assert.equal(policyWords(own), 'For every agent on every resource: 1 allow and 2 deny rules.');
});

test('every rule has words', () => {
  fc.assert(
    fc.property(anyRule, (each) => assert.match(ruleWords(each, shop()), /^(Lets|Never lets|Makes) .+\.$/s)),
  );
});
