import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseQualifiedName } from './name-text.ts';
import { joinValues, parameterName } from './parameters.ts';
import { utf16Offsets } from './offsets.ts';

describe('a name in a text', () => {
  it('is read as the server reads one', () => {
    assert.deepEqual(parseQualifiedName('seq'), { name: 'seq' });
    assert.deepEqual(parseQualifiedName(' Public . SEQ '), { schema: 'public', name: 'seq' });
    assert.deepEqual(parseQualifiedName('"My Schema"."A""B.c"'), { schema: 'My Schema', name: 'A"B.c' });
    assert.deepEqual(parseQualifiedName('shop.public.seq'), { schema: 'public', name: 'seq' });
  });

  it('is none where the server would see another, or where it is not sure', () => {
    for (const text of [
      '',
      ' ',
      '1',
      '12345',
      'a b',
      'a.',
      '.a',
      'a..b',
      'a.b.c.d',
      '"a',
      '""',
      'a-b',
      'é',
      'a"b"',
      'x'.repeat(64),
    ]) {
      assert.equal(parseQualifiedName(text), undefined, text);
    }
  });
});

describe('parameters', () => {
  it('have one spelling', () => {
    assert.equal(parameterName('Search_PATH'), 'search_path');
    assert.equal(parameterName('SORT_MEM'), 'work_mem');
    assert.equal(parameterName('app.Ünit'), 'app.Ünit');
    assert.equal(parameterName('__proto__'), '__proto__');
  });

  it('are joined as the server joins them', () => {
    assert.equal(joinValues('search_path', ['a', '$user', 'B c', 'd"e']), 'a, "$user", "B c", "d""e"');
    assert.equal(joinValues('datestyle', ['ISO', 'MDY']), 'ISO, MDY');
  });
});

describe('offsets', () => {
  it('are counted in UTF-16', () => {
    const text = "é😀a'ß";
    const bytes = [0, 2, 6, 7, 8, 10];
    assert.deepEqual(bytes.map(utf16Offsets(text, bytes)), [0, 1, 3, 4, 5, 6]);
    assert.deepEqual([0, 3].map(utf16Offsets('abc', [])), [0, 3]);
  });
});
