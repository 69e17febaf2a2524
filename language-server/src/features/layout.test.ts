import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits } from '@gatehouse/policy-schema/syntax/edits.ts';
import fc from 'fast-check';
import { deskOf } from '../desk.fixture.ts';
import { folding } from './folding.ts';
import { selection } from './selection.ts';
import { typing } from './typing.ts';

const policy = `# why
# it is
gatehouse: v1
kind: Policy
name: a
applies: { to: [shop-db] }
rules:
  - name: x
    effect: deny
    sql:
      actions: [select]
    when: |
      request.sql.hasWhere &&
      true
  - { name: y, effect: allow }
`;

test('rules, their parts, conditions and comments fold', () => {
  const { desk, file } = deskOf(policy);
  assert.deepEqual(
    folding(desk, file).map(({ start, end, kind }) => `${start}-${end} ${kind}`),
    ['1-2 comment', '7-15 node', '8-14 node', '10-11 node', '12-14 node'],
  );
});

test('a selection grows from the word to the file', () => {
  const { desk, file, offset } = deskOf(policy.replace('[select]', '[sel▮ect]'));
  const { text } = desk.files.get(file) ?? { text: '' };
  const texts = selection(desk, file, offset).map(({ start, end }) => text.slice(start, end));
  assert.equal(texts[0], 'select');
  assert.equal(texts[1], '[select]');
  assert.equal(texts[2], 'actions: [select]');
  assert.match(texts[3] ?? '', /^sql:\n/);
  assert.match(texts[4] ?? '', /^name: x[\s\S]*true$/);
  assert.match(texts[5] ?? '', /^- name: x[\s\S]*allow \}$/);
  assert.equal(texts.at(-1), text);
});

test('the text of a quoted value is selected before its quotes', () => {
  const { desk, file, offset } = deskOf('name: "a ▮b c"\n');
  const { text } = desk.files.get(file) ?? { text: '' };
  assert.deepEqual(
    selection(desk, file, offset)
      .slice(0, 4)
      .map(({ start, end }) => text.slice(start, end)),
    ['b', 'a b c', '"a b c"', 'name: "a b c"'],
  );
});

const lines: readonly (readonly [title: string, text: string, typed: '\n' | '-', after: string])[] = [
  ['below a key without a value', 'rules:\n▮', '\n', 'rules:\n  '],
  ['below the first key of an item', '  - name: x\n▮', '\n', '  - name: x\n    '],
  ['below another key', '    effect: deny\n▮', '\n', '    effect: deny\n    '],
  ['below a key of an item that opens a mapping', '  - sql:\n▮', '\n', '  - sql:\n      '],
  ['below a block scalar’s head', '    when: |\n▮', '\n', '    when: |\n      '],
  [
    'inside a block scalar nothing is moved',
    '    when: |\n          a\n          ▮',
    '\n',
    '    when: |\n          a\n          ',
  ],
  [
    'a dash goes where items stand',
    'rules:\n  - name: x\n    effect: deny\n    -▮',
    '-',
    'rules:\n  - name: x\n    effect: deny\n  -',
  ],
  ['the first dash stands below its key', 'rules:\n-▮', '-', 'rules:\n  -'],
  ['a dash inside of a value stays', 'name: a-▮', '-', 'name: a-'],
];
for (const [title, text, typed, after] of lines) {
  test(`typing: ${title}`, () => {
    const { desk, file, offset } = deskOf(text);
    const before = desk.files.get(file)?.text ?? '';
    assert.equal(applyEdits(before, typing(desk, file, offset, typed)), after);
  });
}

test('no text and no place makes them throw, and selections lie inside each other around the place', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', ':', ' ', '\n', '-', '"', '[', '{', '|', '#') }),
      fc.nat(),
      (text, at) => {
        const { desk, file } = deskOf(text);
        const offset = at % (text.length + 1);
        folding(desk, file);
        typing(desk, file, offset, '\n');
        typing(desk, file, offset, '-');
        const ranges = selection(desk, file, offset);
        ranges.forEach((range, index) => {
          assert.ok(range.start <= offset && offset <= range.end);
          const outer = ranges[index + 1];
          assert.ok(!outer || (outer.start <= range.start && range.end <= outer.end), JSON.stringify(ranges));
        });
      },
    ),
    { numRuns: 500 },
  );
});
