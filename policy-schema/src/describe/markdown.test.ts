import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cellCode, code, prose } from './markdown.ts';

test('code shows what it is given, backticks too', () => {
  assert.equal(code('public.orders'), '`public.orders`');
  assert.equal(code('a\n  b'), '`a b`');
  assert.equal(code('a`b'), '`` a`b ``');
  assert.equal(code('`a``b'), '``` `a``b ```');
  assert.equal(code(''), '` `');
  assert.equal(cellCode('a|b'), '`a\\|b`');
});

test('words hold no markup, addresses neither', () => {
  assert.equal(
    prose('[x](https://example.com) <b>\n*y*'),
    '\\[x\\]\\(https\\:\\/\\/example\\.com\\) \\<b\\> \\*y\\*',
  );
});

test('no text gets out of its code', () => {
  const text = fc.string({ unit: fc.constantFrom('`', 'a', ' ', '\n', '[', '\\', '|') });
  fc.assert(
    fc.property(text, (value) => {
      const made = code(value);
      // As CommonMark has it: code ends with the next run of as many backticks as it began with.
      const fence = /^`+/.exec(made)?.[0] ?? '';
      const runs = [...made.slice(fence.length).matchAll(/`+/g)];
      const close = runs.find(([run]) => run === fence);
      assert.equal((close?.index ?? -1) + 2 * fence.length, made.length);
      assert.equal(made.slice(fence.length, -fence.length).trim(), value.replace(/\s+/g, ' ').trim());
    }),
  );
});
