import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ProtocolFault } from '../../../core/faults.ts';
import * as authentication from './authentication-messages.ts';
import * as messages from './backend-messages.ts';
import { BackendType, backendName, type FormatCode, frontendName } from './codes.ts';

/** Ordinary objects, as the decoders make them. */
function record<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(model, { noNullPrototype: true });
}

const text = fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\0', ''));
const bytes = fc.uint8Array({ maxLength: 300 }).map((value) => Buffer.from(value));
const formatCode = fc.constantFrom<FormatCode>(0, 1);
const oid = fc.integer({ min: 0, max: 0xffffffff });
const int32 = fc.integer({ min: -0x80000000, max: 0x7fffffff });
const int16 = fc.integer({ min: -0x8000, max: 0x7fff });
const key = fc.uint8Array({ minLength: 4, maxLength: 256 }).map((value) => Buffer.from(value));
const option = text.filter((value) => value !== '');

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
  roundTrip(
    fc.constantFrom('I' as const, 'T' as const, 'E' as const),
    messages.encodeReadyForQuery,
    messages.decodeReadyForQuery,
  );
  roundTrip(
    record({ name: text, value: text }),
    ({ name, value }) => messages.encodeParameterStatus(name, value),
    messages.decodeParameterStatus,
  );
  roundTrip(
    record({ pid: int32, key }),
    ({ pid, key }) => messages.encodeBackendKeyData(pid, key),
    messages.decodeBackendKeyData,
  );
  roundTrip(
    record({ minor: fc.integer({ min: 0, max: 9999 }), unrecognized: fc.array(option) }),
    messages.encodeNegotiateProtocolVersion,
    messages.decodeNegotiateProtocolVersion,
  );
  roundTrip(
    record({ pid: int32, channel: text, payload: text }),
    messages.encodeNotificationResponse,
    messages.decodeNotificationResponse,
  );
  roundTrip(
    fc.array(
      record({
        name: text,
        tableOid: oid,
        attributeNumber: int16,
        typeOid: oid,
        typeLength: int16,
        typeModifier: int32,
        format: formatCode,
      }),
    ),
    messages.encodeRowDescription,
    messages.decodeRowDescription,
  );
  roundTrip(fc.array(fc.option(bytes)), messages.encodeDataRow, messages.decodeDataRow);
  roundTrip(fc.array(oid), messages.encodeParameterDescription, messages.decodeParameterDescription);
  roundTrip(text, messages.encodeCommandComplete, messages.decodeCommandComplete);
  for (const name of ['CopyInResponse', 'CopyOutResponse', 'CopyBothResponse'] as const) {
    roundTrip(
      record({ format: formatCode, columnFormats: fc.array(formatCode) }),
      (value) => messages.encodeCopyResponse(name, value),
      (buffer, start, end) => messages.decodeCopyResponse(name, buffer, start, end),
    );
  }
});

test('authentication requests decode to what was encoded', () => {
  assert.deepEqual(authentication.decodeAuthentication(messages.encodeAuthenticationOk()), {
    kind: 'Ok',
  });
  assert.deepEqual(
    authentication.decodeAuthentication(authentication.encodeAuthenticationCleartextPassword()),
    {
      kind: 'CleartextPassword',
    },
  );
  fc.assert(
    fc.property(
      bytes,
      fc.array(option),
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      (data, mechanisms, salt) => {
        const { decodeAuthentication: decode } = authentication;
        assert.deepEqual(decode(authentication.encodeAuthenticationSASL(mechanisms)), {
          kind: 'SASL',
          mechanisms,
        });
        assert.deepEqual(decode(authentication.encodeAuthenticationSASLContinue(data)), {
          kind: 'SASLContinue',
          data,
        });
        assert.deepEqual(decode(authentication.encodeAuthenticationSASLFinal(data)), {
          kind: 'SASLFinal',
          data,
        });
        const bytes4 = Buffer.from(salt);
        assert.deepEqual(decode(authentication.encodeAuthenticationMD5Password(bytes4)), {
          kind: 'MD5Password',
          salt: bytes4,
        });
      },
    ),
  );
  const gss = Buffer.from([BackendType.Authentication, 0, 0, 0, 8, 0, 0, 0, 7]);
  assert.deepEqual(authentication.decodeAuthentication(gss), { kind: 'other', code: 7 });
});

