import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { maxTextLength, parseYaml } from './parse-yaml.ts';
import { entryOf, placeAt, plainValue } from './tree.ts';

function values(text: string): unknown {
  const { root, diagnostics } = parseYaml('a.yaml', text);
  assert.deepEqual(diagnostics, []);
  return root && JSON.parse(JSON.stringify(plainValue(root)));
}

/** What the only diagnostic points at, and what it says. */
function only(text: string): { at: string; message: string; code: string; place: string } {
  const { root, diagnostics } = parseYaml('a.yaml', text);
  assert.equal(root, undefined);
  const [first] = diagnostics;
  assert.ok(first && diagnostics.length === 1, JSON.stringify(diagnostics));
  const { range, message, code, line, column } = first;
  return { at: text.slice(range.start, range.end), message, code, place: `${line}:${column}` };
}

test('a file becomes a tree whose ranges are what is written', () => {
  const text = 'a: [1, "b", { c: null }]\n"d e": |\n  text\nempty:\n';
  assert.deepEqual(values(text), { a: [1, 'b', { c: null }], 'd e': 'text\n', empty: null });
  const { root } = parseYaml('a.yaml', text);
  assert.ok(root);
  const at = (...path: (string | number)[]): string => {
    const range = placeAt(root, path)?.node.range ?? { start: 0, end: 0 };
    return text.slice(range.start, range.end);
  };
  assert.deepEqual(
    [at('a'), at('a', 1), at('a', '2', 'c'), at('d e'), at('empty')],
    ['[1, "b", { c: null }]', '"b"', 'null', '|\n  text\n', ''],
  );
  assert.equal(placeAt(root, ['a', 7]), undefined);
  assert.equal(placeAt(root, ['a', 0, 'x']), undefined);
});

test('the core schema of YAML 1.2 holds, whatever the file says', () => {
  assert.deepEqual(values('[yes, no, on, 010, 0o10, ~, 2020-01-01, 1_000]'), [
    'yes',
    'no',
    'on',
    10,
    8,
    null,
    '2020-01-01',
    '1_000',
  ]);
  assert.match(only('%YAML 1.1\n---\na: yes\n').message, /directives/);
});

test('keys are what is written, and no key has powers', () => {
  const { root } = parseYaml('a.yaml', '1: a\ntrue: b\n__proto__: { x: 1 }\n<<: { y: 1 }\n');
  assert.ok(root?.kind === 'mapping');
  assert.deepEqual(
    root.entries.map(({ key }) => key),
    ['1', 'true', '__proto__', '<<'],
  );
  const value = plainValue(root) as Record<string, unknown>;
  assert.equal(Object.getPrototypeOf(value), null);
  assert.equal(value.x, undefined);
});

test('aliases are followed to where their anchor stands', () => {
  const text = 'a: &x [1]\nb: *x\n';
  const { root } = parseYaml('a.yaml', text);
  assert.equal(entryOf(root, 'b')?.value, entryOf(root, 'a')?.value);
});

test('what YAML takes for something else is explained at its place', () => {
  assert.deepEqual(pick(only('when: !x.y\n')), { at: '!x.y', code: 'syntax', place: '1:7' });
  assert.match(only('when: !x.y\n').message, /tag.*condition in quotes/);
  assert.match(only('a: [*.ssn]\n').message, /put it in quotes: "\*\.ssn"/);
  assert.match(only('a: [*]\n').message, /quotes: "\*"/);
  assert.match(only('a: b: c\n').message, /two `: ` on one line/);
  assert.match(only('a: 1\n\tb: 2\n').message, /Tabs/);
  assert.match(only('a: &x [*x]\n').message, /inside what it names/);
  assert.deepEqual(pick(only('a: 1\n---\nb: 2\n')), { at: '---', code: 'syntax', place: '2:1' });
  assert.deepEqual(pick(only('a: 1\nb: 2\n"a": 3\n')), { at: '"a"', code: 'duplicate-key', place: '3:1' });
  assert.match(only('? [a]\n: b\n').message, /plain text/);
  assert.match(only(': b\n').message, /plain text/);
});

function pick({ at, code, place }: ReturnType<typeof only>): { at: string; code: string; place: string } {
  return { at, code, place };
}

test('files that would cost too much are refused', () => {
  assert.match(only('a'.repeat(maxTextLength + 1)).message, /at most/);
  assert.match(only(`a: ${'['.repeat(40)}${']'.repeat(40)}`).message, /levels deep/);
  for (const open of ['[', '{a: ', '- ', '? ']) {
    const { root, diagnostics } = parseYaml('a.yaml', open.repeat(100_000));
    assert.equal(root, undefined);
    assert.notEqual(diagnostics.length, 0);
  }
  // Nine levels of ten aliases each: a thousand million values in two hundred characters.
  const laughs = Array.from({ length: 9 }, (_, i) => {
    const items =
      i === 0
        ? '1'
        : Array(10)
            .fill(`*a${i - 1}`)
            .join(',');
    return `a${i}: &a${i} [${items}]`;
  });
  assert.match(only(`${laughs.join('\n')}\n`).message, /behind aliases included/);
});

test('lines end with LF, CRLF or CR, as in editors', () => {
  for (const nl of ['\n', '\r\n']) {
    const { place } = only(`a: 1${nl}b:${nl}  c: 1${nl}  c: 2${nl}`);
    assert.equal(place, '4:3');
  }
});

const fragment = fc.constantFrom(
  'a: ',
  '- ',
  '? ',
  ': ',
  '[',
  ']',
  '{',
  '}',
  ',',
  '|',
  '>',
  '>-2',
  '"',
  "'",
  '\\',
  '\\u00',
  '&a ',
  '*a',
  '!t ',
  '!!str ',
  '%YAML 1.1\n',
  '---\n',
  '...\n',
  '#',
  ' ',
  '  ',
  '\t',
  '\n',
  '\r',
  '\r\n',
  '\0',
  '\uFEFF',
  '\u2028',
  '\ud800',
  '~',
  '<<: ',
  '@',
  '`',
  '.inf',
  '1e999',
  '0x',
);

test('no text makes the reader throw, and every range lies in the text', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.oneof(fragment, fc.string({ maxLength: 3 })), { maxLength: 40 })
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const { root, diagnostics, source } = parseYaml('a.yaml', text);
      assert.equal(root === undefined, diagnostics.length > 0);
      for (const { range, line, column, endLine, endColumn } of diagnostics) {
        assert.ok(0 <= range.start && range.start <= range.end && range.end <= text.length);
        assert.deepEqual(
          [
            { line, column },
            { line: endLine, column: endColumn },
          ],
          [source.position(range.start), source.position(range.end)],
        );
      }
      if (root) JSON.stringify(plainValue(root));
    }),
    { numRuns: 4000 },
  );
});
