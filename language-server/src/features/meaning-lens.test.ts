import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deskOf } from '../desk.fixture.ts';
import { meaningLenses } from './meaning-lens.ts';

const policy = `gatehouse: v1
kind: Policy
name: shop
applies: { to: ["*"] }
rules:
  - name: read
    effect: allow
    sql: { actions: [select], tables: [public.orders] }
  - name: no-drops
    effect: deny
    sql: { actions: [drop] }
masks:
  - { columns: [public.orders.card], with: redact }
limits: { rows: 10 }
`;
const file = 'policies/shop.policy.yaml';
const workspace = `gatehouse: v1
kind: Workspace
resources:
  - { name: shop-db, protocol: postgres, host: localhost, database: d, user: u, password: { env: X } }
`;

/** Each lens: the first line that it stands on, and what it says. */
function lenses(after: string, before: string | null = policy, more: Readonly<Record<string, string>> = {}) {
  const { desk } = deskOf({ 'gatehouse.yaml': workspace, [file]: after, ...more });
  const files = new Map(before === null ? [] : [[file, before]]);
  return meaningLenses(desk, file, { name: 'HEAD', files }).map(({ range, title }) => [
    after.slice(range.start, range.end).split('\n')[0],
    title,
  ]);
}

test('a file that means what it meant has no lens, however it is written', () => {
  assert.deepEqual(lenses(policy), []);
  assert.deepEqual(lenses(policy.replace('name: read', 'name: read # all of it')), []);
});

test('an edit that allows more is told at the top and at its rule', () => {
  const after = policy.replace('[select]', '[select, delete]');
  assert.deepEqual(lenses(after), [
    ['gatehouse: v1', 'looser than HEAD: now allows DELETE on public.orders'],
    ['name: read', 'looser than HEAD: now allows DELETE on public.orders'],
  ]);
});

test('each changed part has the meaning of its own change', () => {
  const after = policy
    .replace('[drop]', '[drop, select]')
    .replace('with: redact', 'with: hash')
    .replace('rows: 10', 'rows: 20');
  assert.deepEqual(lenses(after), [
    ['gatehouse: v1', 'stricter than HEAD: now denies SELECT on public.orders'],
    ['name: no-drops', 'stricter than HEAD: now denies SELECT on public.orders'],
    ['{ columns: [public.orders.card], with: hash }', 'looser than HEAD: shows more of public.orders.card'],
    ['limits: { rows: 20 }', 'looser than HEAD: limit rows 10 → 20'],
  ]);
});

test('a new file is told at its top alone', () => {
  assert.deepEqual(lenses(policy, null), [
    ['gatehouse: v1', 'looser than HEAD, which has no such file: now allows SELECT on public.orders'],
  ]);
});

test('another file that covers an edit takes its meaning away', () => {
  const after = policy.replace('[drop]', '[drop, truncate]');
  const cover = policy.replace('name: shop', 'name: base').replace('[drop]', '["*"]');
  assert.deepEqual(lenses(after, policy, { 'policies/base.policy.yaml': cover }), [
    ['gatehouse: v1', 'same meaning as HEAD'],
    ['name: no-drops', 'same meaning as HEAD'],
  ]);
});

test('the detail shows the statement, who asks, and what became of it', () => {
  const after = policy.replace('[select]', '[select, delete]');
  const { desk } = deskOf({ 'gatehouse.yaml': workspace, [file]: after });
  const [top] = meaningLenses(desk, file, { name: 'HEAD', files: new Map([[file, policy]]) });
  assert.deepEqual(top?.statements, ['DELETE FROM public.orders']);
  assert.equal(
    top?.detail,
    `**looser than HEAD: now allows DELETE on public.orders**

\`\`\`sql
DELETE FROM public.orders
\`\`\`
by claude on shop-db
- before: **deny**, no rule allows delete on public.orders
- now: **allow**, allowed by rule read (${file}:6)`,
  );
});

test('where some file has errors, or had some, nothing is said', () => {
  assert.deepEqual(lenses(policy.replace('[select]', '[select, delete]'), 'rules: ['), []);
  assert.deepEqual(lenses(policy.replace('effect: allow', 'effect: alow')), []);
  assert.deepEqual(
    lenses(policy.replace('[select]', '[delete]'), policy, { 'policies/b.policy.yaml': 'kind: [' }),
    [],
  );
});

test('asked again for the same texts, the same lenses come back', () => {
  const { desk } = deskOf({ [file]: policy.replace('[select]', '[delete]') });
  const base = { name: 'HEAD', files: new Map([[file, policy]]) };
  assert.equal(meaningLenses(desk, file, base), meaningLenses(desk, file, base));
});
