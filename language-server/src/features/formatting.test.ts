import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits } from '@gatehouse/policy-schema/syntax/edits.ts';
import { parseYaml } from '@gatehouse/policy-schema/syntax/parse-yaml.ts';
import { plainValue } from '@gatehouse/policy-schema/syntax/tree.ts';
import fc from 'fast-check';
import { deskOf } from '../desk.fixture.ts';
import { formatted, formatting } from './formatting.ts';
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

test('a file is laid out with its comments, and laying it out again changes nothing', async () => {
  assert.equal(await formatted(untidy), tidy);
  assert.equal(await formatted(tidy), tidy);
});

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

test('line breaks of Windows stay', async () => {
  assert.equal(await formatted('a:   1\r\nb: 2\r\n'), 'a: 1\r\nb: 2\r\n');
});

test('a text that is broken is left alone', async () => {
  assert.equal(await formatted('a: [1\n'), undefined);
  const { desk, file } = deskOf('a: [1\n');
  assert.deepEqual(await formatting(desk, file), []);
});

const word = fc.constantFrom(
  'a',
  'public.orders',
  '"*"',
  "'it''s'",
  '{}',
  '[x,  y]',
  '{k:  v}',
  '"a#b"',
  '1',
  'true',
  '',
);
const line = fc.oneof(
  fc
    .tuple(fc.constantFrom('', '  ', '    ', '- ', '  - '), word, word)
    .map(([indent, key, value]) => `${indent}${key}: ${value}`),
  fc.constantFrom(
    '# note',
    '  # note',
    '',
    'when: |',
    '  x > 1',
    'text: >-',
    '  y # no comment',
    '---',
    'a: &b c',
    'd: *b',
  ),
);

test('laying out never changes the meaning, and is stable', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 12 }), async (lines) => {
      const text = `${lines.join('\n')}\n`;
      const after = await formatted(text);
      if (after === undefined) return;
      const [before, then] = [parseYaml('', text).root, parseYaml('', after).root];
      assert.ok(before && then);
      assert.deepEqual(plainValue(then), plainValue(before));
      assert.equal(await formatted(after), after);
    }),
    { numRuns: 300 },
  );
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
