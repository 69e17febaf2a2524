import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ProtocolFault } from '../../../core/faults.ts';
import { TypeOid } from '../type-oids.ts';
import type { FormatCode } from '../wire/codes.ts';
import { decodeBind, encodeBind } from '../wire/frontend-messages.ts';
import { detokenizeBind } from './detokenize-bind.ts';
import type { MetOperand } from './met-operands.ts';
import { bytesOf, textOf } from './plain-text.ts';
import { Tokens } from './tokens.ts';

const tokens = new Tokens(Buffer.alloc(32, 3));

function token(type: number, value: string, format: FormatCode = 0): Buffer {
  const bytes = bytesOf(type, value, format);
  assert.ok(bytes !== undefined);
  const made = tokens.tokenize(type, format, bytes);
  assert.ok(made !== null);
  return made;
}

const frameOf = (
  parameters: readonly (Buffer | null)[],
  parameterFormats: readonly FormatCode[] = [],
): Buffer => encodeBind({ portal: 'p', statement: 's', parameterFormats, parameters, resultFormats: [1] });

function met(
  number: number,
  type: number,
  more: Partial<MetOperand> & { isArray?: boolean } = {},
): MetOperand {
  const { isArray = false, ...rest } = more;
  return {
    how: 'compared',
    operand: { kind: 'parameter', number, isArray },
    mask: { with: 'tokenize' },
    type,
    name: 'public.people.email',
    ...rest,
  };
}

function turned(frame: Buffer, operands: readonly MetOperand[], types: readonly number[] = []) {
  const outcome = detokenizeBind(frame, operands, types, tokens);
  assert.ok(outcome.kind === 'turned', JSON.stringify(outcome));
  const { parameters, ...rest } = decodeBind(outcome.frame);
  assert.deepEqual(rest, (({ parameters: _, ...given }) => given)(decodeBind(frame)));
  return parameters.map((value) => (value === null ? null : Buffer.from(value)));
}
function refused(...given: readonly [Buffer, readonly MetOperand[], (readonly number[])?]): string {
  const outcome = detokenizeBind(given[0], given[1], given[2] ?? [], tokens);
  assert.ok(outcome.kind === 'refused');
  return `${outcome.message}. ${outcome.hint}`;
}

