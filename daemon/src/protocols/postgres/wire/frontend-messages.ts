import { BodyReader } from './body-reader.ts';
import { type FormatCode, FrontendType } from './codes.ts';
import { MessageWriter } from './message-writer.ts';

/**
 * What a client sends after its startup packet. Each `decode…` reads `buffer[start, end)`, by default all of it, which holds
 * exactly one message with its header, and throws ProtocolFault `malformed` where a byte does not fit. Byte values are
 * views into `buffer`; only texts are copied. Each `encode…` gives one whole message.
 */

export interface Parse {
  /** Empty: the unnamed statement. */
  readonly name: string;
  readonly query: string;
  /** OIDs; 0 leaves the type to the server. May be shorter than the list of parameters. */
  readonly parameterTypes: readonly number[];
}
export interface Bind {
  readonly portal: string;
  readonly statement: string;
  /** None (all text), one for all, or one for each parameter. */
  readonly parameterFormats: readonly FormatCode[];
  readonly parameters: readonly (Buffer | null)[];
  /** None (all text), one for all, or one for each result column. */
  readonly resultFormats: readonly FormatCode[];
}
/** Describe and Close: a prepared statement (`S`) or a portal (`P`). */
export interface Named {
  readonly target: 'S' | 'P';
  readonly name: string;
}
export interface Execute {
  readonly portal: string;
  /** 0 or less: all rows. */
  readonly maxRows: number;
}
export interface FunctionCall {
  readonly oid: number;
  readonly formats: readonly FormatCode[];
  readonly arguments: readonly (Buffer | null)[];
  readonly resultFormat: FormatCode;
}
export interface SASLInitialResponse {
  readonly mechanism: string;
  /** null: none was sent, which is not the same as an empty one. */
  readonly response: Buffer | null;
}

type Decode<T> = (buffer: Buffer, start?: number, end?: number) => T;

function format(reader: BodyReader): FormatCode {
  const code = reader.int16();
  if (code !== 0 && code !== 1)
    reader.fail(`has the format code ${code}; only 0 (text) and 1 (binary) exist`);
  return code;
}

/** The format codes and the values after them, which must agree in number as the protocol says. */
function formatsAndValues(reader: BodyReader): [FormatCode[], (Buffer | null)[]] {
  const formats = reader.list(reader.uint16(), 2, () => format(reader));
  const values = reader.list(reader.uint16(), 4, () => reader.value());
  if (formats.length > 1 && formats.length !== values.length) {
    reader.fail(`has ${formats.length} format codes for ${values.length} values`);
  }
  return [formats, values];
}

/** The text of a Query. */
export const decodeQuery: Decode<string> = (buffer, start = 0, end = buffer.length) => {
  const reader: BodyReader = BodyReader.frame(buffer, start, end, FrontendType.Query, 'Query message');
  const query = reader.text();
  // The server stops at the first NUL, so what follows one would be text that nobody decided on.
  reader.done();
  return query;
};

export const decodeParse: Decode<Parse> = (buffer, start = 0, end = buffer.length) => {
  const reader: BodyReader = BodyReader.frame(buffer, start, end, FrontendType.Parse, 'Parse message');
  const name = reader.text();
  const query = reader.text();
  const parameterTypes = reader.list(reader.uint16(), 4, () => reader.uint32());
  reader.done();
  return { name, query, parameterTypes };
};

export const decodeBind: Decode<Bind> = (buffer, start = 0, end = buffer.length) => {
  const reader: BodyReader = BodyReader.frame(buffer, start, end, FrontendType.Bind, 'Bind message');
  const portal = reader.text();
  const statement = reader.text();
  const [parameterFormats, parameters] = formatsAndValues(reader);
  const resultFormats = reader.list(reader.uint16(), 2, () => format(reader));
  reader.done();
  return { portal, statement, parameterFormats, parameters, resultFormats };
};

function decodeNamed(buffer: Buffer, start: number, end: number, type: number, message: string): Named {
  const reader: BodyReader = BodyReader.frame(buffer, start, end, type, message);
  const target = reader.byte();
  if (target !== 0x53 && target !== 0x50) reader.fail('names neither a statement (S) nor a portal (P)');
  const name = reader.text();
  reader.done();
  return { target: target === 0x53 ? 'S' : 'P', name };
}

export const decodeDescribe: Decode<Named> = (buffer, start = 0, end = buffer.length) =>
  decodeNamed(buffer, start, end, FrontendType.Describe, 'Describe message');

export const decodeClose: Decode<Named> = (buffer, start = 0, end = buffer.length) =>
  decodeNamed(buffer, start, end, FrontendType.Close, 'Close message');

export const decodeExecute: Decode<Execute> = (buffer, start = 0, end = buffer.length) => {
  const reader: BodyReader = BodyReader.frame(buffer, start, end, FrontendType.Execute, 'Execute message');
  const portal = reader.text();
  const maxRows = reader.int32();
  reader.done();
  return { portal, maxRows };
};

