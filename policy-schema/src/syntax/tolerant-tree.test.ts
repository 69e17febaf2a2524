import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseYaml } from './parse-yaml.ts';
import { plainValue, type SyntaxNode } from './tree.ts';

function readOf(text: string): unknown {
  const { root, tree } = parseYaml('a.yaml', text);
  assert.equal(root, undefined, 'the text is not broken');
  return tree && JSON.parse(JSON.stringify(plainValue(tree)));
}

const broken: readonly (readonly [what: string, text: string, value: unknown])[] = [
  [
    'a key without its colon',
    'rules:\n  - name: a\n    eff\n  - name: b\n',
    { rules: [{ name: 'a', eff: null }, { name: 'b' }] },
  ],
  [
    'an unclosed list',
    'rules:\n  - sql: { tables: [a, \n  - name: b\n',
    { rules: [{ sql: { tables: ['a'] } }, { name: 'b' }] },
  ],
  ['a key that stands twice', 'a: 1\na: 2\nb: 3\n', { a: 1, b: 3 }],
  ['a tag', 'a: !x 1\nb: 2\n', { a: '1', b: 2 }],
  ['an alias of nothing', 'a: *x\nb: 2\n', { a: null, b: 2 }],
  ['a second document', 'a: 1\n---\nb: 2\n', { a: 1 }],
  ['two colons on a line', 'a: b: c\nd: 1\n', { a: { b: 'c', d: 1 } }],
];

for (const [what, text, value] of broken) {
  test(`a tree is made around ${what}`, () => assert.deepEqual(readOf(text), value));
}

test('a text that is not broken has its root as its tree', () => {
  const { root, tree } = parseYaml('a.yaml', 'a: [1, { b: 2 }]\n');
  assert.ok(root);
  assert.equal(tree, root);
});

function assertInside(node: SyntaxNode, length: number): void {
  const { start, end } = node.range;
  assert.ok(0 <= start && start <= end && end <= length, JSON.stringify(node));
  if (node.kind === 'sequence') for (const item of node.items) assertInside(item, length);
  if (node.kind === 'mapping') for (const { value } of node.entries) assertInside(value, length);
  if (node.kind === 'scalar' && typeof node.value === 'string') {
    const { start: from, end: to } = node.offsets().range(0, node.value.length);
    assert.ok(0 <= from && from <= to && to <= length);
  }
}

test('every range of a tree of broken text lies in the text', () => {
  const sound = `gatehouse: v1
rules:
  - name: a # why
    when: |
      a &&
        b
    sql: { tables: [x, "y\\n", 'z''s'], actions: [] }
  - name: b
    message: >-
      folded
      text
`;
  const bits = fc.constantFrom(
    '"',
    "'",
    '[',
    '}',
    ': ',
    '- ',
    '\n',
    '\n  ',
    '#',
    '|',
    '&a ',
    '*a',
    '\t',
    '\r',
  );
  fc.assert(
    fc.property(
      fc.nat(sound.length),
      fc.nat(20),
      fc.array(fc.oneof(bits, fc.string({ maxLength: 3 })), { maxLength: 4 }),
      (at, gone, parts) => {
        const text = sound.slice(0, at) + parts.join('') + sound.slice(at + gone);
        const { tree, root, diagnostics } = parseYaml('a.yaml', text);
        assert.equal(root === undefined, diagnostics.length > 0);
        if (tree) assertInside(tree, text.length);
      },
    ),
    { numRuns: 2000 },
  );
});
