import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MaskKind } from '@gatehouse/policy-schema/model/policy.ts';
import fc from 'fast-check';
import { ProtocolFault } from '../../../core/faults.ts';
import { RowMasker } from './row-masker.ts';
import { type Constant, constantOf, type ValueMasker, valueMasker } from './value-masker.ts';
import { TypeOid } from '../type-oids.ts';
import { decodeDataRow, encodeDataRow } from '../wire/backend-messages.ts';

const key = Buffer.alloc(32, 5);
const redact = valueMasker({ with: 'redact' }, TypeOid.text, 0, key);
const row = (...values: readonly (string | null)[]) =>
  encodeDataRow(values.map((value) => (value === null ? null : Buffer.from(value))));

function masked(masker: RowMasker, frame: Buffer): Buffer {
  const { buffer, start, end } = masker.mask(frame, 0, frame.length);
  return buffer.subarray(start, end);
}

/** Every value by itself, the slow and plain way. */
function naive(frame: Buffer, maskers: readonly (ValueMasker | Constant | undefined)[]): Buffer {
  return encodeDataRow(
    decodeDataRow(frame).map((value, index) => {
      const masker = maskers[index];
      if (typeof masker === 'object') return masker.constant;
      return value === null || masker === undefined ? value : masker(value, 0, value.length);
    }),
  );
}

const isMalformed = (fault: unknown): boolean => fault instanceof ProtocolFault && fault.code === 'malformed';

const kind = fc.constantFrom<MaskKind | 'constant'>(
  'redact',
  'partial',
  'hash',
  'null',
  'tokenize',
  'range',
  'constant',
);
const column = fc.record({
  mask: fc.option(fc.record({ with: kind, keep: fc.record({ first: fc.nat(3), last: fc.nat(3) }) }), {
    nil: undefined,
  }),
  type: fc.constantFrom<number>(
    TypeOid.text,
    TypeOid.bpchar,
    TypeOid.int4,
    TypeOid.json,
    TypeOid.jsonb,
    TypeOid.char,
  ),
  format: fc.constantFrom<0 | 1>(0, 1),
});
const value = fc.option(
  fc.oneof(
    { weight: 8, arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)) },
    { weight: 4, arbitrary: fc.string().map((text) => Buffer.from(text)) },
    { weight: 1, arbitrary: fc.nat(70_000).map((size) => Buffer.alloc(size, 'ab')) },
  ),
  { nil: null, freq: 4 },
);
const result = fc
  .array(column, { maxLength: 7 })
  .chain((columns) =>
    fc.tuple(
      fc.constant(columns),
      fc.array(fc.tuple(...columns.map(() => value)), { minLength: 1, maxLength: 12 }),
    ),
  );

test('rows are what masking each value by itself gives, and stay so', () => {
  fc.assert(
    fc.property(result, fc.uint8Array({ maxLength: 9 }), (given, before) => {
      const [columns, rows] = given;
      const maskers = columns.map(({ mask, type, format }) => {
        if (mask === undefined) return undefined;
        const { with: kind, keep } = mask;
        if (kind === 'constant') return constantOf(type, format);
        return valueMasker({ with: kind, keep, step: 10 }, type, format, key);
      });
      const masker = new RowMasker(maskers);
      const frames = rows.map((values) => encodeDataRow(values));
      const chunk = Buffer.concat([before, ...frames, before]);
      let at = before.length;
      const handed = frames.map((frame) => {
        const each = masker.mask(chunk, at, at + frame.length);
        at += frame.length;
        return each;
      });
      // Compared only now: a later row must not have changed an earlier one.
      handed.forEach(({ buffer, start, end }, index) => {
        const expected = naive(frames[index] as Buffer, maskers);
        assert.ok(buffer.subarray(start, end).equals(expected), `row ${index}`);
      });
    }),
    { numRuns: 300 },
  );
});

test('rows that follow each other lie side by side, in slabs that grow', () => {
  const masker = new RowMasker([redact, undefined]);
  const frame = row('ada@mail.example', 'x'.repeat(150));
  const slabs = new Set<Buffer>();
  let breaks = 0;
  let last: { readonly buffer: Buffer; readonly end: number } | undefined;
  let total = 0;
  for (let index = 0; index < 5000; index++) {
    const { buffer, start, end } = masker.mask(frame, 0, frame.length);
    if (last?.buffer !== buffer || last.end !== start) {
      breaks++;
      assert.equal(start, 0, 'a slab is used from its beginning');
      assert.ok(!slabs.has(buffer), 'a slab that was left is not used again');
    }
    slabs.add(buffer);
    total += end - start;
    last = { buffer, end };
  }
  assert.equal(breaks, slabs.size);
  assert.deepEqual(
    [...slabs].slice(0, 4).map((slab) => slab.length),
    [4096, 16_384, 65_536, 65_536],
  );
  assert.ok(slabs.size <= 4 + Math.ceil(total / 65_536));
});

test('a row larger than a slab gets room of its own size, and the slab goes on', () => {
  const masker = new RowMasker([redact, undefined]);
  const small = row('secret', 'b');
  const large = row('secret', 'x'.repeat(200_000));
  const first = masker.mask(small, 0, small.length);
  const own = masker.mask(large, 0, large.length);
  const second = masker.mask(small, 0, small.length);
  assert.equal(own.buffer.length, own.end - own.start);
  assert.deepEqual(own.buffer, row('[redacted]', 'x'.repeat(200_000)));
  assert.equal(second.buffer, first.buffer);
  assert.equal(second.start, first.end);
  const shrunk = new RowMasker([redact]).mask(row('x'.repeat(5_000_000)), 0, 5_000_011);
  assert.equal(shrunk.buffer.length, 4096, 'room is made for what goes out, not for what came in');
});

