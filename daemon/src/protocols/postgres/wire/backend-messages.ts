import { BodyReader } from './body-reader.ts';
import { AuthenticationCode, BackendType, type FormatCode } from './codes.ts';
import { type ErrorSeverity, FieldLetter, type NoticeSeverity, type Report } from './error-fields.ts';
import { MessageWriter } from './message-writer.ts';

/**
 * What a server sends. Each `decode…` reads `buffer[start, end)`, by default all of it, which holds
 * exactly one message with its header, and throws ProtocolFault `malformed` where a byte does not fit. Byte values are
 * views into `buffer`; only texts are copied. Each `encode…` gives one whole message.
 */

type Decode<T> = (buffer: Buffer, start?: number, end?: number) => T;

/** Idle, in a transaction, in a failed transaction. */
export type TransactionStatus = 'I' | 'T' | 'E';

export interface BackendKeyData {
  readonly pid: number;
  /** 4 bytes in protocol 3.0, up to 256 in 3.2. */
  readonly key: Buffer;
}
export interface NegotiateProtocolVersion {
  /** The newest minor version of major version 3 that the server speaks. */
  readonly minor: number;
  readonly unrecognized: readonly string[];
}
export interface ParameterStatus {
  readonly name: string;
  readonly value: string;
}
export interface NotificationResponse {
  readonly pid: number;
  readonly channel: string;
  readonly payload: string;
}
export interface FieldDescription {
  readonly name: string;
  /** 0 where the column is not one of a table. */
  readonly tableOid: number;
  readonly attributeNumber: number;
  readonly typeOid: number;
  /** Negative: variable. */
  readonly typeLength: number;
  readonly typeModifier: number;
  readonly format: FormatCode;
}
/** CopyInResponse, CopyOutResponse and CopyBothResponse. */
export interface CopyResponse {
  readonly format: FormatCode;
  readonly columnFormats: readonly FormatCode[];
}
/** The fields of an ErrorResponse or NoticeResponse by letter (`C`, `M`, …), unknown letters included. */
export type ReportFields = Readonly<Record<string, string>>;

export const decodeBackendKeyData: Decode<BackendKeyData> = (buffer, start = 0, end = buffer.length) => {
  const reader: BodyReader = BodyReader.frame(
    buffer,
    start,
    end,
    BackendType.BackendKeyData,
    'BackendKeyData message',
  );
  const pid = reader.int32();
  const key = reader.bytes(reader.left);
  if (key.length < 4 || key.length > 256) reader.fail(`has a cancel key of ${key.length} bytes`);
  return { pid, key };
};

export const decodeNegotiateProtocolVersion: Decode<NegotiateProtocolVersion> = (
  buffer,
  start = 0,
  end = buffer.length,
) => {
  const type = BackendType.NegotiateProtocolVersion;
  const reader: BodyReader = BodyReader.frame(buffer, start, end, type, 'NegotiateProtocolVersion message');
  const version = reader.uint32();
  // The documentation once said "minor version" where every server sent the whole version; both are understood.
  if (version >= 0x10000 && version >>> 16 !== 3) reader.fail(`speaks of protocol ${version >>> 16}`);
  const unrecognized = reader.list(reader.uint32(), 1, () => reader.shownText());
  reader.done();
  return { minor: version & 0xffff, unrecognized };
};

export const decodeParameterStatus: Decode<ParameterStatus> = (buffer, start = 0, end = buffer.length) => {
  const reader: BodyReader = BodyReader.frame(
    buffer,
    start,
    end,
    BackendType.ParameterStatus,
    'ParameterStatus message',
  );
  const name = reader.shownText();
  const value = reader.shownText();
  reader.done();
  return { name, value };
};

export const decodeReadyForQuery: Decode<TransactionStatus> = (buffer, start = 0, end = buffer.length) => {
  const reader: BodyReader = BodyReader.frame(
    buffer,
    start,
    end,
    BackendType.ReadyForQuery,
    'ReadyForQuery message',
  );
  const status = String.fromCharCode(reader.byte());
  reader.done();
  if (status !== 'I' && status !== 'T' && status !== 'E') reader.fail('has an unknown transaction status');
  return status;
};

