import { microsecondsPerDay, sampleDate, sampleTime, sampleTimestamp } from './sample-row-time.ts';
import { TypeOid } from './type-oids.ts';

/**
 * The text of a value in binary format, as the type's own output function would write it with the settings of
 * PostgreSQL (`DateStyle` ISO, `TimeZone` UTC). Undefined: the bytes are not what the type's send function writes.
 */
type FromBinary = (value: Buffer, most: number) => string | undefined;

const fixed =
  (bytes: number, read: (value: Buffer) => string | undefined): FromBinary =>
  (value) =>
    value.length === bytes ? read(value) : undefined;

/** float4out and float8out: the shortest digits that read back as the same number; an exponent from `large` on. */
function float(value: number, shortest: string, large: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value < 0 ? '-Infinity' : 'Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa = '', exponentText] = shortest.split('e');
  const exponent = Number(exponentText);
  const sign = mantissa.startsWith('-') ? '-' : '';
  if (exponent < -4 || exponent >= large) {
    const digits = String(Math.abs(exponent)).padStart(2, '0');
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${digits}`;
  }
  const digits = mantissa.replace(/[-.]/g, '');
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = digits.slice(exponent + 1);
  return `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

const float4Value = new Float32Array(1);
const float4Bits = new Uint32Array(float4Value.buffer);

/** The number whose bits, seen as an integer, are `step` more. */
function besideFloat4(value: number, step: 1 | -1): number {
  float4Value[0] = value;
  float4Bits[0] = (float4Bits[0] as number) + step;
  return float4Value[0];
}

/** `value` in `count` digits and an exponent; of two that are as near, the one whose last digit is even. */
function rounded(value: number, count: number): string {
  const up = value.toExponential(count - 1);
  const exact = value.toExponential(count);
  const [digits = '', exponent = ''] = exact.split('e');
  const isTie = digits.endsWith('5') && Number(exact) === value;
  if (!isTie || !/[13579]e/.test(up)) return up;
  return `${digits.slice(0, -1).replace(/\.$/, '')}e${exponent}`;
}

/** JavaScript knows the shortest digits of a double only. A number half way to the next one belongs to neither. */
function float4(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || !Number.isFinite(size)) return float(value, '', 6);
  const low = (size + besideFloat4(size, -1)) / 2;
  const next = besideFloat4(size, 1);
  const high = Number.isFinite(next) ? (size + next) / 2 : size + (size - low);
  const inside = (read: number): boolean => low < read && read < high;
  for (let count = 1; count < 9; count++) {
    const nearest = rounded(value, count);
    const read = Math.abs(Number(nearest));
    if (inside(read)) return float(value, nearest, 6);
    // Above a power of two, numbers are twice as far apart: there, the one that is not the nearest may still be inside.
    const beyond = read + 10 ** (Number(nearest.split('e')[1]) - count + 1);
    if (inside(beyond)) return float(value, (Math.sign(value) * beyond).toExponential(count - 1), 6);
  }
  return float(value, value.toExponential(8), 6);
}

const numericSigns: Readonly<Record<number, string>> = {
  0: '',
  16384: '-',
  49152: 'NaN',
  53248: 'Infinity',
  61440: '-Infinity',
};

/**
 * numeric_send: Int16 count of base-10000 digits, Int16 weight of the first, UInt16 sign, UInt16 digits to show behind
 * the point. No more than about `most` characters are made, whatever the weight says.
 */
const numeric: FromBinary = (value, most) => {
  if (value.length < 8) return undefined;
  const count = value.readUInt16BE(0);
  const weight = value.readInt16BE(2);
  const sign = numericSigns[value.readUInt16BE(4)];
  const scale = value.readUInt16BE(6);
  if (sign === undefined || value.length !== 8 + 2 * count) return undefined;
  if (sign.length > 1) return sign;
  const group = (index: number): string => {
    const digit = index >= 0 && index < count ? value.readUInt16BE(8 + 2 * index) : 0;
    return String(digit).padStart(4, '0');
  };
  let whole = '';
  for (let index = 0; index <= weight && whole.length <= most + 4; index++) whole += group(index);
  let text = sign + (whole.replace(/^0+/, '') || '0');
  if (scale === 0 || text.length > most) return text;
  let fraction = '';
  const enough = Math.min(scale, most + 1);
  for (let index = weight + 1; fraction.length < enough; index++) fraction += group(index);
  text += `.${fraction.slice(0, enough)}`;
  return text;
};

function uuid(value: Buffer): string {
  return value.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function bool(value: Buffer): string | undefined {
  return value[0] === 1 ? 't' : value[0] === 0 ? 'f' : undefined;
}

function time(value: Buffer): string | undefined {
  const microseconds = value.readBigInt64BE();
  return microseconds >= 0n && microseconds <= microsecondsPerDay
    ? sampleTime(Number(microseconds))
    : undefined;
}

/** Types whose binary format is not their text; see also {@link binaryTextAt}. */
const readers: ReadonlyMap<number, FromBinary> = new Map([
  [TypeOid.bool, fixed(1, bool)],
  [TypeOid.int2, fixed(2, (value) => String(value.readInt16BE()))],
  [TypeOid.int4, fixed(4, (value) => String(value.readInt32BE()))],
  [TypeOid.int8, fixed(8, (value) => String(value.readBigInt64BE()))],
  [TypeOid.oid, fixed(4, (value) => String(value.readUInt32BE()))],
  [TypeOid.float4, fixed(4, (value) => float4(value.readFloatBE()))],
  [
    TypeOid.float8,
    fixed(8, (value) => float(value.readDoubleBE(), value.readDoubleBE().toExponential(), 15)),
  ],
  [TypeOid.numeric, numeric],
  [TypeOid.uuid, fixed(16, uuid)],
  [TypeOid.date, fixed(4, (value) => sampleDate(value.readInt32BE()))],
  [TypeOid.time, fixed(8, time)],
  [TypeOid.timestamp, fixed(8, (value) => sampleTimestamp(value.readBigInt64BE(), ''))],
  [TypeOid.timestamptz, fixed(8, (value) => sampleTimestamp(value.readBigInt64BE(), '+00'))],
]);

const textLike: ReadonlySet<number> = new Set([
  TypeOid.text,
  TypeOid.varchar,
  TypeOid.bpchar,
  TypeOid.name,
  TypeOid.char,
  TypeOid.unknown,
  TypeOid.json,
]);

/** How many bytes come before the text in a value in binary format; undefined: it is not a text there. */
export function binaryTextAt(typeOid: number, first: number | undefined): number | undefined {
  if (textLike.has(typeOid)) return 0;
  // jsonb_send: a version, 1, and the text.
  return typeOid === TypeOid.jsonb && first === 1 ? 1 : undefined;
}

/** As {@link FromBinary}, for the types that have a reader; the text may be longer than `most` characters. */
export function binaryValue(typeOid: number, value: Buffer, most: number): string | undefined {
  return readers.get(typeOid)?.(value, most);
}
