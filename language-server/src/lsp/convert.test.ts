import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SourceFile } from '@gatehouse/policy-schema/syntax/source.ts';
import fc from 'fast-check';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { toOffset, toPosition, toRange, toTextRange } from './convert.ts';

const text = fc.string({ unit: fc.constantFrom('a', 'é', '\n', '\r', '\r\n', '\t', '🙂', '\u2028', ' ') });

test('places are those that LSP means, for every break of lines and every character', () => {
  fc.assert(
    fc.property(text, fc.nat(), (source, at) => {
      const own = new SourceFile('a', source);
      const theirs = TextDocument.create('file:///a', 'yaml', 1, source);
      const offset = at % (source.length + 1);
      const position = toPosition(own, offset);
      // Between CR and LF there is no place in LSP.
      if (source[offset - 1] !== '\r' || source[offset] !== '\n') {
        assert.deepEqual(position, theirs.positionAt(offset));
        assert.equal(toOffset(own, position), offset);
      }
    }),
    { numRuns: 2000 },
  );
});

test('places outside of a text are those that LSP clamps them to', () => {
  fc.assert(
    fc.property(text, fc.nat(20), fc.nat(40), (source, line, character) => {
      const own = new SourceFile('a', source);
      const offset = toOffset(own, { line, character });
      assert.ok(offset >= 0 && offset <= source.length);
      const theirs = TextDocument.create('file:///a', 'yaml', 1, source).offsetAt({ line, character });
      // They stop before a break; we do so too, or right behind its first half.
      assert.ok(Math.abs(offset - theirs) <= 1, `${offset} and ${theirs}`);
    }),
    { numRuns: 2000 },
  );
});

test('a range comes back as it was', () => {
  fc.assert(
    fc.property(text, fc.nat(), fc.nat(), (source, one, other) => {
      const own = new SourceFile('a', source);
      const [start = 0, end = 0] = [one, other]
        .map((each) => each % (source.length + 1))
        .sort((a, b) => a - b);
      const inBreak = [start, end].some((each) => source[each - 1] === '\r' && source[each] === '\n');
      if (!inBreak) assert.deepEqual(toTextRange(own, toRange(own, { start, end })), { start, end });
    }),
  );
});
