import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits } from '@gatehouse/policy-schema/syntax/edits.ts';
import fc from 'fast-check';
import { deskOf } from '../desk.fixture.ts';
import { formatting } from './formatting.ts';
import { lineEdits } from './line-edits.ts';

const untidy = `# what it is for
gatehouse: v1
kind:   Policy   # the kind
name: a
applies: {to: [shop-db],agents: ["*"]}


rules:
- name: x
  effect:   deny
  sql: {actions: [select,insert,update,delete,truncate], tables: [public.orders,public.products,public.customers,public.other]}
  # why
  when: >-
      a &&
      b
  message: 'it''s'
- {name: y, effect: allow}
`;
const tidy = `# what it is for
gatehouse: v1
kind: Policy # the kind
name: a
applies: { to: [shop-db], agents: ["*"] }

rules:
  - name: x
    effect: deny
    sql:
      actions: [select, insert, update, delete, truncate]
      tables: [public.orders, public.products, public.customers, public.other]
    # why
    when: >-
      a &&
      b
    message: "it's"
  - { name: y, effect: allow }
`;

test('the edits touch only lines that change', async () => {
  const { desk, file } = deskOf(untidy);
  const edits = await formatting(desk, file);
  assert.equal(applyEdits(untidy, edits), tidy);
  assert.ok(edits.every(({ start }) => start >= untidy.indexOf('kind')));
});

test('a selection is laid out alone', async () => {
  const { desk, file } = deskOf(untidy);
  const at = untidy.indexOf('kind');
  const edits = await formatting(desk, file, { start: at, end: at + 4 });
  assert.equal(applyEdits(untidy, edits), untidy.replace('kind:   Policy   #', 'kind: Policy #'));
});

test('a text that is broken is left alone', async () => {
  const { desk, file } = deskOf('a: [1\n');
  assert.deepEqual(await formatting(desk, file), []);
});

test('line edits make the one text of the other', () => {
  const texts = fc.array(fc.constantFrom('a\n', 'b\n', 'c\r\n', '\n', 'd'), { maxLength: 8 });
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      const [from, to] = [before.join(''), after.join('')];
      assert.equal(applyEdits(from, lineEdits('f', from, to)), to);
    }),
  );
});
