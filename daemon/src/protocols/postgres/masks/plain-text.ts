import { binaryTextAt, binaryValue } from '../sample-row-binary.ts';
import { TypeOid } from '../type-oids.ts';
import type { FormatCode } from '../wire/codes.ts';
import * as numbers from './number-forms.ts';
import * as times from './time-forms.ts';
import { type ValueForm, writeValue } from './value-form.ts';

/** Values of the types that have tokens as the texts that they have in a statement, and back. */

type ToBinary = (text: string) => Buffer | undefined;

const converted = <Value>(form: ValueForm<Value>): readonly [number, ToBinary] => [
  form.typeOid,
  (text) => {
    const value = form.fromText(text);
    return value === undefined ? undefined : writeValue(form, value, 1);
  },
];

const asItIs: ToBinary = (text) => Buffer.from(text);
const uuidText = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

const toBinary: ReadonlyMap<number, ToBinary> = new Map([
  ...[TypeOid.text, TypeOid.varchar, TypeOid.bpchar, TypeOid.name, TypeOid.unknown, TypeOid.json].map(
    (typeOid) => [typeOid, asItIs] as const,
  ),
  [TypeOid.jsonb, (text) => Buffer.concat([Buffer.of(1), Buffer.from(text)])],
  [TypeOid.uuid, (text) => (uuidText.test(text) ? Buffer.from(text.replaceAll('-', ''), 'hex') : undefined)],
  [TypeOid.bytea, bytesOfBytea],
  converted(numbers.int2),
  converted(numbers.int4),
  converted(numbers.int8),
  converted(numbers.oid),
  converted(numbers.float4),
  converted(numbers.float8),
  converted(numbers.numeric),
  converted(times.date),
  converted(times.time),
  converted(times.timestamp),
  converted(times.timestamptz),
]);

/** `\x` and digits, or the older form with `\\` and three octal digits (chapter "Binary Data Types"). */
function bytesOfBytea(text: string): Buffer | undefined {
  if (text.startsWith('\\x')) {
    const digits = text.slice(2).replace(/\s/g, '');
    const bytes = Buffer.from(digits, 'hex');
    // Node stops at what is no digit.
    return bytes.length * 2 === digits.length ? bytes : undefined;
  }
  const parts = text.split(/(\\\\|\\[0-3][0-7]{2})/);
  const isEscape = (index: number) => index % 2 === 1;
  if (parts.some((part, index) => !isEscape(index) && part.includes('\\'))) return undefined;
  return Buffer.concat(
    parts.map((part, index) => {
      if (!isEscape(index)) return Buffer.from(part);
      return Buffer.of(part === '\\\\' ? 0x5c : Number.parseInt(part.slice(1), 8));
    }),
  );
}

/** The text of a value. Undefined: the bytes are none of this type, or a type that is not read here. */
export function textOf(typeOid: number, bytes: Buffer, format: FormatCode): string | undefined {
  if (format === 0) return bytes.toString();
  if (typeOid === TypeOid.bytea) return `\\x${bytes.toString('hex')}`;
  const from = binaryTextAt(typeOid, bytes[0]);
  return from === undefined ? binaryValue(typeOid, bytes, 1024) : bytes.toString('utf8', from);
}

/** The value of a text. Undefined: it is none of this type, or a type that is not written here. */
export function bytesOf(typeOid: number, text: string, format: FormatCode): Buffer | undefined {
  return format === 0 ? Buffer.from(text) : toBinary.get(typeOid)?.(text);
}