test('errors and notices carry S and V, and each field that is given', () => {
  const error = messages.encodeErrorResponse({
    severity: 'ERROR',
    code: '42501',
    message: 'denied\0, it says',
    detail: 'a rule',
    hint: 'ask',
    position: 7,
    where: 'w',
    schema: 'public',
    table: 't',
    column: 'c',
    constraint: 'k',
    routine: 'r',
  });
  assert.deepEqual(messages.decodeErrorFields(error), {
    S: 'ERROR',
    V: 'ERROR',
    C: '42501',
    M: 'denied\ufffd, it says',
    D: 'a rule',
    H: 'ask',
    P: '7',
    W: 'w',
    s: 'public',
    t: 't',
    c: 'c',
    n: 'k',
    R: 'r',
  });
  const notice = messages.encodeNoticeResponse({ severity: 'NOTICE', code: '00000', message: 'held' });
  assert.deepEqual(messages.decodeNoticeFields(notice), { S: 'NOTICE', V: 'NOTICE', C: '00000', M: 'held' });
});

test('NegotiateProtocolVersion is understood as a minor and as a whole version', () => {
  const whole = Buffer.from('760000000c0003000000000000', 'hex');
  const minor = Buffer.from('760000000c0000000200000000', 'hex');
  assert.deepEqual(messages.decodeNegotiateProtocolVersion(whole), { minor: 0, unrecognized: [] });
  assert.deepEqual(messages.decodeNegotiateProtocolVersion(minor), { minor: 2, unrecognized: [] });
});

const decoders = [
  [BackendType.Authentication, authentication.decodeAuthentication],
  [BackendType.BackendKeyData, messages.decodeBackendKeyData],
  [BackendType.NegotiateProtocolVersion, messages.decodeNegotiateProtocolVersion],
  [BackendType.ParameterStatus, messages.decodeParameterStatus],
  [BackendType.ReadyForQuery, messages.decodeReadyForQuery],
  [BackendType.NotificationResponse, messages.decodeNotificationResponse],
  [BackendType.CommandComplete, messages.decodeCommandComplete],
  [BackendType.ErrorResponse, messages.decodeErrorFields],
  [BackendType.NoticeResponse, messages.decodeNoticeFields],
  [BackendType.RowDescription, messages.decodeRowDescription],
  [BackendType.DataRow, messages.decodeDataRow],
  [BackendType.ParameterDescription, messages.decodeParameterDescription],
  [BackendType.CopyInResponse, (buffer: Buffer) => messages.decodeCopyResponse('CopyInResponse', buffer)],
] as const;

test('random bytes are decoded or are a malformed message, never anything else', () => {
  const fields = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          '00',
          '0000',
          '0001',
          'ffff',
          '00000000',
          '00000003',
          '0000000a',
          'ffffffff',
          '6100',
          '4d6100',
        ),
        fc.uint8Array({ maxLength: 6 }).map((value) => Buffer.from(value).toString('hex')),
      ),
      { maxLength: 30 },
    )
    .map((parts) => Buffer.from(parts.join(''), 'hex'));
  fc.assert(
    fc.property(fields, bytes, (body, junk) => {
      for (const [type, decode] of decoders) {
        const framed = Buffer.alloc(5 + body.length);
        framed[0] = type;
        framed.writeUInt32BE(4 + body.length, 1);
        body.copy(framed, 5);
        for (const input of [framed, junk]) {
          try {
            decode(input);
          } catch (error) {
            assert.ok(error instanceof ProtocolFault && error.code === 'malformed', String(error));
          }
        }
      }
    }),
    { numRuns: 2000 },
  );
});

test('a name that is no UTF-8 is shown, not refused', () => {
  const encoded = messages.encodeRowDescription([
    { name: 'xé', tableOid: 1, attributeNumber: 1, typeOid: 25, typeLength: -1, typeModifier: -1, format: 0 },
  ]);
  encoded[encoded.indexOf(0xc3)] = 0xff;
  assert.equal(messages.decodeRowDescription(encoded)[0]?.name, 'x\ufffd\ufffd');
});

test('every type has its documented name', () => {
  assert.equal(frontendName(0x51), 'Query');
  assert.equal(backendName(0x54), 'RowDescription');
  assert.equal(frontendName(0x00), 'message of unknown type 0x00');
});
