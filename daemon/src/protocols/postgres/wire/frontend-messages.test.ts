import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ProtocolFault } from '../../../core/faults.ts';
import { type FormatCode, FrontendType } from './codes.ts';
import * as messages from './frontend-messages.ts';
import {
  decodeStartupPacket,
  encodeCancelRequest,
  encodeSSLRequest,
  encodeStartupMessage,
} from './startup-packets.ts';

/** Ordinary objects, as the decoders make them. */
function record<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(model, { noNullPrototype: true });
}

const text = fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\0', ''));
const bytes = fc.uint8Array({ maxLength: 300 }).map((value) => Buffer.from(value));
const values = fc.array(fc.option(bytes), { maxLength: 20 });
const formatCode = fc.constantFrom<FormatCode>(0, 1);
const oid = fc.integer({ min: 0, max: 0xffffffff });
const int32 = fc.integer({ min: -0x80000000, max: 0x7fffffff });
const target = fc.constantFrom('S' as const, 'P' as const);
const valuesAndFormats = values.chain((list) =>
  fc.tuple(
    fc.constant(list),
    fc.oneof(
      fc.constant<FormatCode[]>([]),
      formatCode.map((code) => [code]),
      fc.array(formatCode, { minLength: list.length, maxLength: list.length }),
    ),
  ),
);

function roundTrip<T>(
  arbitrary: fc.Arbitrary<T>,
  encode: (value: T) => Buffer,
  decode: (buffer: Buffer, start?: number, end?: number) => unknown,
) {
  fc.assert(
    fc.property(arbitrary, bytes, bytes, (value, before, after) => {
      const encoded = encode(value);
      assert.deepEqual(decode(encoded), value);
      const surrounded = Buffer.concat([before, encoded, after]);
      assert.deepEqual(decode(surrounded, before.length, before.length + encoded.length), value);
    }),
  );
}

test('what is encoded decodes to the same', () => {
  roundTrip(text, messages.encodeQuery, messages.decodeQuery);
  roundTrip(
    record({ name: text, query: text, parameterTypes: fc.array(oid) }),
    ({ name, query, parameterTypes }) => messages.encodeParse(name, query, parameterTypes),
    messages.decodeParse,
  );
  roundTrip(
    fc
      .tuple(text, text, valuesAndFormats, fc.array(formatCode))
      .map(([portal, statement, [parameters, parameterFormats], resultFormats]) => ({
        portal,
        statement,
        parameterFormats,
        parameters,
        resultFormats,
      })),
    messages.encodeBind,
    messages.decodeBind,
  );
  roundTrip(record({ target, name: text }), messages.encodeDescribe, messages.decodeDescribe);
  roundTrip(record({ target, name: text }), messages.encodeClose, messages.decodeClose);
  roundTrip(
    record({ portal: text, maxRows: int32 }),
    ({ portal, maxRows }) => messages.encodeExecute(portal, maxRows),
    messages.decodeExecute,
  );
  roundTrip(
    fc.tuple(oid, valuesAndFormats, formatCode).map(([id, [list, formats], resultFormat]) => ({
      oid: id,
      formats,
      arguments: list,
      resultFormat,
    })),
    messages.encodeFunctionCall,
    messages.decodeFunctionCall,
  );
  roundTrip(text, messages.encodeCopyFail, messages.decodeCopyFail);
  roundTrip(text, messages.encodePasswordMessage, messages.decodePasswordMessage);
  roundTrip(
    record({ mechanism: text, response: fc.option(bytes) }),
    messages.encodeSASLInitialResponse,
    messages.decodeSASLInitialResponse,
  );
  roundTrip(bytes, messages.encodeSASLResponse, messages.decodeSASLResponse);
});

test('startup packets decode to what was encoded', () => {
  const name = text.filter((value) => value !== '');
  roundTrip(
    record({
      kind: fc.constant('startup' as const),
      minor: fc.integer({ min: 0, max: 0xffff }),
      parameters: fc
        .uniqueArray(fc.tuple(name, text), { selector: ([key]) => key })
        .map((list) => new Map(list)),
    }),
    ({ minor, parameters }) => encodeStartupMessage(minor, parameters),
    decodeStartupPacket,
  );
  roundTrip(
    record({
      kind: fc.constant('cancel' as const),
      pid: int32,
      key: fc.uint8Array({ minLength: 4, maxLength: 256 }).map((value) => Buffer.from(value)),
    }),
    ({ pid, key }) => encodeCancelRequest(pid, key),
    decodeStartupPacket,
  );
  assert.deepEqual(decodeStartupPacket(encodeSSLRequest()), { kind: 'ssl' });
  assert.deepEqual(decodeStartupPacket(Buffer.from('0000000804d21630', 'hex')), { kind: 'gssenc' });
  assert.deepEqual(decodeStartupPacket(Buffer.from('0000000a000200007800', 'hex')), {
    kind: 'version',
    major: 2,
    minor: 0,
  });
});

const decoders = [
  [FrontendType.Query, messages.decodeQuery],
  [FrontendType.Parse, messages.decodeParse],
  [FrontendType.Bind, messages.decodeBind],
  [FrontendType.Describe, messages.decodeDescribe],
  [FrontendType.Close, messages.decodeClose],
  [FrontendType.Execute, messages.decodeExecute],
  [FrontendType.FunctionCall, messages.decodeFunctionCall],
  [FrontendType.CopyFail, messages.decodeCopyFail],
  [FrontendType.PasswordMessage, messages.decodePasswordMessage],
  [FrontendType.PasswordMessage, messages.decodeSASLInitialResponse],
  [FrontendType.PasswordMessage, messages.decodeSASLResponse],
] as const;