export const decodeNotificationResponse: Decode<NotificationResponse> = (
  buffer,
  start = 0,
  end = buffer.length,
) => {
  const type = BackendType.NotificationResponse;
  const reader: BodyReader = BodyReader.frame(buffer, start, end, type, 'NotificationResponse message');
  const pid = reader.int32();
  const channel = reader.shownText();
  const payload = reader.shownText();
  reader.done();
  return { pid, channel, payload };
};

/** The command tag: `SELECT 3`. */
export const decodeCommandComplete: Decode<string> = (buffer, start = 0, end = buffer.length) => {
  const reader: BodyReader = BodyReader.frame(
    buffer,
    start,
    end,
    BackendType.CommandComplete,
    'CommandComplete message',
  );
  const tag = reader.shownText();
  reader.done();
  return tag;
};

function decodeReport(
  buffer: Buffer,
  start: number,
  end: number,
  type: number,
  message: string,
): ReportFields {
  const reader: BodyReader = BodyReader.frame(buffer, start, end, type, message);
  const fields: Record<string, string> = {};
  for (let letter = reader.byte(); letter !== 0; letter = reader.byte()) {
    fields[String.fromCharCode(letter)] = reader.shownText();
  }
  reader.done();
  return fields;
}

/** An ErrorResponse. */
export const decodeErrorFields: Decode<ReportFields> = (buffer, start = 0, end = buffer.length) =>
  decodeReport(buffer, start, end, BackendType.ErrorResponse, 'ErrorResponse message');

/** A NoticeResponse. */
export const decodeNoticeFields: Decode<ReportFields> = (buffer, start = 0, end = buffer.length) =>
  decodeReport(buffer, start, end, BackendType.NoticeResponse, 'NoticeResponse message');

function format(reader: BodyReader): FormatCode {
  const code = reader.int16();
  if (code !== 0 && code !== 1)
    reader.fail(`has the format code ${code}; only 0 (text) and 1 (binary) exist`);
  return code;
}

export const decodeRowDescription: Decode<readonly FieldDescription[]> = (
  buffer,
  start = 0,
  end = buffer.length,
) => {
  const reader: BodyReader = BodyReader.frame(
    buffer,
    start,
    end,
    BackendType.RowDescription,
    'RowDescription message',
  );
  const fields = reader.list(reader.uint16(), 19, () => ({
    name: reader.shownText(),
    tableOid: reader.uint32(),
    attributeNumber: reader.int16(),
    typeOid: reader.uint32(),
    typeLength: reader.int16(),
    typeModifier: reader.int32(),
    format: format(reader),
  }));
  reader.done();
  return fields;
};

/** The values are views, which stay valid as long as the buffer's bytes do. */
export const decodeDataRow: Decode<readonly (Buffer | null)[]> = (buffer, start = 0, end = buffer.length) => {
  const reader: BodyReader = BodyReader.frame(buffer, start, end, BackendType.DataRow, 'DataRow message');
  const values = reader.list(reader.uint16(), 4, () => reader.value());
  reader.done();
  return values;
};

/** The OIDs of a prepared statement's parameters. */
export const decodeParameterDescription: Decode<readonly number[]> = (
  buffer,
  start = 0,
  end = buffer.length,
) => {
  const type = BackendType.ParameterDescription;
  const reader: BodyReader = BodyReader.frame(buffer, start, end, type, 'ParameterDescription message');
  const oids = reader.list(reader.uint16(), 4, () => reader.uint32());
  reader.done();
  return oids;
};

type CopyName = 'CopyInResponse' | 'CopyOutResponse' | 'CopyBothResponse';

export function decodeCopyResponse(
  name: CopyName,
  buffer: Buffer,
  start = 0,
  end = buffer.length,
): CopyResponse {
  const reader: BodyReader = BodyReader.frame(buffer, start, end, BackendType[name], `${name} message`);
  const code = reader.byte();
  if (code !== 0 && code !== 1) reader.fail(`has the format ${code}; only 0 (text) and 1 (binary) exist`);
  const columnFormats = reader.list(reader.uint16(), 2, () => format(reader));
  reader.done();
  return { format: code, columnFormats };
}

