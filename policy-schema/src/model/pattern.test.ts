import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compilePattern, compilePatterns, qualify, segmentsOf } from './pattern.ts';

test('`*` matches any run of characters, dots included, and nothing else is special', () => {
  const cases: readonly [string, string, boolean][] = [
    ['*', '', true],
    ['*', 'public.orders', true],
    ['**', 'a', true],
    ['public.*', 'public.orders', true],
    ['public.*', 'public.', true],
    ['public.*', 'publicorders', false],
    ['*.ssn', 'public.people.ssn', true],
    ['*.ssn', 'ssn', false],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['a*b*c', 'a.b.b.c', true],
    ['a*bc*c', 'abc', false],
    ['*ab*ab*', 'aab', false],
    ['*ab*ab*', 'xabyabz', true],
    ['public.orders', 'public.orders', true],
    ['public.orders', 'public.Orders', false],
    ['public.orders', 'publicxorders', false],
    ['a?c', 'abc', false],
    ['[ab]', 'a', false],
    ['a\\*', 'a\\b', true],
    ['', '', true],
    ['', 'a', false],
  ];
  for (const [pattern, value, expected] of cases) {
    assert.equal(compilePattern(pattern)(value), expected, `${pattern} on ${value}`);
  }
});

const piece = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '"'), maxLength: 10 });

/** The plain definition, exponential and all, over short texts. */
function matches(pattern: string, value: string): boolean {
  if (pattern === '') return value === '';
  if (pattern[0] !== '*') return value[0] === pattern[0] && matches(pattern.slice(1), value.slice(1));
  return matches(pattern.slice(1), value) || (value !== '' && matches(pattern, value.slice(1)));
}

test('matching is what its definition says', () => {
  fc.assert(
    fc.property(piece, piece, (pattern, value) => {
      assert.equal(compilePattern(pattern)(value), matches(pattern, value));
    }),
    { numRuns: 5000 },
  );
});

test('a list of patterns matches where any of them does, an empty one nowhere', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 4 }), piece, (patterns, value) => {
      assert.equal(
        compilePatterns(patterns)(value),
        patterns.some((pattern) => matches(pattern, value)),
      );
    }),
  );
});

test('a value made to make matching go back and forth is read a bounded number of times', () => {
  // With backtracking this would take longer than the machine lasts.
  const pattern = `${'*a'.repeat(100)}*b`;
  assert.equal(compilePattern(pattern)('a'.repeat(200_000)), false);
});

test('canonical names quote what would be taken for something else', () => {
  assert.equal(qualify('public', 'orders'), 'public.orders');
  assert.equal(qualify('public', 'a.b'), 'public."a.b"');
  assert.equal(qualify('public', 'Odd name'), 'public.Odd name');
  assert.equal(qualify('a"b', '*'), '"a""b"."*"');
  assert.equal(qualify('', 'x'), '"".x');
});

test('canonical names are different for different segments, and can be taken apart again', () => {
  const segments = fc.array(fc.oneof(piece, fc.string({ maxLength: 5 })), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(segments, (names) => {
      assert.deepEqual(segmentsOf(qualify(...names)), names);
    }),
    { numRuns: 3000 },
  );
});

test('a name that no segments have is told', () => {
  for (const name of ['', '.', 'a.', '.a', 'a..b', '"a', 'a"b', '"a"b', 'a."b"c', '"a""']) {
    assert.equal(segmentsOf(name), undefined, name);
  }
});

test('no name in quotes can pose as one without', () => {
  // A table whose name holds a dot must not match a pattern for a table of another schema.
  assert.equal(compilePattern('public.people.ssn')(qualify('public', 'people.ssn')), false);
  assert.equal(compilePattern('*.ssn')(qualify('public', 'people', 'x.ssn')), false);
});