const malformed = (error: unknown) => error instanceof ProtocolFault && error.code === 'malformed';

/** Bytes that look enough like fields to get past the first check. */
const fieldBytes = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '00',
        '0000',
        '0001',
        '0002',
        'ffff',
        '7fff',
        '00000000',
        '00000001',
        'ffffffff',
        '53',
        '50',
        '6100',
      ),
      fc.uint8Array({ maxLength: 6 }).map((value) => Buffer.from(value).toString('hex')),
    ),
    { maxLength: 30 },
  )
  .map((parts) => Buffer.from(parts.join(''), 'hex'));

test('random bytes are decoded or are a malformed message, never anything else', () => {
  fc.assert(
    fc.property(fieldBytes, bytes, (body, junk) => {
      for (const [type, decode] of decoders) {
        const framed = Buffer.alloc(5 + body.length);
        framed[0] = type;
        framed.writeUInt32BE(4 + body.length, 1);
        body.copy(framed, 5);
        for (const input of [framed, junk]) {
          try {
            decode(input);
          } catch (error) {
            assert.ok(malformed(error), String(error));
          }
        }
      }
      for (const input of [
        Buffer.concat([Buffer.from([0, 0, 0, body.length + 8, 0, 3, 0, 0]), body]),
        junk,
      ]) {
        try {
          decodeStartupPacket(input);
        } catch (error) {
          assert.ok(malformed(error), String(error));
        }
      }
    }),
    { numRuns: 2000 },
  );
});

test('a message cut short, or with a byte more, is malformed', () => {
  const bind = messages.encodeBind({
    portal: 'p',
    statement: 's',
    parameterFormats: [1],
    parameters: [Buffer.from('x'), null],
    resultFormats: [0],
  });
  for (let end = 0; end < bind.length; end++) {
    assert.throws(() => messages.decodeBind(bind, 0, end), malformed);
    if (end < 5) continue;
    const shorter = Buffer.from(bind.subarray(0, end));
    shorter.writeUInt32BE(end - 1, 1);
    assert.throws(() => messages.decodeBind(shorter), malformed);
  }
  const longer = Buffer.concat([bind, Buffer.alloc(1)]);
  longer.writeUInt32BE(longer.length - 1, 1);
  assert.throws(() => messages.decodeBind(longer), /1 bytes after its end/);
});

function frame(type: number, hex: string): Buffer {
  const body = Buffer.from(hex, 'hex');
  const head = Buffer.from([type, 0, 0, 0, 0]);
  head.writeUInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
}

test('what would be read differently on two sides is refused', () => {
  const hidden = Buffer.from('select 1\0; drop table t\0').toString('hex');
  assert.throws(() => messages.decodeQuery(frame(FrontendType.Query, hidden)), /bytes after its end/);
  assert.throws(() => messages.decodeQuery(frame(FrontendType.Query, '73656c')), /without its terminator/);
  assert.throws(() => messages.decodeQuery(frame(FrontendType.Query, 'c32700')), /not valid UTF-8/);
  assert.throws(
    () => messages.decodeQuery(frame(FrontendType.Query, 'eda08000')),
    /not valid UTF-8/,
    'a surrogate',
  );
  assert.throws(
    () => messages.decodeQuery(frame(FrontendType.Query, 'c0ae00')),
    /not valid UTF-8/,
    'overlong',
  );
  assert.throws(() => messages.decodeParse(frame(FrontendType.Query, '0000')), /another type byte/);
  assert.throws(
    () => messages.decodeBind(frame(FrontendType.Bind, '000000010007')),
    /format code 7|too short/,
  );
  assert.throws(() => messages.decodeBind(frame(FrontendType.Bind, '0000000000010000fffe0000')), malformed);
  assert.throws(
    () => messages.decodeBind(frame(FrontendType.Bind, '000000000001fffffffe0000')),
    /value of -2 bytes/,
  );
  assert.throws(
    () => messages.decodeBind(frame(FrontendType.Bind, '000000020000000100010000000161ffff')),
    /2 format codes for 1 values|too short/,
  );
  assert.throws(() => messages.decodeClose(frame(FrontendType.Close, '5100')), /neither a statement/);
  assert.throws(
    () => messages.checkEmptyFrontend('Sync', frame(FrontendType.Sync, '00')),
    /1 bytes after its end/,
  );
  messages.checkEmptyFrontend('Sync', messages.encodeSync());
  assert.throws(() => messages.encodeQuery('a\0b'), malformed);
});

test('a parameter given twice is refused', () => {
  const packet = encodeStartupMessage(
    0,
    new Map([
      ['user', 'a'],
      ['userx', 'b'],
    ]),
  );
  const twice = Buffer.from(packet.toString('latin1').replace('userx\0', 'user\0'), 'latin1');
  twice.writeUInt32BE(twice.length, 0);
  assert.throws(() => decodeStartupPacket(twice), /parameter twice/);
});

test('65,535 parameters fit, and their values are views', () => {
  const parameters = Array.from({ length: 65_535 }, () => Buffer.from('1'));
  const encoded = messages.encodeBind({
    portal: '',
    statement: '',
    parameterFormats: [],
    parameters,
    resultFormats: [],
  });
  const decoded = messages.decodeBind(encoded);
  assert.equal(decoded.parameters.length, 65_535);
  assert.equal(decoded.parameters[0]?.buffer, encoded.buffer);
  assert.throws(
    () =>
      messages.encodeBind({
        portal: '',
        statement: '',
        parameterFormats: [],
        parameters: [...parameters, null],
        resultFormats: [],
      }),
    (error) => error instanceof ProtocolFault && error.code === 'oversized',
  );
});
