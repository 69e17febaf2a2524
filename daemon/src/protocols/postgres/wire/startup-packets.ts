import { BodyReader } from './body-reader.ts';
import { protocolMajor, protocolVersion, RequestCode } from './codes.ts';
import { MessageWriter } from './message-writer.ts';

/** The packets that begin a connection and have no type byte: Int32 length, Int32 code, fields. */

export interface StartupMessage {
  /** As asked for, before any negotiation. */
  readonly minor: number;
  /** `user`, `database`, `_pq_.…` options and settings, in the order sent. */
  readonly parameters: ReadonlyMap<string, string>;
}
export interface CancelRequest {
  readonly pid: number;
  /** 4 bytes in protocol 3.0, up to 256 in 3.2. A view in what was decoded. */
  readonly key: Buffer;
}

export type StartupPacket =
  | ({ readonly kind: 'startup' } & StartupMessage)
  | ({ readonly kind: 'cancel' } & CancelRequest)
  | { readonly kind: 'ssl' }
  | { readonly kind: 'gssenc' }
  /** A StartupMessage of a major version other than 3, whose fields are unknown. */
  | { readonly kind: 'version'; readonly major: number; readonly minor: number };

/** The longest key that protocol 3.2 allows, in bytes. */
export const longestCancelKey = 256;

/**
 * Read `buffer[start, end)`, which holds exactly one packet with its length.
 * @throws ProtocolFault `malformed`
 */
export function decodeStartupPacket(buffer: Buffer, start = 0, end = buffer.length): StartupPacket {
  const reader: BodyReader = BodyReader.packet(buffer, start, end, 'startup packet');
  const code = reader.int32();
  switch (code) {
    case RequestCode.SSLRequest:
      reader.done();
      return { kind: 'ssl' };
    case RequestCode.GSSENCRequest:
      reader.done();
      return { kind: 'gssenc' };
    case RequestCode.CancelRequest: {
      const pid = reader.int32();
      const key = reader.bytes(reader.left);
      if (key.length === 0 || key.length > longestCancelKey)
        reader.fail(`has a cancel key of ${key.length} bytes`);
      return { kind: 'cancel', pid, key };
    }
  }
  const major = code >>> 16;
  const minor = code & 0xffff;
  if (major !== protocolMajor) return { kind: 'version', major, minor };
  const parameters = new Map<string, string>();
  for (;;) {
    const name = reader.text();
    if (name === '') break;
    // Which of two values holds is not written anywhere, and two readers must not come to two answers.
    if (parameters.has(name)) reader.fail('gives a parameter twice');
    parameters.set(name, reader.text());
  }
  reader.done();
  return { kind: 'startup', minor, parameters };
}

export function encodeStartupMessage(minor: number, parameters: ReadonlyMap<string, string>): Buffer {
  const writer = new MessageWriter().int32(protocolVersion(minor));
  for (const [name, value] of parameters) writer.text(name).text(value);
  return writer.byte(0).finish();
}

export function encodeCancelRequest(pid: number, key: Uint8Array): Buffer {
  return new MessageWriter().int32(RequestCode.CancelRequest).int32(pid).bytes(key).finish();
}

export function encodeSSLRequest(): Buffer {
  return new MessageWriter().int32(RequestCode.SSLRequest).finish();
}
