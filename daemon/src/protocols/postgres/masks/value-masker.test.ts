import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { MaskKind } from '@gatehouse/policy-schema/model/policy.ts';
import fc from 'fast-check';
import { ConfigFault } from '../../../core/faults.ts';
import { valueMasker } from './value-masker.ts';
import { TypeOid } from '../type-oids.ts';
import type { FormatCode } from '../wire/codes.ts';

const key = Buffer.alloc(32, 'key of the test ');
type Keep = { readonly first: number; readonly last: number };

function masked(
  kind: MaskKind,
  value: string | Buffer,
  {
    type = TypeOid.text as number,
    format = 0 as FormatCode,
    keep,
  }: { type?: number; format?: FormatCode; keep?: Keep } = {},
): Buffer | null {
  const bytes = Buffer.from(value);
  const surrounded = Buffer.concat([Buffer.from('é<'), bytes, Buffer.from('>é')]);
  const masker = valueMasker({ with: kind, ...(keep && { keep }) }, type, format, key);
  return masker(surrounded, 3, 3 + bytes.length);
}

const shown = (...args: Parameters<typeof masked>): string | null => masked(...args)?.toString() ?? null;

function hmac(value: string | Buffer): string {
  return createHmac('sha256', key).update(value).digest('base64url').slice(0, 22);
}

const kinds: readonly MaskKind[] = ['redact', 'partial', 'hash', 'null'];
const formats: readonly FormatCode[] = [0, 1];
const texts = [TypeOid.text, TypeOid.varchar, TypeOid.bpchar, TypeOid.name, TypeOid.unknown];

test('a text gets a text, in both formats', () => {
  for (const type of texts) {
    for (const format of formats) {
      const keep = { first: 2, last: 1 };
      assert.equal(shown('redact', 'ada@mail.example', { type, format }), '[redacted]');
      assert.equal(shown('partial', 'ada@mail.example', { type, format, keep }), 'ad***e');
      assert.equal(shown('hash', 'ada@mail.example', { type, format }), hmac('ada@mail.example'));
      assert.equal(shown('null', 'ada@mail.example', { type, format }), null);
    }
  }
});

test('a type that has no replacement every driver reads becomes NULL', () => {
  const others = [
    16, 17, 20, 21, 23, 26, 700, 701, 1009, 1082, 1114, 1184, 1186, 1700, 2950, 0, 16_400, 0xffffffff,
  ];
  for (const type of others) {
    for (const format of formats) {
      for (const kind of kinds) assert.equal(masked(kind, '12345678', { type, format }), null);
    }
  }
  for (const kind of kinds) assert.equal(masked(kind, 'x', { type: TypeOid.char, format: 1 }), null);
  assert.equal(shown('redact', 'x', { type: TypeOid.char }), '[redacted]');
});

test('JSON gets a JSON string', () => {
  const document = '{"email": "ada@mail.example"}';
  const keep = { first: 1, last: 2 };
  const cases: readonly [number, FormatCode, string][] = [
    [TypeOid.json, 0, ''],
    [TypeOid.json, 1, ''],
    [TypeOid.jsonb, 0, ''],
    [TypeOid.jsonb, 1, '\x01'],
  ];
  for (const [type, format, before] of cases) {
    const json = (kind: MaskKind, value: string) => shown(kind, before + value, { type, format, keep });
    assert.equal(json('redact', document), `${before}"[redacted]"`);
    assert.equal(
      json('hash', document),
      `${before}"${hmac(document)}"`,
      'the version is no part of the value',
    );
    assert.equal(json('null', document), null);
    for (const value of [
      document,
      '[1,2]',
      '1234567890123',
      'null',
      'true',
      '"short"',
      '"abc',
      ' "abcdefgh"',
      '',
    ]) {
      assert.equal(json('partial', value), `${before}"[redacted]"`, value);
    }
    assert.equal(json('partial', '"ada@mail.example"'), `${before}"a***le"`);
    assert.equal(
      json('partial', '"\\u0041\\n234\\"\\\\"'),
      `${before}"A***\\"\\\\"`,
      'escapes are one character',
    );
    assert.equal(json('partial', '"\\ud83d\\ude0023456"'), `${before}"\u{1f600}***56"`);
    assert.equal(json('partial', '"\\ud80023456"'), `${before}"\ufffd***56"`);
  }
  assert.equal(shown('partial', `"${'x'.repeat(70_000)}"`, { type: TypeOid.json, keep }), '"[redacted]"');
  assert.equal(shown('redact', '', { type: TypeOid.jsonb, format: 1 }), '\x01"[redacted]"');
  assert.equal(shown('hash', '', { type: TypeOid.jsonb, format: 1 }), `\x01"${hmac('')}"`);
});

