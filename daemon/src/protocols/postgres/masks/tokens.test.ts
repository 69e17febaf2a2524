import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ConfigFault } from '../../../core/faults.ts';
import { TypeOid } from '../type-oids.ts';
import type { FormatCode } from '../wire/codes.ts';
import { domains } from './token-domains.ts';
import { Tokens, tokensOf } from './tokens.ts';

const key = Buffer.alloc(32, 7);
const tokens = new Tokens(key);

function tokenOf(type: number, value: string | Buffer, format: FormatCode = 0, of = tokens): string {
  return of.tokenize(type, format, Buffer.from(value))?.toString() ?? 'NULL';
}

test('all texts share their tokens, and nothing else does', () => {
  const token = tokenOf(TypeOid.text, 'abc');
  assert.match(token, /^tok_[\w-]{43}$/);
  for (const type of [TypeOid.varchar, TypeOid.bpchar, TypeOid.name, TypeOid.unknown, TypeOid.char]) {
    assert.equal(tokenOf(type, 'abc'), token);
    if (type !== TypeOid.char) assert.equal(tokenOf(type, 'abc', 1), token);
    assert.equal(tokens.untokenizeText(type, token), 'abc');
  }
  assert.equal(tokens.tokenize(TypeOid.char, 1, Buffer.from('a')), null);
  assert.equal(tokenOf(TypeOid.bpchar, 'abc   '), token);
  assert.notEqual(tokenOf(TypeOid.text, 'abc '), token);
  assert.notEqual(JSON.parse(tokenOf(TypeOid.json, 'abc')), token);
  for (const type of [TypeOid.json, TypeOid.jsonb, TypeOid.bytea, TypeOid.uuid, TypeOid.int4]) {
    assert.equal(tokens.untokenizeText(type, token), undefined);
    assert.equal(tokens.untokenizeText(type, `"${token}"`), undefined);
  }
});

test('tokens are the same for the same key, and of no use for another', () => {
  const types = [...domains.keys(), TypeOid.text, TypeOid.jsonb, TypeOid.uuid, TypeOid.bytea];
  const sample = (type: number): string => {
    if (type === TypeOid.uuid) return 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11';
    if (type === TypeOid.date) return '2026-03-14';
    if (type === TypeOid.time) return '12:30:00';
    if (type === TypeOid.timestamp) return '2026-03-14 12:30:00';
    if (type === TypeOid.timestamptz) return '2026-03-14 12:30:00+00';
    return type === TypeOid.bytea ? '\\x00ff' : '42';
  };
  const other = new Tokens(Buffer.alloc(32, 8));
  for (const type of types) {
    const token = tokenOf(type, sample(type));
    assert.equal(tokenOf(type, sample(type), 0, new Tokens(Buffer.from(key))), token);
    assert.notEqual(tokenOf(type, sample(type), 0, other), token, `type ${type}`);
    assert.notEqual(other.untokenizeText(type, token), sample(type), `type ${type}`);
  }
  assert.equal(other.untokenizeText(TypeOid.text, tokenOf(TypeOid.text, 'a')), undefined);
});

test('there is one object for a key, and a key of another size is refused', () => {
  assert.equal(tokensOf(key), tokensOf(key));
  for (const size of [0, 31, 33]) {
    assert.throws(
      () => tokensOf(Buffer.alloc(size)),
      (fault) => fault instanceof ConfigFault && fault.code === 'secret-unavailable',
    );
  }
});

test('a token tells the length of a text in steps only', () => {
  const lengthOf = (bytes: number) => tokenOf(TypeOid.text, 'x'.repeat(bytes)).length;
  assert.equal(lengthOf(0), lengthOf(15));
  assert.notEqual(lengthOf(15), lengthOf(16));
  assert.equal(lengthOf(16), lengthOf(31));
  assert.equal(lengthOf(1024), lengthOf(1100));
  assert.equal(lengthOf(100_000), lengthOf(105_000));
  for (const bytes of [255, 256, 8191, 8192, 70_000, 1_000_000]) {
    const value = 'é'.repeat(bytes / 2);
    const token = tokenOf(TypeOid.text, value);
    assert.ok(token.length < value.length * 3 + 100);
    assert.equal(tokens.untokenizeText(TypeOid.text, token), value);
  }
});

test('a token that was cut, changed or put together is none', () => {
  const [one, two] = [tokenOf(TypeOid.text, 'x'.repeat(20)), tokenOf(TypeOid.text, 'y'.repeat(20))];
  const changed = [
    one.slice(0, -1),
    `${one}A`,
    ` ${one}`,
    `${one}\n`,
    one.toUpperCase(),
    one.replace('tok_', 'tok-'),
    one.slice(4),
    'tok_',
    '',
    one.slice(0, 30) + two.slice(30),
    two.slice(0, 26) + one.slice(26),
    `${one}=`,
  ];
  for (const text of changed) assert.equal(tokens.untokenizeText(TypeOid.text, text), undefined, text);
  const bytes = tokens.tokenize(TypeOid.bytea, 1, Buffer.of(1, 2)) as Buffer;
  assert.equal(bytes.toString('latin1', 0, 4), 'tok_');
  assert.deepEqual(tokens.untokenize(TypeOid.bytea, 1, bytes), Buffer.of(1, 2));
  for (let at = 0; at < bytes.length; at++) {
    const other = Buffer.from(bytes);
    other[at] = (other[at] as number) ^ 1;
    assert.equal(tokens.untokenize(TypeOid.bytea, 1, other), undefined);
  }
});

