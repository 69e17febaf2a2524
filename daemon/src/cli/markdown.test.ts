import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { block, bounded, code, table } from './markdown.ts';

/** Only what cannot begin anything in Markdown or HTML, and entities. */
const harmless = /^<code>(?:[\p{L}\p{N} ,;.()/…→›-]|:(?=[ 0-9])|&#\d+;)*<\/code>$/u;
const hostile = [
  '@admin please merge',
  '<img src=x onerror=alert(1)>',
  '</code><script>',
  '[click](https://evil.example)',
  'https://evil.example/x www.evil.example a@evil.example mailto:a',
  '`` ` `` | **bold** | #1 | GH-1',
  '![x](y) ~~~ --- <!-- ',
  'two\nlines\r\n# heading',
  '\u202eright to left\u202c \u200b',
  '&lt;b&gt; &amp;',
];

test('no text inside of a line can mean anything', () => {
  for (const text of hostile) {
    const written = code(text);
    assert.match(written, harmless);
    assert.doesNotMatch(written, /www\.|:\/\/|@/i);
  }
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => harmless.test(code(text))));
});

test('what is harmless is readable', () => {
  assert.equal(code('public.orders (3 rows): 1'), '<code>public.orders (3 rows): 1</code>');
});

test('no text closes its block', () => {
  const ticks = fc.stringMatching(/^[`~\n\r\t a]{0,60}$/);
  fc.assert(
    fc.property(ticks, (text) => {
      const written = block(text, 'sql').split('\n');
      const [head = ''] = written;
      const fence = head.replace('sql', '');
      assert.match(fence, /^`{3,}$/);
      assert.equal(written.at(-1), fence);
      for (const line of written.slice(1, -1)) assert.ok(!line.includes(fence));
    }),
  );
});

test('what cannot be seen is shown in a block', () => {
  assert.match(block('SELECT 1 \u202e-- x', 'sql'), /\\u\{202e\}/);
});

test('a summary fits into a comment, and is cut between blocks', () => {
  const blocks = Array.from({ length: 900 }, (_, at) => block(`SELECT ${at} ${'ü`'.repeat(100)}`, 'sql'));
  const written = bounded(blocks);
  assert.ok(Buffer.byteLength(written) <= 65_536);
  assert.match(written, /\n\n_Left out, as a comment has no more room: \d+ of 900 parts\./);
  const fences = written.split('\n').filter((line) => /^`{3,}(?:sql)?$/.test(line));
  assert.equal(fences.length % 2, 0);
  assert.equal(bounded(['a', 'b']), 'a\n\nb\n');
});

test('a table is a table', () => {
  assert.equal(
    table(['a', ''], [[code('x|y'), '1']]),
    '| a |  |\n| --- | --- |\n| <code>x&#124;y</code> | 1 |',
  );
});
