import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addEntry, addItem, applyEdits, removeEntry, removeItem, yamlScalar } from './edits.ts';
import { parseYaml } from './parse-yaml.ts';
import { entryOf, type MappingNode, placeAt, plainValue, type SequenceNode } from './tree.ts';

function read(text: string) {
  const { root, source } = parseYaml('a.yaml', text);
  assert.ok(root);
  return { root, source, mapping: root as MappingNode };
}

const removals: readonly (readonly [title: string, text: string, key: string, after: string])[] = [
  ['a line', 'a: 1 # one\nb: 2\nc: 3\n', 'b', 'a: 1 # one\nc: 3\n'],
  ['a line with its comment', 'a: 1\nb: 2 # two\n', 'b', 'a: 1\n'],
  ['a block', 'a: 1\nb:\n  c: 1\n  d: 2\ne: 3\n', 'b', 'a: 1\ne: 3\n'],
  ['a block scalar', 'a: |\n  x\n  y\nb: 2\n', 'a', 'b: 2\n'],
  ['the first of a flow mapping', '{ a: 1, b: 2 }\n', 'a', '{ b: 2 }\n'],
  ['the last of a flow mapping', '{ a: 1, b: 2 }\n', 'b', '{ a: 1 }\n'],
  ['the only one of a flow mapping', '{ a: 1 }\n', 'a', '{  }\n'],
  ['the last line without a break', 'a: 1\nb: 2', 'b', 'a: 1\n'],
];
for (const [title, text, key, after] of removals) {
  test(`an entry is taken out: ${title}`, () => {
    const { mapping, source } = read(text);
    const entry = entryOf(mapping, key);
    assert.ok(entry);
    const made = applyEdits(text, [removeEntry(source, mapping, entry)]);
    assert.equal(made, after);
    assert.equal(entryOf(read(made).root, key), undefined);
  });
}

test('the first key of an item leaves the dash to the next', () => {
  const text = 'r:\n  - a: 1\n    b: 2\n  - c: 3\n';
  const { root, source } = read(text);
  const item = placeAt(root, ['r', 0])?.node as MappingNode;
  const entry = entryOf(item, 'a');
  assert.ok(entry);
  assert.equal(applyEdits(text, [removeEntry(source, item, entry)]), 'r:\n  - b: 2\n  - c: 3\n');
});

const items: readonly (readonly [title: string, text: string, index: number, after: string])[] = [
  ['of lines', 'r:\n  - a\n  - b # x\n  - c\n', 1, 'r:\n  - a\n  - c\n'],
  ['of mappings', 'r:\n  - a: 1\n    b: 2\n  - c: 3\n', 0, 'r:\n  - c: 3\n'],
  ['of a flow list', 'r: [a, b, c]\n', 1, 'r: [a, c]\n'],
  ['the last of a flow list', 'r: [a, b, c]\n', 2, 'r: [a, b]\n'],
];
for (const [title, text, index, after] of items) {
  test(`an item is taken out: ${title}`, () => {
    const { root, source } = read(text);
    const list = placeAt(root, ['r'])?.node as SequenceNode;
    assert.equal(applyEdits(text, [removeItem(source, list, index)]), after);
  });
}

const additions: readonly (readonly [
  title: string,
  text: string,
  path: readonly (string | number)[],
  after: string,
])[] = [
  ['lines', 'a: 1 # one\nb:\n  c: 1\n\nz: 1\n', ['b'], 'a: 1 # one\nb:\n  c: 1\n  k: v\n\nz: 1\n'],
  ['an item of a list', 'r:\n  - a: 1\n  - b: 2\n', ['r', 0], 'r:\n  - a: 1\n    k: v\n  - b: 2\n'],
  ['a flow mapping', 'r: { a: 1 }\n', ['r'], 'r: { a: 1, k: v }\n'],
  ['an empty flow mapping', 'r: {}\n', ['r'], 'r: {k: v}\n'],
  ['a block scalar before', 'r:\n  a: |\n    x\nz: 1\n', ['r'], 'r:\n  a: |\n    x\n  k: v\nz: 1\n'],
  ['a text without a last break', 'a: 1', [], 'a: 1\nk: v\n'],
];
for (const [title, text, path, after] of additions) {
  test(`an entry is added: ${title}`, () => {
    const { root, source } = read(text);
    const mapping = placeAt(root, path)?.node as MappingNode;
    const made = applyEdits(text, [addEntry(source, mapping, 'k', 'v')]);
    assert.equal(made, after);
    assert.equal(placeAt(read(made).root, [...path, 'k'])?.node.kind, 'scalar');
  });
}

test('an item is added to lines and to a flow list', () => {
  for (const [text, after] of [
    ['r:\n  - a\nz: 1\n', 'r:\n  - a\n  - v\nz: 1\n'],
    ['r: [a]\n', 'r: [a, v]\n'],
    ['r: []\n', 'r: [v]\n'],
  ] as const) {
    const { root, source } = read(text);
    const list = placeAt(root, ['r'])?.node as SequenceNode;
    assert.equal(applyEdits(text, [addItem(source, list, 'v')]), after);
  }
});

test('a scalar is quoted where plain text would mean something else', () => {
  for (const value of [
    'public.orders',
    '*.ssn',
    'true',
    '1',
    '',
    'a: b',
    '#x',
    'group:dba',
    'a, b',
    '{x}',
    '- a',
    "it's",
    'no ',
  ]) {
    assert.deepEqual(
      plainValue(read(`r: [${yamlScalar(value)}]\n`).root),
      plainValue(read(`r: [${JSON.stringify(value)}]\n`).root),
    );
  }
});