test('parameters of every type and format are turned back, and others stay', () => {
  const values: readonly (readonly [number, string])[] = [
    [TypeOid.text, "it's é"],
    [TypeOid.int8, '-42'],
    [TypeOid.numeric, '129.95'],
    [TypeOid.uuid, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
    [TypeOid.timestamptz, '2026-03-14 15:09:26.5+00'],
    [TypeOid.jsonb, '{"a": 1}'],
    [TypeOid.bytea, '\\x00ff'],
  ];
  for (const format of [0, 1] as const) {
    for (const declared of [true, false]) {
      const given = values.flatMap(([type, value]) => [
        token(type, value, format),
        Buffer.from('as it is'),
        null,
      ]);
      const operands = values.flatMap(([type], index) => [
        met(3 * index + 1, type),
        met(3 * index + 3, type),
      ]);
      const types = values.flatMap(([type]) => (declared ? [type, 0, type] : [0]));
      const parameters = turned(frameOf(given, [format]), operands, declared ? types : []);
      values.forEach(([type, value], index) => {
        assert.equal(textOf(type, parameters[3 * index] ?? Buffer.alloc(0), format), value);
        assert.equal(parameters[3 * index + 1]?.toString(), 'as it is');
        assert.equal(parameters[3 * index + 2], null);
      });
    }
  }
});

test('a parameter of another type than the column', () => {
  const cases: readonly (readonly [column: number, value: string, wire: number])[] = [
    [TypeOid.int4, '42', TypeOid.int8],
    [TypeOid.int4, '42', TypeOid.numeric],
    [TypeOid.int8, '-7', TypeOid.numeric],
    [TypeOid.varchar, 'ada', TypeOid.text],
    [TypeOid.uuid, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', TypeOid.text],
    [TypeOid.date, '2026-03-14', TypeOid.timestamp],
  ];
  for (const [column, value, wire] of cases) {
    for (const format of [0, 1] as const) {
      const written = token(column, value).toString();
      const sent = bytesOf(wire, written, format);
      assert.ok(sent !== undefined, `${wire}`);
      const [parameter] = turned(frameOf([sent], [format]), [met(1, column)], [wire]);
      assert.ok(parameter);
      assert.ok(textOf(wire, parameter, format)?.startsWith(value), `${column} by ${wire}`);
    }
  }
  const real = turned(
    frameOf([bytesOf(TypeOid.float8, token(TypeOid.float4, '0.1').toString(), 1) ?? null], [1]),
    [met(1, TypeOid.float4)],
    [TypeOid.float8],
  );
  assert.equal(real[0]?.readDoubleBE(), Math.fround(0.1));
  const large = bytesOf(TypeOid.int8, '9223372036854775807', 1) as Buffer;
  assert.match(refused(frameOf([large], [1]), [met(1, TypeOid.int4)], [TypeOid.int8]), /no token/);
});

/** An array of one dimension as array_send writes it. */
function binaryArray(elementType: number, elements: readonly (Buffer | null)[]): Buffer {
  const header = Buffer.alloc(20);
  header.writeInt32BE(1, 0);
  header.writeInt32BE(elements.includes(null) ? 1 : 0, 4);
  header.writeUInt32BE(elementType, 8);
  header.writeInt32BE(elements.length, 12);
  header.writeInt32BE(1, 16);
  const sized = elements.map((element) => {
    const size = Buffer.alloc(4);
    size.writeInt32BE(element?.length ?? -1);
    return Buffer.concat([size, element ?? Buffer.alloc(0)]);
  });
  return Buffer.concat([header, ...sized]);
}

test('arrays for = ANY are turned back element by element', () => {
  const list = Buffer.from(`{${token(TypeOid.text, 'a b')},NULL,"${token(TypeOid.text, 'c')}"}`);
  for (const types of [[], [1009], [0]]) {
    const [text] = turned(frameOf([list]), [met(1, TypeOid.text, { isArray: true })], types);
    assert.equal(text?.toString(), '{"a b",NULL,c}');
  }
  const ids = binaryArray(TypeOid.int8, [
    bytesOf(TypeOid.int8, token(TypeOid.int4, '5').toString(), 1) as Buffer,
    null,
  ]);
  const [binary] = turned(frameOf([ids], [1]), [met(1, TypeOid.int4, { isArray: true })], [1016]);
  assert.deepEqual(binary, binaryArray(TypeOid.int8, [bytesOf(TypeOid.int8, '5', 1) as Buffer, null]));
  assert.match(refused(frameOf([Buffer.from('{a}')]), [met(1, TypeOid.text, { isArray: true })]), /guess/);
  assert.match(
    refused(frameOf([Buffer.alloc(3)], [1]), [met(1, TypeOid.text, { isArray: true })]),
    /no token of it/,
  );
});

test('a column of arrays has tokens that are arrays', () => {
  const whole = tokens.tokenize(1007, 0, Buffer.from('{1,NULL,2}')) as Buffer;
  assert.equal(turned(frameOf([whole]), [met(1, 1007)])[0]?.toString(), '{1,NULL,2}');
  const texts = binaryArray(TypeOid.text, [token(TypeOid.varchar, 'a')]);
  const [turnedTexts] = turned(frameOf([texts], [1]), [met(1, 1015)], [1009]);
  assert.deepEqual(turnedTexts, binaryArray(TypeOid.text, [Buffer.from('a')]));
});

test('what may not go on is refused, and what may is', () => {
  const of = (value: string, type: number, more: Partial<MetOperand> = {}) =>
    [frameOf([Buffer.from(value)]), [met(1, type, more)]] as const;
  const true_ = token(TypeOid.text, 'a').toString();
  assert.match(refused(...of('ada@x', TypeOid.text)), /guess/);
  assert.match(refused(...of(`${true_}x`, TypeOid.text, { how: 'written' })), /neither cut nor changed/);
  assert.match(refused(...of('[redacted]', TypeOid.text, { how: 'written' })), /in the place of a value/);
  assert.match(
    refused(...of('[redacted]', TypeOid.text, { how: 'written', mask: { with: 'redact' } })),
    /in the place of a value/,
  );
  const writable = { with: 'tokenize', writable: true } as const;
  assert.match(refused(...of('ada@x', TypeOid.text, { how: 'written' })), /a value of your own/);
  assert.match(refused(...of('42', TypeOid.int4, { how: 'written' })), /a value of your own/);
  assert.match(
    refused(...of('ada', TypeOid.text, { how: 'written', mask: { with: 'hash' } })),
    /a value of your own/,
  );
  assert.match(refused(...of('ada@x', 0, { how: 'written' })), /a value of your own/);
  assert.deepEqual(turned(...of('ada@x', TypeOid.text, { how: 'written', mask: writable })), [
    Buffer.from('ada@x'),
  ]);
  assert.deepEqual(turned(...of('42', TypeOid.int4, { how: 'written', mask: writable })), [
    Buffer.from('42'),
  ]);
  assert.match(
    refused(...of(`${true_}x`, TypeOid.text, { how: 'written', mask: writable })),
    /neither cut nor changed/,
  );
  assert.deepEqual(turned(...of(true_, TypeOid.text, { how: 'written' })), [Buffer.from('a')]);
  const texts = binaryArray(TypeOid.text, [Buffer.from('plain')]);
  const own = [met(1, 1009, { how: 'written', mask: writable })];
  assert.deepEqual(turned(frameOf([texts], [1]), own), [texts]);
  const mixed = binaryArray(TypeOid.text, [Buffer.from('plain'), Buffer.from(true_)]);
  assert.match(refused(frameOf([mixed], [1]), own), /no token of it/);
  const span = Buffer.alloc(16, 1);
  assert.deepEqual(turned(frameOf([span], [1]), [met(1, 1186, { how: 'written' })]), [span]);
  assert.match(refused(frameOf([span], [1]), [met(1, 1186)]), /no tokens that could be compared/);
});

test('one parameter that meets two columns must be the same token for both', () => {
  const id = token(TypeOid.int4, '42');
  assert.equal(turned(frameOf([id]), [met(1, TypeOid.int4), met(1, TypeOid.int4)])[0]?.toString(), '42');
  assert.match(refused(frameOf([id]), [met(1, TypeOid.int4), met(1, TypeOid.int8)]), /twice/);
});

test('nothing to turn back: the same message; parameters that are not there: the server tells', () => {
  const frame = frameOf([Buffer.from('x'), null]);
  const same = detokenizeBind(frame, [met(2, TypeOid.text), met(9, TypeOid.text)], [], tokens);
  assert.ok(same.kind === 'turned' && same.frame === frame);
});

test('bytes that are no Bind message are malformed, and no value throws anything else', () => {
  assert.throws(
    () => detokenizeBind(Buffer.from('B\0\0\0\x05x'), [], [], tokens),
    (fault) => fault instanceof ProtocolFault && fault.code === 'malformed',
  );
  const types = [...Object.values<number>(TypeOid), 0, 1007, 1009, 1231, 1186, 99_999];
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 60 }),
      fc.constantFrom<FormatCode>(0, 1),
      fc.constantFrom(...types),
      fc.constantFrom(...types),
      fc.boolean(),
      fc.constantFrom('compared', 'written'),
      (bytes, format, column, wire, isArray, how) => {
        const frame = frameOf([Buffer.from(bytes)], [format]);
        const outcome = detokenizeBind(frame, [met(1, column, { how, isArray })], [wire], tokens);
        if (outcome.kind === 'turned') decodeBind(outcome.frame);
      },
    ),
    { numRuns: 2000 },
  );
});