test('partial counts characters and never shows more than half of them', () => {
  const cases: readonly [string, Keep | undefined, string][] = [
    ['ada@mail.example', undefined, '***'],
    ['', undefined, '***'],
    ['', { first: 1, last: 0 }, '[redacted]'],
    ['a', { first: 1, last: 0 }, '[redacted]'],
    ['ab', { first: 1, last: 0 }, 'a***'],
    ['ab', { first: 0, last: 1 }, '***b'],
    ['abc', { first: 1, last: 1 }, '[redacted]'],
    ['abcd', { first: 1, last: 1 }, 'a***d'],
    ['abcd', { first: 4, last: 0 }, '[redacted]'],
    ['abcdef', { first: 0, last: 3 }, '***def'],
    ['日本語テキスト', { first: 1, last: 2 }, '日***スト'],
    ['日本', { first: 1, last: 1 }, '[redacted]'],
    ['\u{1f600}b\u{1f601}\u{1f602}', { first: 1, last: 1 }, '\u{1f600}***\u{1f602}'],
    ['é'.repeat(500), { first: 2, last: 0 }, 'éé***'],
    ['a'.repeat(500), { first: 0, last: 2 }, '***aa'],
    ['abcdef', { first: 1e9, last: 1e9 }, '[redacted]'],
  ];
  for (const [value, keep, expected] of cases) {
    assert.equal(shown('partial', value, keep ? { keep } : {}), expected, `${value} ${JSON.stringify(keep)}`);
  }
});

test('partial shows nothing of what is no UTF-8', () => {
  const keep = { first: 1, last: 1 };
  const invalid = [
    // A lead byte and very many that continue it are one "character" to a reader that trusts them.
    Buffer.concat([Buffer.from('a'), Buffer.alloc(50, 0x80), Buffer.from('bcdefgh')]),
    Buffer.from('caf\xe9 au lait', 'latin1'),
    Buffer.from([0xed, 0xa0, 0x80, 0x61, 0x62, 0x63, 0x64]),
    Buffer.from([0x61, 0x62, 0x63, 0x64, 0xe6, 0x97]),
  ];
  for (const value of invalid) assert.equal(shown('partial', value, { keep }), '[redacted]');
});

test('the padding of a character(n) does not count', () => {
  const keep = { first: 3, last: 0 };
  assert.equal(shown('partial', 'abc   ', { type: TypeOid.bpchar, keep }), '[redacted]');
  assert.equal(shown('partial', 'abcdef   ', { type: TypeOid.bpchar, keep: { first: 0, last: 2 } }), '***ef');
  assert.equal(shown('hash', 'abc   ', { type: TypeOid.bpchar }), hmac('abc'));
  assert.equal(shown('hash', '     ', { type: TypeOid.bpchar }), hmac(''));
  assert.equal(shown('hash', 'abc ', { type: TypeOid.varchar }), hmac('abc '));
});

test('partial, by every code point', () => {
  const keep = fc.record({ first: fc.nat(6), last: fc.nat(6) }, { noNullPrototype: true });
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.string({ unit: 'grapheme', maxLength: 30 }),
  );
  fc.assert(
    fc.property(value, keep, (text, { first, last }) => {
      const characters = [...Buffer.from(text).toString()];
      const expected =
        2 * (first + last) > characters.length
          ? '[redacted]'
          : `${characters.slice(0, first).join('')}***${last === 0 ? '' : characters.slice(-last).join('')}`;
      assert.equal(shown('partial', text, { keep: { first, last } }), expected);
    }),
    { numRuns: 500 },
  );
});

test('the hash is HMAC-SHA-256, for any length and in any order', () => {
  const lengths = fc.oneof(
    fc.nat(200),
    fc.integer({ min: 4090, max: 4100 }),
    fc.integer({ min: 9000, max: 9002 }),
  );
  const masker = valueMasker({ with: 'hash' }, TypeOid.text, 0, key);
  fc.assert(
    fc.property(fc.array(lengths, { minLength: 1, maxLength: 5 }), (sizes) => {
      for (const value of sizes.map((size) => randomBytes(size))) {
        assert.equal(masker(value, 0, value.length)?.toString(), hmac(value));
      }
    }),
  );
});

test('another key gives another hash, and one of another size is refused', () => {
  const masker = valueMasker({ with: 'hash' }, TypeOid.text, 0, Buffer.alloc(32, 1));
  assert.notEqual(masker(Buffer.from('ada'), 0, 3)?.toString(), hmac('ada'));
  for (const size of [0, 31, 33]) {
    const make = () => valueMasker({ with: 'hash' }, TypeOid.text, 0, Buffer.alloc(size));
    assert.throws(make, (fault) => fault instanceof ConfigFault && fault.code === 'secret-unavailable');
  }
});

test('a mask never gives back a view of the value', () => {
  for (const kind of kinds) {
    const value = Buffer.from('ada@mail.example');
    const replacement = valueMasker(
      { with: kind, keep: { first: 2, last: 2 } },
      TypeOid.text,
      0,
      key,
    )(value, 0, 16);
    const before = replacement?.toString();
    value.fill(0);
    assert.equal(replacement?.toString(), before);
  }
});
