import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ProtocolFault } from '../../core/faults.ts';
import { sampleRow } from './sample-row.ts';
import { TypeOid } from './type-oids.ts';
import { encodeDataRow } from './wire/backend-messages.ts';
import type { FormatCode } from './wire/codes.ts';

interface Field {
  readonly typeOid: number;
  readonly format: FormatCode;
}

function sample(value: Buffer | string | null, field?: Field, maxBytes = 1024): string | null {
  const frame = encodeDataRow([value === null ? null : Buffer.from(value)]);
  const surrounded = Buffer.concat([Buffer.from('ab'), frame, Buffer.from('c')]);
  const row = sampleRow(surrounded, 2, 2 + frame.length, field && [field], maxBytes);
  assert.equal(row.length, 1);
  return row[0] ?? null;
}

const text = (typeOid = TypeOid.text as number): Field => ({ typeOid, format: 0 });
const binary = (typeOid: number): Field => ({ typeOid, format: 1 });

test('text format is shown as it is', () => {
  for (const type of [TypeOid.text, TypeOid.int4, TypeOid.bytea, TypeOid.jsonb, 0, 99_999]) {
    assert.equal(sample('{"a": "é\n\u0001"}', text(type)), '{"a": "é\n\u0001"}');
    assert.equal(sample('', text(type)), '');
    assert.equal(sample(null, text(type)), null);
  }
  assert.equal(sample(Buffer.from('caf\xe9', 'latin1'), text()), '\\x636166e9');
});

test('values of types that are not read, or with bytes that do not fit, are hex', () => {
  assert.equal(sample(Buffer.of(0, 1, 0xfe), binary(TypeOid.bytea)), '\\x0001fe');
  assert.equal(sample(Buffer.of(127, 0, 0, 1), binary(869)), '\\x7f000001');
  assert.equal(sample('', binary(TypeOid.bytea)), '\\x');
  const fixed = [
    'bool',
    'int2',
    'int4',
    'int8',
    'oid',
    'float4',
    'float8',
    'uuid',
    'date',
    'timestamp',
    'timestamptz',
  ] as const;
  for (const name of fixed) {
    for (const bytes of [0, 3, 9, 17]) {
      const value = Buffer.alloc(bytes, 0xab);
      assert.equal(sample(value, binary(TypeOid[name])), `\\x${'ab'.repeat(bytes)}`, name);
    }
  }
  assert.equal(sample(Buffer.of(2), binary(TypeOid.bool)), '\\x02');
  assert.equal(sample('\x02{}', binary(TypeOid.jsonb)), '\\x027b7d', 'a jsonb version of the future');
  assert.equal(sample('', binary(TypeOid.jsonb)), '\\x');
  assert.equal(sample(Buffer.of(0, 1, 0, 0, 0, 0, 0, 0), binary(TypeOid.numeric)), '\\x0001000000000000');
  assert.equal(sample(Buffer.of(0, 0, 0, 0, 0x12, 0, 0, 0), binary(TypeOid.numeric)), '\\x0000000012000000');
  assert.equal(sample(Buffer.of(0xff, 0xfe), binary(TypeOid.text)), '\\xfffe');
});

test('without known columns, only what surely is text is text', () => {
  assert.equal(sample('plain\ttext\r\nof two lines é'), 'plain\ttext\r\nof two lines é');
  assert.equal(sample(''), '');
  assert.equal(sample(Buffer.of(0, 0, 0, 42)), '\\x0000002a');
  assert.equal(sample('\u001b[2J'), '\\x1b5b324a');
  assert.equal(sample('\u007f'), '\\x7f');
  assert.equal(sample('\u009b'), '\\xc29b');
  assert.equal(sample(Buffer.of(0xc3)), '\\xc3');
  const frame = encodeDataRow([Buffer.of(0, 0, 0, 42), Buffer.from('b')]);
  const otherResult = sampleRow(frame, 0, frame.length, [binary(TypeOid.int4)], 1024);
  assert.deepEqual(otherResult, ['\\x0000002a', 'b'], 'columns of a result of another width are not used');
});

test('long values are cut between characters, and say so', () => {
  assert.equal(sample('abcdef', text(), 6), 'abcdef');
  assert.equal(sample('abcdefg', text(), 6), 'abcdef…');
  assert.equal(sample('aéé', text(), 4), 'aé…');
  assert.equal(sample('a\u{1f600}b', text(), 4), 'a…');
  assert.equal(sample('a\u{1f600}b', text(), 5), 'a\u{1f600}…');
  assert.equal(sample('a', text(), 0), '…');
  assert.equal(sample('\x01{"a":1}', binary(TypeOid.jsonb), 4), '{"a"…');
  assert.equal(sample(Buffer.alloc(9, 0xab), binary(TypeOid.bytea), 10), '\\xabababab…');
  assert.equal(sample(Buffer.alloc(9), undefined, 2), '\\x…');
  assert.equal(sample(Buffer.concat([Buffer.from('abc'), Buffer.alloc(9, 0x80)]), text(), 8), '\\x616263…');
  const uuid = Buffer.alloc(16, 0x11);
  assert.equal(sample(uuid, binary(TypeOid.uuid), 12), '11111111-111…');
  // 10^131068: as large as its text is long, were it all written.
  assert.equal(sample(Buffer.of(0, 1, 0x7f, 0xff, 0, 0, 0, 0, 0, 1), binary(TypeOid.numeric), 5), '10000…');
  assert.equal(sample(Buffer.of(0, 0, 0, 0, 0, 0, 0xff, 0xff), binary(TypeOid.numeric), 5), '0.000…');
});

test('no value is longer than the bound and its mark, and none throws', () => {
  const types = [...Object.values<number>(TypeOid), 0, 869, 1186];
  const field = fc.option(
    fc.record({ typeOid: fc.constantFrom(...types), format: fc.constantFrom<FormatCode>(0, 1) }),
    {
      nil: undefined,
    },
  );
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.string({ unit: 'binary' }).map((value) => Buffer.from(value)),
  );
  fc.assert(
    fc.property(bytes, field, fc.integer({ min: 2, max: 60 }), (value, of, most) => {
      const shown = sample(Buffer.from(value), of, most) ?? '';
      assert.ok(Buffer.byteLength(shown) <= most + 3, shown);
    }),
    { numRuns: 2000 },
  );
});

test('what is no row is a fault', () => {
  const frame = encodeDataRow([Buffer.from('a')]);
  assert.throws(
    () => sampleRow(frame, 0, frame.length - 1, undefined, 10),
    (fault) => fault instanceof ProtocolFault && fault.code === 'malformed',
  );
});
