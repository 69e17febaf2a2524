import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mapArrayBinary, mapArrayText } from './arrays.ts';

const loud = (text: string): string => text.toUpperCase();

test('elements of an array in text are read and written as the server does', () => {
  const cases: Readonly<Record<string, string>> = {
    '{}': '{}',
    '{a}': '{A}',
    '{a,b}': '{A,B}',
    '{NULL,null,"null","a"}': '{NULL,NULL,"NULL",A}',
    '{"a b","",a\\,b}': '{"A B","","A,B"}',
    '{{a,b},{c,NULL}}': '{{A,B},{C,NULL}}',
    '[0:1]={a,b}': '[0:1]={A,B}',
    '[1:1][-2:-1]={{a,b}}': '[1:1][-2:-1]={{A,B}}',
    ' { "a" , b } ': '{A,B}',
    '{"q\\"\\\\"}': '{"Q\\"\\\\"}',
  };
  for (const [from, to] of Object.entries(cases)) assert.equal(mapArrayText(from, loud), to, from);
  for (const text of [
    '',
    'a',
    '{',
    '}',
    '{a',
    '{a}}',
    '{a}{b}',
    '{a}b',
    '{"a}',
    '{a,{',
    '{a"b"}',
    '{{a}b}',
    ',',
  ]) {
    assert.equal(mapArrayText(text, loud), undefined, text);
  }
  assert.equal(
    mapArrayText('{a,b}', () => null),
    '{NULL,NULL}',
  );
  assert.equal(
    mapArrayText('{a,b}', (text) => (text === 'a' ? 'x' : undefined)),
    undefined,
  );
});

test('any elements come back', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 8 }), { minLength: 1 }), (elements) => {
      const quoted = elements.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`);
      const read: string[] = [];
      const same = mapArrayText(`{${quoted}}`, (text) => {
        read.push(text);
        return text;
      });
      assert.deepEqual(read, elements);
      read.length = 0;
      mapArrayText(same ?? '', (text) => {
        read.push(text);
        return text;
      });
      assert.deepEqual(read, elements);
    }),
  );
});

test('a binary array that lies is none', () => {
  const array = Buffer.alloc(20 + 5);
  array.writeInt32BE(1, 0);
  array.writeUInt32BE(25, 8);
  array.writeInt32BE(1, 12);
  array.writeInt32BE(1, 16);
  array.writeInt32BE(1, 20);
  array.write('a', 24);
  const upper = (bytes: Buffer) => Buffer.from(loud(bytes.toString()));
  assert.equal(mapArrayBinary(array, 25, upper)?.toString('latin1', 24), 'A');
  assert.equal(mapArrayBinary(array, 25, () => null)?.readInt32BE(4), 1, 'it says that it has NULLs now');
  assert.equal(mapArrayBinary(array, 1043, upper), undefined);
  for (let cut = 0; cut < array.length; cut++)
    assert.equal(mapArrayBinary(array.subarray(0, cut), 25, upper), undefined);
  for (const [at, value] of [
    [0, -1],
    [0, 7],
    [0, 0],
    [12, 1e9],
    [12, -1],
    [20, -2],
    [20, 2],
  ] as const) {
    const changed = Buffer.from(array);
    changed.writeInt32BE(value, at);
    assert.equal(mapArrayBinary(changed, 25, upper), undefined, `${value} at ${at}`);
  }
});

test('an element may be very long', () => {
  const long = 'x'.repeat(30_000_000);
  for (const text of [`{${long}}`, `{"${long}"}`]) {
    assert.equal(
      mapArrayText(text, (element) => String(element.length)),
      '{30000000}',
    );
  }
});
