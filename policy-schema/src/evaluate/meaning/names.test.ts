import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { compilePattern } from '../../model/pattern.ts';
import { isNameOf, piecesOf, representativeNames } from './names.ts';

const found = (patterns: readonly string[], more: { segments?: number; known?: readonly string[] } = {}) =>
  representativeNames(patterns.map(piecesOf), { steps: 1_000_000, ...more });

const patterns = fc.array(
  fc
    .array(fc.constantFrom('a', 'b', 'ab', '*', '*', '.'), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join('')),
  { minLength: 1, maxLength: 4 },
);

/** Every text of up to so many of these characters. */
function* texts(characters: string, length: number): Generator<string> {
  if (length === 0) return;
  for (const character of characters) {
    yield character;
    for (const rest of texts(characters, length - 1)) yield character + rest;
  }
}

const all = [...texts('abx.', 5)];

describe('representativeNames', () => {
  test('gives a name to each way in which patterns can meet, and none twice', () => {
    fc.assert(
      fc.property(patterns, fc.constantFrom(undefined, 1, 2), (own, segments) => {
        const matchers = own.map(compilePattern);
        const key = (text: string) => matchers.map((matches) => (matches(text) ? 1 : 0)).join('');
        const { names, complete } = found(own, segments === undefined ? {} : { segments });
        assert.ok(complete);
        for (const name of names) assert.ok(isNameOf(segments, name), name);
        const keys = names.map(key);
        for (const text of all) if (isNameOf(segments, text)) assert.ok(keys.includes(key(text)), text);
      }),
      { numRuns: 400 },
    );
  });

  test('takes a known name where it does as well', () => {
    const { names } = found(['public.*', '*.log', 'audit.log'], {
      segments: 2,
      known: ['public.orders', 'public.order_items', 'sales.log'],
    });
    assert.deepEqual(names, ['audit.log', 'sales.log', 'public.orders', 'x.x', 'public.log']);
  });

  test('makes the shortest name that there is otherwise', () => {
    assert.deepEqual(found(['public.*'], { segments: 2 }).names, ['x.x', 'public.x']);
    assert.deepEqual(found(['*']).names, ['x']);
  });

  test('finds no name for a pattern that no name of so many segments has', () => {
    assert.deepEqual(found(['a.b.*'], { segments: 2 }).names, ['x.x']);
  });

  test('says when it gave up', () => {
    const many = Array.from({ length: 40 }, (_, at) => `*${'ab'.repeat(at + 1)}*${at}*`);
    assert.equal(representativeNames(many.map(piecesOf), { steps: 1000 }).complete, false);
  });
});
