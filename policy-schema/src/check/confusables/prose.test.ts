import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { marked } from '../../model/marked.fixture.ts';
import { SourceFile } from '../../syntax/source.ts';
import { proseOf, standsIn } from './prose.ts';

const cases: readonly (readonly [title: string, text: string])[] = [
  ['comments', '«# one»\nname: a «# two»\nname: "a # b" «# three»\nname: a#b\n'],
  ['values on a line', 'name: a\nmessage:« Ask a person.»\ndescription:« "Why: this" »«# so»\n'],
  ['values over lines', '  - message:« >-»\n«      One»\n«      two # still»\n    name: a\n'],
  ['plain values over lines', 'description:« One»\n«  two»\nname: a\n'],
  ['values in braces', '- { name: a, message:« Ask a person», effect: deny }\n'],
  ['values in braces and quotes', '- { message:« "Ask, please"», effect: deny }\n'],
  ['no other block', 'when: |\n  a == "b" # c\n  d\nname: a «# e»\n'],
  ['no key that only ends so', 'submessage: a\nmessages: b\n'],
  ['lines that end in CRLF', 'message:« a»\r\nname: b «# c»\r\n'],
];

for (const [title, text] of cases) {
  test(`what people read: ${title}`, () => {
    const file = marked(text);
    const found = proseOf(new SourceFile('a', file.text)).map(({ start, end }) => ({ start, end }));
    assert.deepEqual(found, file.ranges);
  });
}

test('any text has prose in order, and offsets are found in it', () => {
  const part = fc.constantFrom(
    'message:',
    ' ',
    '\n',
    '#',
    '"',
    "'",
    'a',
    '  - ',
    '{',
    ',',
    '}',
    ': |',
    '\r\n',
    '\\',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
      const text = parts.join('');
      const ranges = proseOf(new SourceFile('a', text));
      let last = 0;
      for (const { start, end } of ranges) {
        assert.ok(start >= last && end >= start && end <= text.length);
        last = end;
      }
      for (let at = 0; at < text.length; at++) {
        const inside = ranges.some(({ start, end }) => start <= at && at < end);
        assert.equal(standsIn(ranges, at), inside);
      }
    }),
  );
});