test('constant replacements make no object for each row', () => {
  const first = redact(Buffer.from('a'), 0, 1);
  assert.equal(redact(Buffer.from('other'), 0, 5), first);
});

test('where no column is masked, rows are passed on in place once they were checked', () => {
  const frame = row('a', null);
  const chunk = Buffer.concat([frame, frame]);
  const masker = new RowMasker([undefined, undefined]);
  assert.deepEqual(masker.mask(chunk, frame.length, 2 * frame.length), {
    buffer: chunk,
    start: frame.length,
    end: 2 * frame.length,
  });
  assert.throws(() => masker.mask(chunk, 0, 2 * frame.length), isMalformed);
});

test('NULL stays NULL, and no value is not an empty one', () => {
  const masker = new RowMasker([redact, redact, undefined, redact]);
  assert.deepEqual(masked(masker, row(null, '', '', null)), row(null, '[redacted]', '', null));
});

test('a constant stands for NULL, too, and is the same for every value', () => {
  const text = constantOf(TypeOid.text, 0);
  const masker = new RowMasker([
    text,
    redact,
    constantOf(TypeOid.jsonb, 1),
    constantOf(TypeOid.int4, 0),
    constantOf(TypeOid.bpchar, 1),
  ]);
  const shown = row('[redacted]', null, '\x01"[redacted]"', null, '[redacted]');
  assert.deepEqual(masked(masker, row(null, null, null, null, null)), shown);
  assert.deepEqual(masked(masker, row('a', null, '\x01{}', '7', '')), shown);
  assert.deepEqual(constantOf(TypeOid.json, 0), { constant: Buffer.from('"[redacted]"') });
  for (const type of [TypeOid.bool, TypeOid.numeric, TypeOid.uuid, 1009, 0, 99_999]) {
    for (const format of [0, 1] as const) assert.deepEqual(constantOf(type, format), { constant: null });
  }
});

test('every malformed row is a fault, and the next one is whole', () => {
  const whole = row('secret', 'b', null);
  const masker = new RowMasker([redact, undefined, undefined]);
  const edited = (edit: (frame: Buffer) => void): Buffer => {
    const frame = Buffer.from(whole);
    edit(frame);
    return frame;
  };
  const cases: Readonly<Record<string, Buffer>> = {
    empty: Buffer.alloc(0),
    'a header alone': whole.subarray(0, 5),
    'another type': edited((frame) => frame.writeUInt8(0x54, 0)),
    'a length too small': edited((frame) => frame.writeInt32BE(whole.length - 2, 1)),
    'a negative length': edited((frame) => frame.writeInt32BE(-1, 1)),
    'fewer values': row('secret', 'b'),
    'more values': row('secret', 'b', null, 'c'),
    'a count that lies': edited((frame) => frame.writeInt16BE(2, 5)),
    'a value that overruns': edited((frame) => frame.writeInt32BE(1000, 7)),
    'a value of the largest size': edited((frame) => frame.writeInt32BE(0x7fffffff, 7)),
    'a value of size -2': edited((frame) => frame.writeInt32BE(-2, 7)),
    'a last value that overruns': edited((frame) => frame.writeInt32BE(1, frame.length - 4)),
    'bytes behind': Buffer.concat([whole, Buffer.of(0)]),
    'bytes behind, counted': (() => {
      const frame = Buffer.concat([whole, Buffer.of(0)]);
      frame.writeInt32BE(frame.length - 1, 1);
      return frame;
    })(),
  };
  for (const [name, frame] of Object.entries(cases)) {
    assert.throws(() => masker.mask(frame, 0, frame.length), isMalformed, name);
    // The bytes behind may be another message's: a row must not read on into them.
    const followed = Buffer.concat([frame, whole]);
    assert.throws(() => masker.mask(followed, 0, frame.length), isMalformed, name);
    assert.deepEqual(masked(masker, whole), row('[redacted]', 'b', null), name);
  }
  for (let cut = 0; cut < whole.length; cut++) {
    assert.throws(() => masker.mask(whole, 0, cut), isMalformed);
    const frame = Buffer.from(whole.subarray(0, cut));
    if (cut >= 5) frame.writeInt32BE(cut - 1, 1);
    assert.throws(() => masker.mask(frame, 0, cut), isMalformed);
  }
});

test('random bytes are rows or faults, never anything else', () => {
  const frame = fc.tuple(fc.nat(4), fc.uint8Array({ maxLength: 40 })).map(([count, body]) => {
    const bytes = Buffer.from([0x44, 0, 0, 0, 0, 0, count, ...body]);
    bytes.writeInt32BE(bytes.length - 1, 1);
    return bytes;
  });
  fc.assert(
    fc.property(frame, fc.nat(4), (bytes, columns) => {
      const maskers = Array.from({ length: columns }, (_, index) => (index % 2 === 0 ? redact : undefined));
      let decoded: Buffer | undefined;
      try {
        decoded = decodeDataRow(bytes).length === columns ? naive(bytes, maskers) : undefined;
      } catch {}
      const masker = new RowMasker(maskers);
      if (decoded === undefined) assert.throws(() => masker.mask(bytes, 0, bytes.length), isMalformed);
      else assert.deepEqual(masked(masker, bytes), decoded);
    }),
    { numRuns: 1000 },
  );
});

test('a fault tells nothing of the values', () => {
  const frame = row('secret', 'secret');
  assert.throws(
    () => new RowMasker([redact]).mask(frame, 0, frame.length),
    (fault) => fault instanceof ProtocolFault && !fault.message.includes('secret'),
  );
});