function encodeReport(type: number, report: Report<string>): Buffer {
  const writer = new MessageWriter(type);
  const field = (letter: string, value: string | undefined): void => {
    if (value !== undefined) writer.byte(letter.charCodeAt(0)).shownText(value);
  };
  field(FieldLetter.severityLocalized, report.severity);
  field(FieldLetter.severity, report.severity);
  field(FieldLetter.code, report.code);
  field(FieldLetter.message, report.message);
  field(FieldLetter.detail, report.detail);
  field(FieldLetter.hint, report.hint);
  field(FieldLetter.position, report.position?.toString());
  field(FieldLetter.where, report.where);
  field(FieldLetter.schema, report.schema);
  field(FieldLetter.table, report.table);
  field(FieldLetter.column, report.column);
  field(FieldLetter.constraint, report.constraint);
  field(FieldLetter.routine, report.routine);
  return writer.byte(0).finish();
}

export function encodeErrorResponse(report: Report<ErrorSeverity>): Buffer {
  return encodeReport(BackendType.ErrorResponse, report);
}

export function encodeNoticeResponse(report: Report<NoticeSeverity>): Buffer {
  return encodeReport(BackendType.NoticeResponse, report);
}

export function encodeReadyForQuery(status: TransactionStatus): Buffer {
  return new MessageWriter(BackendType.ReadyForQuery).byte(status.charCodeAt(0)).finish();
}

/** The client is let in. What may come before it is in authentication-messages.ts. */
export function encodeAuthenticationOk(): Buffer {
  return new MessageWriter(BackendType.Authentication).int32(AuthenticationCode.Ok).finish();
}

export function encodeParameterStatus(name: string, value: string): Buffer {
  return new MessageWriter(BackendType.ParameterStatus).text(name).text(value).finish();
}

export function encodeBackendKeyData(pid: number, key: Uint8Array): Buffer {
  return new MessageWriter(BackendType.BackendKeyData).int32(pid).bytes(key).finish();
}

/** What a server says once a client is let in, up to but not including the first ReadyForQuery. */
export function welcomeMessages(
  parameters: ReadonlyMap<string, string>,
  pid: number,
  key: Uint8Array,
): Buffer {
  const statuses = [...parameters].map(([name, value]) => encodeParameterStatus(name, value));
  return Buffer.concat([encodeAuthenticationOk(), ...statuses, encodeBackendKeyData(pid, key)]);
}

/** Sends the whole version, as servers do and libpq expects. */
export function encodeNegotiateProtocolVersion(message: NegotiateProtocolVersion): Buffer {
  const writer = new MessageWriter(BackendType.NegotiateProtocolVersion);
  writer.uint32((3 << 16) | message.minor).uint32(message.unrecognized.length);
  for (const option of message.unrecognized) writer.text(option);
  return writer.finish();
}

export function encodeNotificationResponse(message: NotificationResponse): Buffer {
  return new MessageWriter(BackendType.NotificationResponse)
    .int32(message.pid)
    .text(message.channel)
    .text(message.payload)
    .finish();
}

export function encodeRowDescription(fields: readonly FieldDescription[]): Buffer {
  const writer = new MessageWriter(BackendType.RowDescription).count(fields.length);
  for (const field of fields) {
    writer.text(field.name).uint32(field.tableOid).int16(field.attributeNumber).uint32(field.typeOid);
    writer.int16(field.typeLength).int32(field.typeModifier).int16(field.format);
  }
  return writer.finish();
}

export function encodeDataRow(values: readonly (Uint8Array | null)[]): Buffer {
  const writer = new MessageWriter(BackendType.DataRow).count(values.length);
  for (const value of values) writer.value(value);
  return writer.finish();
}

export function encodeParameterDescription(oids: readonly number[]): Buffer {
  const writer = new MessageWriter(BackendType.ParameterDescription).count(oids.length);
  for (const oid of oids) writer.uint32(oid);
  return writer.finish();
}

export function encodeCopyResponse(name: CopyName, message: CopyResponse): Buffer {
  const writer = new MessageWriter(BackendType[name])
    .byte(message.format)
    .count(message.columnFormats.length);
  for (const code of message.columnFormats) writer.int16(code);
  return writer.finish();
}

export function encodeCommandComplete(tag: string): Buffer {
  return new MessageWriter(BackendType.CommandComplete).text(tag).finish();
}

type EmptyBackend =
  | 'BindComplete'
  | 'CloseComplete'
  | 'CopyDone'
  | 'EmptyQueryResponse'
  | 'NoData'
  | 'ParseComplete'
  | 'PortalSuspended';

/** The messages that say all with their type. */
export function encodeEmptyBackend(name: EmptyBackend): Buffer {
  return new MessageWriter(BackendType[name]).finish();
}
