import { binaryValue } from '../sample-row-binary.ts';
import type { FormatCode } from '../wire/codes.ts';

/**
 * The values of a type, in both formats. What comes from outside and is no value of the type is undefined, never a
 * fault.
 */
export interface ValueForm<Value> {
  readonly typeOid: number;
  readonly fromText: (text: string) => Value | undefined;
  readonly fromBinary: (bytes: Buffer) => Value | undefined;
  /** Undefined: the type has no such value. */
  readonly toBinary: (value: Value) => Buffer | undefined;
}

/** Texts of all these types are short: what is longer is not read. */
const longestText = 1024;

export function readValue<Value>(
  form: ValueForm<Value>,
  bytes: Buffer,
  format: FormatCode,
): Value | undefined {
  if (format === 1) return form.fromBinary(bytes);
  return bytes.length > longestText ? undefined : form.fromText(bytes.toString('utf8'));
}

/** Text is as the server writes it, with DateStyle ISO and in UTC. */
export function writeValue<Value>(
  form: ValueForm<Value>,
  value: Value,
  format: FormatCode,
): Buffer | undefined {
  const binary = form.toBinary(value);
  if (format === 1 || binary === undefined) return binary;
  const text = binaryValue(form.typeOid, binary, longestText);
  return text === undefined ? undefined : Buffer.from(text, 'latin1');
}

/** `Buffer` of `bytes` bytes that `write` fills; `read` of one of another length is undefined. */
export function fixedBinary<Value>(
  bytes: number,
  read: (from: Buffer) => Value | undefined,
  write: (to: Buffer, value: Value) => void,
): Pick<ValueForm<Value>, 'fromBinary' | 'toBinary'> {
  return {
    fromBinary: (from) => (from.length === bytes ? read(from) : undefined),
    toBinary: (value) => {
      const to = Buffer.allocUnsafe(bytes);
      write(to, value);
      return to;
    },
  };
}