test('tokens stand what clients do to values of their type', () => {
  for (let value = 1; value < 200; value++) {
    const id = tokenOf(TypeOid.int8, String(value));
    assert.ok(Number.isSafeInteger(Number(id)), 'an int8 is a number of JavaScript');
    const price = tokenOf(TypeOid.numeric, (value / 100).toFixed(2));
    assert.equal(String(Number(price)), price, 'a numeric is a double and keeps its scale');
    const whole = tokenOf(TypeOid.numeric, String(value));
    assert.equal(BigInt(whole).toString(), whole);
    const real = tokenOf(TypeOid.float8, String(value / 7));
    assert.equal(tokens.untokenizeText(TypeOid.float8, String(Number(real))), String(value / 7));
    const at = new Date(1_700_000_000_000 + value).toISOString();
    const [day = '', clock = ''] = at.split(/[TZ]/);
    const moment = tokenOf(TypeOid.timestamptz, `${day} ${clock}+00`);
    const read = new Date(moment.replace(' ', 'T').replace('+00', 'Z'));
    assert.equal(
      tokens.untokenizeText(TypeOid.timestamptz, read.toISOString()),
      `${day} ${clock.replace(/0+$/, '')}+00`,
    );
  }
});

test('the sign and the size of numbers do not show', () => {
  for (const type of [TypeOid.int4, TypeOid.int8, TypeOid.numeric, TypeOid.float8]) {
    const shown = Array.from({ length: 200 }, (_, value) => Number(tokenOf(type, String(value + 1))));
    const negative = shown.filter((value) => value < 0).length;
    assert.ok(negative > 60 && negative < 140, `${negative} of 200 are below 0`);
    assert.ok(shown.every((value) => Math.abs(value) !== 0));
  }
});

const decimal = fc
  .tuple(fc.bigInt(-(10n ** 60n), 10n ** 60n), fc.nat(20), fc.nat(60))
  .map(([unscaled, scale, shorter]) => ({ unscaled: unscaled / 10n ** BigInt(shorter), scale }));

test('every value of every permuted type leads back, in both formats', () => {
  const binaries: readonly (readonly [number, number])[] = [
    [TypeOid.int2, 2],
    [TypeOid.int4, 4],
    [TypeOid.int8, 8],
    [TypeOid.oid, 4],
    [TypeOid.float4, 4],
    [TypeOid.float8, 8],
    [TypeOid.uuid, 16],
  ];
  for (const [type, size] of binaries) {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: size, maxLength: size }), (bytes) => {
        const value = Buffer.from(bytes);
        const token = tokens.tokenize(type, 1, value);
        if (token === null) {
          const float = type === TypeOid.float4 ? value.readFloatBE() : value.readDoubleBE();
          assert.ok(!Number.isFinite(float));
          return;
        }
        assert.equal(token.length, size);
        assert.deepEqual(tokens.untokenize(type, 1, token), value);
        // Every value is a token: a guess at one is some other value.
        const guess = tokens.untokenize(type, 1, value);
        assert.ok(guess !== undefined);
        assert.deepEqual(tokens.tokenize(type, 1, guess), value);
      }),
      { numRuns: 150 },
    );
  }
  fc.assert(
    fc.property(decimal, ({ unscaled, scale }) => {
      const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
      const point = digits.length - scale;
      const text = `${unscaled < 0n ? '-' : ''}${digits.slice(0, point)}${scale > 0 ? `.${digits.slice(point)}` : ''}`;
      const token = tokenOf(TypeOid.numeric, text);
      assert.equal(tokens.untokenizeText(TypeOid.numeric, token), text);
      assert.equal(token.split('.')[1]?.length ?? 0, scale);
      assert.ok(scale === 0 || !token.endsWith('0'));
    }),
    { numRuns: 400 },
  );
});

test('bytes from anywhere are values, tokens or neither, and never a fault', () => {
  const types = [...Object.values<number>(TypeOid), 0, 1000, 1007, 1009, 1231, 3807, 99_999];
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 50 }),
        fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
      ),
      fc.constantFrom(...types),
      fc.constantFrom(...types),
      fc.constantFrom<FormatCode>(0, 1),
      (bytes, type, wire, format) => {
        tokens.tokenize(type, format, Buffer.from(bytes));
        tokens.untokenize(type, format, Buffer.from(bytes), wire);
      },
    ),
    { numRuns: 4000 },
  );
});
