import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compilePolicies, decide } from './decide.ts';
import { explain, explainLines } from './explain.ts';
import { action, asks, at, policy, rule, setOf } from './samples.ts';

const shopPolicy = policy(
  [
    rule('allow', { actions: ['select'], tables: ['public.orders'] }, { name: 'read' }),
    rule('deny', { actions: ['drop'] }, { name: 'no-drops', message: 'Migrate.' }),
    rule('deny', {}, { name: 'office-hours', when: 'now.getHours("Europe/Berlin") < 8' }),
    rule('approve', { actions: ['select'] }, { name: 'in-transaction', when: 'request.sql.inTransaction' }),
  ],
  { masks: [{ columns: ['*.ssn'], with: 'redact', location: at(30) }], limits: { rows: 10 } },
);
const watch = policy([rule('deny', { actions: ['select'] }, { name: 'later' })], {
  name: 'watch',
  mode: 'observe',
});

test('tells each action, each rule and why', () => {
  const input = asks([
    action('drop', { table: 'public.orders' }),
    action('select', { table: 'public.a' }, true),
  ]);
  const decision = decide(compilePolicies(setOf(shopPolicy, watch)), input);
  assert.deepEqual(explain(decision, input), [
    'deny: denied by rule no-drops (policies/shop.policy.yaml:11): Migrate.',
    '  claude for ann (dba) on shop-db',
    '  hint: this agent may: select on public.orders; and with approval: select (under a condition)',
    '  mask redact: *.ssn (policies/shop.policy.yaml:30)',
    '  limits: rows 10',
    'deny: drop on public.orders',
    '    deny no-drops of shop, policies/shop.policy.yaml:11: matches',
    '    allow read of shop, policies/shop.policy.yaml:10: does not match; actions: drop is none of select',
    '    deny office-hours of shop, policies/shop.policy.yaml:12: does not match; its condition is false',
    '      now.getHours("Europe/Berlin") < 8 → false',
    '      · now.getHours("Europe/Berlin") → 11',
    '    approve in-transaction of shop, policies/shop.policy.yaml:13: does not match; actions: drop is none of select',
    '    deny later of watch (only observes), policies/watch.policy.yaml:10: does not match; actions: drop is none of select',
    'deny: select on public.a (implied)',
    '    approve in-transaction of shop, policies/shop.policy.yaml:13: denies, because its condition failed: No such key: inTransaction',
    '    deny later of watch (only observes), policies/watch.policy.yaml:10: matches',
    '    allow read of shop, policies/shop.policy.yaml:10: does not match; tables: public.a against public.orders',
    '    deny no-drops of shop, policies/shop.policy.yaml:11: does not match; actions: select is none of drop',
    '    deny office-hours of shop, policies/shop.policy.yaml:12: does not match; its condition is false',
    '      now.getHours("Europe/Berlin") < 8 → false',
    '      · now.getHours("Europe/Berlin") → 11',
  ]);
  const tones = explainLines(decision, input).map(({ tone }) => tone);
  assert.deepEqual(tones.slice(13), ['deny', 'deny', ...Array.from({ length: 6 }, () => 'none')]);
});
