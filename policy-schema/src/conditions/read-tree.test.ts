import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileCondition } from './condition.ts';
import { anyExpression } from './expressions.fixture.ts';
import { type ConditionNode, nodesOf, partsOf } from './tree.ts';
import { conditionWords } from './words.ts';

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

/** Where a comment, a break or blanks may stand without a change. */
const blanks = fc.constantFrom('', ' ', '\t', '\n', ' // a ) "b\n', '\r\n  ');

/** Conditions, and the same with blanks, comments and parentheses where nobody needs them. */
const spaced = fc
  .tuple(anyExpression, fc.array(blanks, { minLength: 1, maxLength: 9 }), fc.boolean())
  .map(([source, fill, wrapped]) => {
    const given = wrapped ? `((${source}))` : source;
    const words = conditionWords(given);
    const loose = words.map(({ start, end }, at) => {
      const gap = fill[at % fill.length] ?? '';
      const next = words[at + 1];
      // Two words must not become one.
      return given.slice(start, end) + (gap === '' && next !== undefined && next.start > end ? ' ' : gap);
    });
    return { source, loose: loose.join('') };
  });

test('nodes lie inside of each other in the order of the source, and are read back where they stand', () => {
  let read = 0;
  fc.assert(
    fc.property(spaced, ({ source, loose }) => {
      const compiled = compileCondition(loose);
      if (!compiled.ok) return;
      read++;
      const { tree } = compiled.condition;
      assert.equal(told(tree), told(treeOf(source)), loose);
      const words = new Map(conditionWords(loose).map((word) => [word.start, word]));
      for (const node of nodesOf(tree)) {
        assert.ok(node.start < node.end && node.end <= loose.length);
        let from = node.start;
        for (const part of partsOf(node)) {
          assert.ok(part.start >= from && part.end <= node.end, loose);
          from = part.end;
        }
        if (node.kind === 'name') assert.equal(loose.slice(node.start, node.end), node.name);
        if (node.kind === 'literal')
          assert.equal(spelt(loose.slice(node.start, node.end)), node.value, loose);
        if (node.kind === 'literal') assert.equal(words.get(node.start)?.end, node.end);
        if (node.kind === 'field') assert.equal(words.get(node.field.start)?.text, node.field.text);
        if (node.kind === 'call' || node.kind === 'comprehension')
          assert.equal(loose.slice(node.name.start, node.name.end), node.name.text);
      }
    }),
    { numRuns: 1500 },
  );
  assert.ok(read > 500, `only ${read} conditions were read`);
});

/** What a literal spells; the texts of these conditions are written as JSON writes them. */
function spelt(written: string): unknown {
  return /^\d+$|^0x/.test(written) ? BigInt(written) : (JSON.parse(written) as unknown);
}
