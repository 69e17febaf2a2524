/** Frontend messages as bytes, written straight from "Message Formats" of PostgreSQL's manual (53.7), for tests only. */

export const text = 0;
export const binary = 1;

/** `type` is the message's first byte as a character; the length word is added. */
export function message(type: string, ...parts: readonly (Buffer | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? cString(part) : part)));
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

export function cString(value: string): Buffer {
  return Buffer.from(`${value}\0`);
}

export function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

/** @param version protocol version, 0x00030000 unless told */
export function startup(parameters: Readonly<Record<string, string>>, version = 0x30000): Buffer {
  const pairs = Object.entries(parameters).flatMap(([name, value]) => [cString(name), cString(value)]);
  const body = Buffer.concat([int32(version), ...pairs, Buffer.from([0])]);
  return Buffer.concat([int32(body.length + 4), body]);
}

export function cancelRequest(processId: number, secretKey: Buffer): Buffer {
  return Buffer.concat([int32(12 + secretKey.length), int32(80877102), int32(processId), secretKey]);
}

export const sslRequest: Buffer = Buffer.concat([int32(8), int32(80877103)]);

export function query(sql: string): Buffer {
  return message('Q', sql);
}

export function parse(sql: string, name = '', types: readonly number[] = []): Buffer {
  return message('P', name, sql, int16(types.length), ...types.map(int32));
}

export type Value = string | Buffer | null;

export interface BindOptions {
  readonly portal?: string;
  readonly statement?: string;
  readonly values?: readonly Value[];
  readonly parameterFormats?: readonly number[];
  readonly resultFormats?: readonly number[];
}

export function bind(options: BindOptions = {}): Buffer {
  const values = options.values ?? [];
  const parameterFormats = options.parameterFormats ?? [];
  const resultFormats = options.resultFormats ?? [];
  return message(
    'B',
    options.portal ?? '',
    options.statement ?? '',
    int16(parameterFormats.length),
    ...parameterFormats.map(int16),
    int16(values.length),
    ...values.flatMap((value) => {
      if (value === null) return [int32(-1)];
      const bytes = Buffer.from(value as string);
      return [int32(bytes.length), bytes];
    }),
    int16(resultFormats.length),
    ...resultFormats.map(int16),
  );
}

export function describe(kind: 'S' | 'P', name = ''): Buffer {
  return message('D', Buffer.from(kind), name);
}

/** @param rows at most so many; 0 for all */
export function execute(portal = '', rows = 0): Buffer {
  return message('E', portal, int32(rows));
}

export function close(kind: 'S' | 'P', name = ''): Buffer {
  return message('C', Buffer.from(kind), name);
}

export const sync: Buffer = message('S');
export const flush: Buffer = message('H');
export const terminate: Buffer = message('X');
export const copyDone: Buffer = message('c');

export function copyData(data: string | Buffer): Buffer {
  return message('d', Buffer.from(data as string));
}

export function copyFail(reason: string): Buffer {
  return message('f', reason);
}

export function functionCall(
  oid: number,
  values: readonly Value[],
  argumentFormats: readonly number[] = [],
  resultFormat = text,
): Buffer {
  return message(
    'F',
    int32(oid),
    int16(argumentFormats.length),
    ...argumentFormats.map(int16),
    int16(values.length),
    ...values.flatMap((value) => {
      if (value === null) return [int32(-1)];
      const bytes = Buffer.from(value as string);
      return [int32(bytes.length), bytes];
    }),
    int16(resultFormat),
  );
}
