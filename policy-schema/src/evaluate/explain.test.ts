import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Policy } from '../model/policy.ts';
import type { Action, Undecidable } from '../vocabulary/vocabulary.ts';
import { compilePolicies, decide } from './decide.ts';
import { basisWords, explain, explainLines } from './explain.ts';
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

const withFault = (undecidable: Undecidable, text: string, actions: readonly Action[] = []) => {
  const input = asks(actions);
  return { ...input, request: { ...input.request, text, undecidable } };
};

test('says where a statement cannot be read, and asks no rule about it', () => {
  const input = withFault(
    { code: 'syntax', message: 'syntax error at or near "x"', position: 11 },
    "select '😀\n' frm x",
  );
  assert.deepEqual(explain(decide(compilePolicies(setOf(shopPolicy)), input), input).slice(0, 3), [
    'deny: syntax error at or near "x"',
    '  claude for ann (dba) on shop-db',
    '  at line 2, column 1 of the statement',
  ]);
});

test('of what cannot be decided, no rule that would have matched is said not to match', () => {
  const input = withFault({ code: 'unresolved', message: 'no' }, '', [
    action('select', { table: 'public.orders' }),
  ]);
  const lines = explain(decide(compilePolicies(setOf(shopPolicy)), input), input);
  const from = lines.indexOf('deny: select on public.orders');
  assert.deepEqual(lines.slice(from, from + 5), [
    'deny: select on public.orders',
    '    what cannot be decided is denied, whatever rules say',
    '    allow read of shop, policies/shop.policy.yaml:10: was not asked',
    '    deny no-drops of shop, policies/shop.policy.yaml:11: does not match; actions: select is none of drop',
    '    deny office-hours of shop, policies/shop.policy.yaml:12: was not asked',
  ]);
});

test('says what an answer stands on where it is not rules', () => {
  const told = (actions: readonly Action[], ...policies: readonly Policy[]) => {
    const input = asks(actions);
    return explain(decide(compilePolicies(setOf(...policies)), input), input);
  };
  const select = action('select', { table: 'public.orders' });
  const implied = action('select', { table: 'public.a' }, true);
  const open = policy([rule('allow', { tables: ['public.orders'] })]);
  const basisOf = (lines: readonly string[]) => lines.find((line) => /^ {4}/.test(line))?.trim();
  assert.equal(basisOf(told([action('drop', { table: 't' })], open)), basisWords.default);
  assert.equal(basisOf(told([implied, select], open)), basisWords.implied);
  assert.equal(basisOf(told([select], watch)), basisWords.observed);
  assert.equal(basisOf(told([select])), basisWords.default);
  assert.ok(told([select]).includes('    no policy applies'));
  assert.equal(basisOf(told([], open)), basisWords.nothing);
  assert.match(basisOf(told([select], open)) ?? '', /matches$/);
});

test('a request without actions is told as a whole', () => {
  const input = asks([]);
  const never = policy([
    rule('deny', {}, { name: 'closed', when: 'true' }),
    rule('allow', { actions: ['select'] }),
  ]);
  const lines = explain(decide(compilePolicies(setOf(never)), input), input);
  assert.deepEqual(lines.slice(-3), [
    'deny: a request without actions',
    '    deny closed of shop, policies/shop.policy.yaml:10: matches, and its condition is true',
    '    allow r of shop, policies/shop.policy.yaml:11: does not match; it speaks of actions',
  ]);
});

test('a rule for approval that matches a part only is said not to be enough', () => {
  const part = policy([rule('approve', { actions: ['select'], columns: ['id'] }, { name: 'ask' })]);
  const input = asks([action('select', { table: 'public.orders', columns: ['id', 'email'] })]);
  assert.deepEqual(explain(decide(compilePolicies(setOf(part)), input), input).slice(-3), [
    'deny: select on public.orders',
    `    ${basisWords.default}`,
    '    approve ask of shop, policies/shop.policy.yaml:10: matches a part of it, which is not enough to let it pass',
  ]);
});
