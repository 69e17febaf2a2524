import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deskOf } from '../desk.fixture.ts';
import type { RuleTraffic, Traffic } from '../desk.ts';
import { inlayHints } from './inlay-hints.ts';

const policy = `gatehouse: v1
kind: Policy
name: shop
applies: { to: ["*"] }
rules:
  - name: read # reads
    effect: allow
    sql: { actions: [select], tables: [public.orders] }
  - { name: write, effect: allow, sql: { actions: [update] } }
  - name: idle
    effect: deny
    sql: { actions: [drop] }
`;
const of = (
  rule: string,
  hits: number,
  changes: number,
  examples: RuleTraffic['examples'] = [],
): RuleTraffic => ({
  ...{ policy: 'shop', rule, hits, changes, examples },
});
const example = {
  ...{ text: 'SELECT `x`\n  FROM t', agent: 'claude', resource: 'shop-db', at: '2026-05-04T10:00:01.000Z' },
  ...{ before: 'deny', after: 'allow', times: 3 },
};
const traffic: Traffic = {
  span: '7 days',
  requests: 5000,
  rules: [of('read', 1312, 4, [example]), of('write', 1, 1), of('gone', 7, 7)],
};

function hintsOf(text: string, told: Traffic | undefined) {
  const { desk, file } = deskOf(text);
  const whole = { start: 0, end: text.length };
  return inlayHints({ ...desk, ...(told && { traffic: told }) }, file, whole).filter(({ label }) =>
    /hits?\b/.test(label),
  );
}

test('each rule says how many requests are its and how many change, behind its name or its line', () => {
  assert.deepEqual(
    hintsOf(policy, traffic).map(({ label, offset }) => [label, policy.slice(0, offset).split('\n').at(-1)]),
    [
      [' 7 days: 1,312 hits, 4 change', '  - name: read'],
      [' 7 days: 1 hit, 1 changes', '  - { name: write, effect: allow, sql: { actions: [update] } }'],
      [' 7 days: 0 hits', '  - name: idle'],
    ],
  );
});

test('the tooltip shows examples of what changes, and nothing of a statement is taken for Markdown', () => {
  const [read, , idle] = hintsOf(policy, traffic);
  assert.equal(
    read?.tooltip,
    'Of 5,000 requests in 7 days, the answers to 1,312 are this rule’s, by the files as they stand here. 4 would not be answered as recorded:\n- `` SELECT `x` FROM t ``\\\n  deny → allow, `claude` on `shop-db`, 2026-05-04 10:00 UTC, 3 like it',
  );
  assert.match(idle?.tooltip ?? '', /None of them was answered otherwise\.$/);
});

test('nothing is said without traffic, of a rule without a name, or of a policy of another name', () => {
  assert.deepEqual(hintsOf(policy, undefined), []);
  assert.deepEqual(hintsOf(policy, { ...traffic, requests: 0 }), []);
  assert.deepEqual(hintsOf(policy.replace('name: shop\n', ''), traffic), []);
  assert.equal(hintsOf(policy.replace('name: read', 'title: read'), traffic).length, 2);
  const [other] = hintsOf(policy.replace('name: shop\n', 'name: other\n'), traffic);
  assert.equal(other?.label, ' 7 days: 0 hits');
});