export const decodeFunctionCall: Decode<FunctionCall> = (buffer, start = 0, end = buffer.length) => {
  const reader: BodyReader = BodyReader.frame(
    buffer,
    start,
    end,
    FrontendType.FunctionCall,
    'FunctionCall message',
  );
  const oid = reader.uint32();
  const [formats, values] = formatsAndValues(reader);
  const resultFormat = format(reader);
  reader.done();
  return { oid, formats, arguments: values, resultFormat };
};

/** The message with which a client gives up a COPY FROM STDIN. */
export const decodeCopyFail: Decode<string> = (buffer, start = 0, end = buffer.length) => {
  const reader: BodyReader = BodyReader.frame(buffer, start, end, FrontendType.CopyFail, 'CopyFail message');
  const message = reader.text();
  reader.done();
  return message;
};

type EmptyFrontend = 'CopyDone' | 'Flush' | 'Sync' | 'Terminate';

/** Flush, Sync, CopyDone and Terminate carry nothing; this throws if one does. */
export function checkEmptyFrontend(
  name: EmptyFrontend,
  buffer: Buffer,
  start = 0,
  end = buffer.length,
): void {
  BodyReader.frame(buffer, start, end, FrontendType[name], `${name} message`).done();
}

export const decodePasswordMessage: Decode<string> = (buffer, start = 0, end = buffer.length) => {
  const reader: BodyReader = BodyReader.frame(
    buffer,
    start,
    end,
    FrontendType.PasswordMessage,
    'PasswordMessage',
  );
  const password = reader.text();
  reader.done();
  return password;
};

export const decodeSASLInitialResponse: Decode<SASLInitialResponse> = (
  buffer,
  start = 0,
  end = buffer.length,
) => {
  const reader: BodyReader = BodyReader.frame(
    buffer,
    start,
    end,
    FrontendType.PasswordMessage,
    'SASLInitialResponse',
  );
  const mechanism = reader.text();
  const response = reader.value();
  reader.done();
  return { mechanism, response };
};

export const decodeSASLResponse: Decode<Buffer> = (buffer, start = 0, end = buffer.length) => {
  const reader: BodyReader = BodyReader.frame(
    buffer,
    start,
    end,
    FrontendType.PasswordMessage,
    'SASLResponse',
  );
  return reader.bytes(reader.left);
};

export function encodeQuery(query: string): Buffer {
  return new MessageWriter(FrontendType.Query).text(query).finish();
}

export function encodeParse(name: string, query: string, parameterTypes: readonly number[] = []): Buffer {
  const writer = new MessageWriter(FrontendType.Parse).text(name).text(query).count(parameterTypes.length);
  for (const oid of parameterTypes) writer.uint32(oid);
  return writer.finish();
}

function writeFormats(writer: MessageWriter, formats: readonly FormatCode[]): void {
  writer.count(formats.length);
  for (const code of formats) writer.int16(code);
}

function writeValues(writer: MessageWriter, values: readonly (Uint8Array | null)[]): void {
  writer.count(values.length);
  for (const value of values) writer.value(value);
}

export function encodeBind(message: Bind): Buffer {
  const writer = new MessageWriter(FrontendType.Bind).text(message.portal).text(message.statement);
  writeFormats(writer, message.parameterFormats);
  writeValues(writer, message.parameters);
  writeFormats(writer, message.resultFormats);
  return writer.finish();
}

function encodeNamed(type: number, message: Named): Buffer {
  return new MessageWriter(type)
    .byte(message.target === 'S' ? 0x53 : 0x50)
    .text(message.name)
    .finish();
}

export function encodeDescribe(message: Named): Buffer {
  return encodeNamed(FrontendType.Describe, message);
}

export function encodeClose(message: Named): Buffer {
  return encodeNamed(FrontendType.Close, message);
}

export function encodeExecute(portal: string, maxRows: number): Buffer {
  return new MessageWriter(FrontendType.Execute).text(portal).int32(maxRows).finish();
}

export function encodeFunctionCall(message: FunctionCall): Buffer {
  const writer = new MessageWriter(FrontendType.FunctionCall).uint32(message.oid);
  writeFormats(writer, message.formats);
  writeValues(writer, message.arguments);
  return writer.int16(message.resultFormat).finish();
}

export function encodeCopyFail(message: string): Buffer {
  return new MessageWriter(FrontendType.CopyFail).shownText(message).finish();
}

export function encodeFlush(): Buffer {
  return new MessageWriter(FrontendType.Flush).finish();
}

export function encodeSync(): Buffer {
  return new MessageWriter(FrontendType.Sync).finish();
}

export function encodeCopyDone(): Buffer {
  return new MessageWriter(FrontendType.CopyDone).finish();
}

export function encodeTerminate(): Buffer {
  return new MessageWriter(FrontendType.Terminate).finish();
}

export function encodePasswordMessage(password: string): Buffer {
  return new MessageWriter(FrontendType.PasswordMessage).text(password).finish();
}

export function encodeSASLInitialResponse(message: SASLInitialResponse): Buffer {
  return new MessageWriter(FrontendType.PasswordMessage)
    .text(message.mechanism)
    .value(message.response)
    .finish();
}

export function encodeSASLResponse(data: Uint8Array): Buffer {
  return new MessageWriter(FrontendType.PasswordMessage).bytes(data).finish();
}
