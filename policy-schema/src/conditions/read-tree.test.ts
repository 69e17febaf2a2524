import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileCondition } from './condition.ts';
import { type ConditionNode, nodesOf, partsOf } from './tree.ts';

function treeOf(source: string): ConditionNode {
  const compiled = compileCondition(source);
  assert.ok(compiled.ok, source);
  return compiled.condition.tree;
}

/** The tree as text, with operators in front. */
function told(node: ConditionNode): string {
  const parts = partsOf(node).map(told).join(' ');
  switch (node.kind) {
    case 'literal':
      return typeof node.value === 'string' ? JSON.stringify(node.value) : String(node.value);
    case 'name':
      return node.name;
    case 'field':
      return `${parts}.${node.field.text}`;
    case 'call':
      return `(${node.receiver ? '.' : ''}${node.name.text} ${parts})`;
    case 'comprehension':
      return `(${node.name.text} ${node.variable.text} ${parts})`;
    case 'list':
      return `[${parts}]`;
    case 'unary':
    case 'binary':
      return `(${node.operator} ${parts})`;
    case 'conditional':
      return `(? ${parts})`;
  }
}

const cases: readonly (readonly [source: string, tree: string])[] = [
  ['!request.sql.hasWhere', '(! request.sql.hasWhere)'],
  ['"dba" in principal.groups && 1 < 2', '(&& (in "dba" principal.groups) (< 1 2))'],
  ['request.text.lowerAscii().matches("(?i)x")', '(.matches (.lowerAscii request.text) "(?i)x")'],
  ['now.getHours("UTC") > -1', '(> (.getHours now "UTC") (- 1))'],
  ['request.sql.tables.exists(t, t == "a")', '(exists t request.sql.tables (== t "a"))'],
  ['has(resource.labels.env) ? true : int("1") == 1', '(? (has resource.labels.env) true (== (int "1") 1))'],
  ['[1, 2].size() == 2', '(== (.size [1 2]) 2)'],
  ['request.text.split(",")[0] == "x"', '(== ([] (.split request.text ",") 0) "x")'],
];

for (const [source, tree] of cases) {
  test(`a condition as a tree: ${source}`, () => assert.equal(told(treeOf(source)), tree));
}

test('every word stands where the tree says, also behind parentheses, breaks and comments', () => {
  const source =
    '(request.text // .matches(\n ) . matches("a") && request.sql.tables.all(t, (t).startsWith("x")) && has(resource.labels.env)';
  const words: string[] = [];
  for (const node of nodesOf(treeOf(source))) {
    const found =
      node.kind === 'field'
        ? [node.field]
        : node.kind === 'call'
          ? [node.name]
          : node.kind === 'comprehension'
            ? [node.name, node.variable]
            : [];
    for (const { text, start, end } of found) {
      assert.equal(source.slice(start, end), text);
      words.push(text);
    }
  }
  assert.deepEqual(words.sort(), [
    'all',
    'env',
    'has',
    'labels',
    'matches',
    'sql',
    'startsWith',
    't',
    'tables',
    'text',
  ]);
});

test('the parts of a condition have types', () => {
  const tree = treeOf('request.sql.tables.size() > 1 && now > timestamp("2026-01-01T00:00:00Z")');
  const types = [...nodesOf(tree)].map(({ type }) => type);
  assert.deepEqual(types.slice(0, 4), ['bool', 'bool', 'int', 'list<string>']);
  assert.ok(types.includes('timestamp'));
});
