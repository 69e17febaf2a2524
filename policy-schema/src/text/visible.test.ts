import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { visible } from './visible.ts';

describe('a text of an agent', () => {
  it('shows what would not be seen, or would reorder what is', () => {
    assert.equal(
      visible('drop \u202etable\u200b \u001b[2Jx\r\u{e0041}'),
      'drop \\u{202e}table\\u{200b} \\u{1b}[2Jx\\u{d}\\u{e0041}',
    );
  });

  it('keeps lines, tabs and letters of all languages', () => {
    const text = 'SELECT\t1\r\nFROM "Größe" -- 価格 👍\n';
    assert.equal(visible(text), text);
  });

  it('holds nothing treacherous, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.doesNotMatch(
          visible(text).replace(/[\t\n]|\r\n/g, ''),
          /\p{Cc}|[\u202a-\u202e\u2066-\u2069\u200e\u200f\u2028\u2029]/u,
        );
      }),
    );
  });
});
