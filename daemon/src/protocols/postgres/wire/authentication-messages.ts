import { BodyReader } from './body-reader.ts';
import { AuthenticationCode, BackendType } from './codes.ts';
import { MessageWriter } from './message-writer.ts';

/** The messages of type `R`, with which a server asks who it is speaking to. */

export type Authentication =
  | { readonly kind: 'Ok' }
  | { readonly kind: 'CleartextPassword' }
  | { readonly kind: 'MD5Password'; readonly salt: Buffer }
  | { readonly kind: 'SASL'; readonly mechanisms: readonly string[] }
  | { readonly kind: 'SASLContinue'; readonly data: Buffer }
  | { readonly kind: 'SASLFinal'; readonly data: Buffer }
  /** Kerberos, GSS and SSPI among them. */
  | { readonly kind: 'other'; readonly code: number };

/**
 * Read `buffer[start, end)`, by default all of it; byte values are views.
 * @throws ProtocolFault `malformed`
 */
export function decodeAuthentication(buffer: Buffer, start = 0, end = buffer.length): Authentication {
  const reader: BodyReader = BodyReader.frame(
    buffer,
    start,
    end,
    BackendType.Authentication,
    'Authentication message',
  );
  const code = reader.int32();
  switch (code) {
    case AuthenticationCode.Ok:
      reader.done();
      return { kind: 'Ok' };
    case AuthenticationCode.CleartextPassword:
      reader.done();
      return { kind: 'CleartextPassword' };
    case AuthenticationCode.MD5Password: {
      const salt = reader.bytes(4);
      reader.done();
      return { kind: 'MD5Password', salt };
    }
    case AuthenticationCode.SASL: {
      const mechanisms: string[] = [];
      for (let name = reader.text(); name !== ''; name = reader.text()) mechanisms.push(name);
      reader.done();
      return { kind: 'SASL', mechanisms };
    }
    case AuthenticationCode.SASLContinue:
      return { kind: 'SASLContinue', data: reader.bytes(reader.left) };
    case AuthenticationCode.SASLFinal:
      return { kind: 'SASLFinal', data: reader.bytes(reader.left) };
    default:
      return { kind: 'other', code };
  }
}

export function encodeAuthenticationCleartextPassword(): Buffer {
  return new MessageWriter(BackendType.Authentication).int32(AuthenticationCode.CleartextPassword).finish();
}

export function encodeAuthenticationMD5Password(salt: Uint8Array): Buffer {
  return new MessageWriter(BackendType.Authentication)
    .int32(AuthenticationCode.MD5Password)
    .bytes(salt)
    .finish();
}

export function encodeAuthenticationSASL(mechanisms: readonly string[]): Buffer {
  const writer = new MessageWriter(BackendType.Authentication).int32(AuthenticationCode.SASL);
  for (const mechanism of mechanisms) writer.text(mechanism);
  return writer.byte(0).finish();
}

export function encodeAuthenticationSASLContinue(data: Uint8Array): Buffer {
  return new MessageWriter(BackendType.Authentication)
    .int32(AuthenticationCode.SASLContinue)
    .bytes(data)
    .finish();
}

export function encodeAuthenticationSASLFinal(data: Uint8Array): Buffer {
  return new MessageWriter(BackendType.Authentication)
    .int32(AuthenticationCode.SASLFinal)
    .bytes(data)
    .finish();
}
