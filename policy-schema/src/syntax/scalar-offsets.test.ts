import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseYaml } from './parse-yaml.ts';
import { entryOf, type ScalarNode } from './tree.ts';

function scalar(text: string): ScalarNode {
  const { root, diagnostics } = parseYaml('a.yaml', text);
  assert.deepEqual(diagnostics, [], JSON.stringify(text));
  const value = entryOf(root, 'when')?.value;
  assert.ok(value?.kind === 'scalar', JSON.stringify(text));
  return value;
}

/**
 * Each unit of the value must map to what it stands for in the file, and between two units the file holds nothing but
 * white space, breaks and escaped breaks: so no unit maps to a twin elsewhere.
 */
function assertMapped(text: string): void {
  const node = scalar(text);
  const table = node.offsets();
  assert.equal(table.value, node.value);
  let last = node.range.start;
  table.value.split('').forEach((unit, i) => {
    const { start, end } = table.range(i, i + 1);
    assert.ok(
      stands(unit, text.slice(start, end)),
      JSON.stringify({ text, i, unit, at: text.slice(start, end) }),
    );
    assert.match(
      text.slice(last, start),
      i === 0 ? /^["']?([|>][-+2]*)?[\s]*$/ : /^([ \t\r\n]|\\(?=\r?\n))*$/,
      JSON.stringify({ text, i }),
    );
    last = end;
  });
}

const escaped: Readonly<Record<string, string>> = {
  '\\n': '\n',
  '\\t': '\t',
  '\\"': '"',
  '\\\\': '\\',
  '\\x41': 'A',
  '\\u0042': 'B',
  '\\/': '/',
  '\\e': '\x1b',
  '\\_': '\u00a0',
  '\\U0001F600': '😀',
};

/** What a unit of the file may stand for: itself, an escape, a fold. */
function stands(unit: string, source: string): boolean {
  if (unit === source) return true;
  if (source === "''") return unit === "'";
  if (/^\r?\n$/.test(source)) return unit === ' ' || unit === '\n';
  if (source.startsWith('\\')) return escaped[source]?.includes(unit) === true;
  // The clipped newline of a block that ends with the file.
  return source === '' && unit === '\n';
}

test('each style maps known characters to where they stand', () => {
  const cases: readonly [string, string][] = [
    ['when: abc == 1\n', 'abc'],
    ['when:   "a \\"b\\" abc"\n', 'abc'],
    ["when: 'it''s abc'\n", 'abc'],
    ['when: |\n  first\n   second\n  abc\n', 'abc'],
    ['when: >\n  first\n  second\n\n    kept\n  abc\n', 'abc'],
    ['when: >-\r\n  first\r\n  second abc\r\n', 'abc'],
    ['when: a\n  b\n\n  abc\n', 'abc'],
    ['when: "a\n  b\\\n   abc"\n', 'abc'],
    ['when: "\\u0041\\x41 abc"\n', 'abc'],
    ['\uFEFFwhen: x abc\n', 'abc'],
  ];
  for (const [text, word] of cases) {
    const table = scalar(text).offsets();
    const at = table.value.indexOf(word);
    assert.notEqual(at, -1, JSON.stringify(text));
    const range = table.range(at, at + word.length);
    assert.deepEqual([text.slice(range.start, range.end), range.start], [word, text.lastIndexOf(word)]);
  }
});

test('a range that ends before a folded break does not reach into the next line', () => {
  const text = 'when: >\n   abc\n   def\n';
  const range = scalar(text).offsets().range(0, 3);
  assert.equal(text.slice(range.start, range.end), 'abc');
});

test('places outside of the value stay at its ends', () => {
  const text = 'when: "abc"\n';
  const table = scalar(text).offsets();
  assert.deepEqual([table.at(-1), table.at(3), table.at(99)], [7, 10, 10]);
  assert.deepEqual(table.range(3, 3), { start: 10, end: 10 });
});

const word = fc.constantFrom('a', 'bc', '== 1', 'x.y', '&&', '(z)', 'é', '😀', 'q"', 'a\\');
const gap = fc.constantFrom(' ', '  ', '\t ');
const newline = fc.constantFrom('\n', '\r\n');

test('every unit of a block scalar maps to itself or to a break', () => {
  const line = fc.oneof(
    fc.record({
      more: fc.constantFrom('', '', ' ', '   ', '\t'),
      words: fc.array(word, { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ more: fc.constantFrom('', ' ', '   '), words: fc.constant<string[]>([]) }),
  );
  fc.assert(
    fc.property(
      fc.constantFrom('|', '>'),
      fc.constantFrom('', '-', '+'),
      fc.constantFrom('', '2'),
      fc.array(line, { maxLength: 7 }),
      newline,
      fc.constantFrom('', 'tail: 1\n', '# comment\n'),
      (style, chomp, indent, lines, nl, after) => {
        const body = lines.map(({ more, words }, i) => {
          // Without an explicit indentation the first line of text sets it.
          const extra = indent === '' && lines.findIndex(({ words }) => words.length > 0) >= i ? '' : more;
          return words.length > 0 || extra !== '' ? `  ${extra}${words.join(' ')}` : '';
        });
        const text = [`when: ${style}${indent}${chomp}`, ...body, after].join(nl);
        assertMapped(text);
      },
    ),
    { numRuns: 1500 },
  );
});

test('every unit of a quoted or plain scalar maps to itself, its escape or a break', () => {
  const plain = fc.constantFrom('a', 'bc', '==', 'x.y', 'é', '😀', '1', '(z)');
  const single = fc.oneof(plain, fc.constantFrom("''", "it''s", '"', '\\'));
  const double = fc.oneof(plain, fc.constantFrom(...Object.keys(escaped)));
  const between = fc.oneof(
    gap,
    fc
      .tuple(fc.constantFrom('', ' ', '\t'), fc.array(newline, { minLength: 1, maxLength: 3 }), gap)
      .map(([before, breaks, after]) => before + breaks.join('') + after),
    fc.constant(''),
  );
  const body = (unit: fc.Arbitrary<string>): fc.Arbitrary<string> =>
    fc
      .tuple(unit, fc.array(fc.tuple(between, unit), { maxLength: 6 }))
      .map(([first, rest]) => first + rest.map(([space, next]) => space + next).join(''));
  const texts = fc.oneof(
    body(plain).map((value) => `when: ${value}\nx: 1\n`),
    body(single).map((value) => `when: '${value}'\n`),
    fc
      .tuple(body(double), fc.constantFrom('', '\\\n  ', '\\\r\n '))
      .map(([value, cut]) => `when: "${value}${cut}z"\n`),
    body(single).map((value) => `x: { when: 'a', b: [ 'c' ] }\nwhen: '${value}' # comment\n`),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const node = parseYaml('a.yaml', text);
      const value = entryOf(node.root, 'when')?.value;
      if (node.diagnostics.length > 0 || value?.kind !== 'scalar' || typeof value.value !== 'string') return;
      assertMapped(text);
    }),
    { numRuns: 3000 },
  );
});
