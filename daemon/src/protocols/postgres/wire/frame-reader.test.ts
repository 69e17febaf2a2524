import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ProtocolFault } from '../../../core/faults.ts';
import { FrameReader, type FrameRules } from './frame-reader.ts';

const copyData = 0x64;
const rules: FrameRules = {
  bound: () => 64,
  streams: (type) => type === copyData,
};

function frame(type: number, body: Uint8Array): Buffer {
  const buffer = Buffer.alloc(5 + body.length);
  buffer[0] = type;
  buffer.writeUInt32BE(4 + body.length, 1);
  buffer.set(body, 5);
  return buffer;
}

interface Seen {
  readonly kind: string;
  readonly type: number;
  readonly bytes: string;
}

/** Everything the reader says about chunks, with the pieces of a streamed message joined. */
function read(chunks: readonly Buffer[]): Seen[] {
  const reader = new FrameReader(rules);
  const seen: Seen[] = [];
  let pieces: Buffer[] = [];
  for (const chunk of chunks) {
    reader.push(chunk);
    while (reader.next()) {
      const bytes = reader.buffer.subarray(reader.start, reader.end);
      if (reader.kind === 'piece') {
        pieces.push(bytes);
        if (!reader.last) continue;
        seen.push({ kind: 'whole', type: reader.type, bytes: Buffer.concat(pieces).toString('hex') });
        pieces = [];
      } else {
        seen.push({ kind: reader.kind, type: reader.type, bytes: bytes.toString('hex') });
      }
    }
  }
  assert.equal(reader.buffered, 0);
  return seen;
}

const stream = Buffer.concat([
  frame(0x51, Buffer.from('select 1\0')),
  frame(0x53, Buffer.alloc(0)),
  frame(copyData, Buffer.alloc(300, 7)),
  frame(0x51, Buffer.alloc(200, 65)),
  frame(0x58, Buffer.alloc(0)),
]);

test('a stream split at every offset reads the same', () => {
  const whole = read([stream]);
  assert.deepEqual(
    whole.map((each) => [each.kind, each.type]),
    [
      ['whole', 0x51],
      ['whole', 0x53],
      ['whole', copyData],
      ['oversized', 0x51],
      ['whole', 0x58],
    ],
  );
  for (let split = 0; split <= stream.length; split++) {
    assert.deepEqual(read([stream.subarray(0, split), stream.subarray(split)]), whole);
  }
  assert.deepEqual(read([...stream].map((byte) => Buffer.from([byte]))), whole);
});

test('random frames in random chunks come out as they went in', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 255 }), fc.uint8Array({ maxLength: 200 })), {
        maxLength: 20,
      }),
      fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 50 }),
      (frames, sizes) => {
        const all = Buffer.concat(frames.map(([type, body]) => frame(type, body)));
        const chunks: Buffer[] = [];
        for (let at = 0, index = 0; at < all.length; index++) {
          const size = sizes[index % sizes.length] ?? 1;
          chunks.push(all.subarray(at, at + size));
          at += size;
        }
        const expected = frames.map(([type, body]) => {
          const bytes = frame(type, body);
          const kind = type !== copyData && bytes.length > 64 ? 'oversized' : 'whole';
          return { kind, type, bytes: bytes.toString('hex') };
        });
        assert.deepEqual(read(chunks), expected);
      },
    ),
  );
});

test('an impossible length is a fault', () => {
  for (const length of [0, 3, 0x80000000, 0xffffffff]) {
    const reader = new FrameReader(rules);
    const bytes = Buffer.alloc(9);
    bytes[0] = 0x51;
    bytes.writeUInt32BE(length, 1);
    reader.push(bytes);
    assert.throws(
      () => reader.next(),
      (error) => error instanceof ProtocolFault && error.code === 'malformed',
    );
  }
});

test('no memory is gathered for a message over its bound', () => {
  const reader = new FrameReader(rules);
  const header = Buffer.alloc(5);
  header[0] = 0x51;
  header.writeUInt32BE(4 + 50_000_000, 1);
  reader.push(header);
  const block = Buffer.alloc(50_000);
  for (let index = 0; index < 999; index++) {
    reader.push(block);
    assert.equal(reader.next(), false);
    assert.equal(reader.buffered, 0);
  }
  reader.push(block);
  assert.equal(reader.next(), true);
  assert.equal(reader.kind, 'oversized');
  assert.equal(reader.end - reader.start, 4096);
});
