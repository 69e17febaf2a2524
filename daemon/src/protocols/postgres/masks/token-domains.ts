import type { FormatCode } from '../wire/codes.ts';
import * as numbers from './number-forms.ts';
import * as times from './time-forms.ts';
import { numeric } from './token-decimals.ts';
import { readValue, type ValueForm, writeValue } from './value-form.ts';

/** Where a value stands: a number below `size`, of a permutation of its own for each `part` and `tweak`. */
export interface Place {
  readonly part: string;
  readonly size: bigint;
  readonly index: bigint;
  readonly tweak?: number;
}

/**
 * The values of a type as numbers, so that a permutation of the numbers is one of the values: every value has a token of
 * the same type, and (but for `numeric`) every value is the token of one. A guess at a token is another value.
 */
export interface Domain<Value> {
  readonly form: ValueForm<Value>;
  /** Undefined: the value has no token, and is shown as NULL. */
  readonly ofValue: (value: Value) => Place | undefined;
  readonly toValue: (place: Place) => Value | undefined;
  readonly ofToken: (token: Value) => Place | undefined;
  readonly toToken: (place: Place) => Value;
}

function symmetric<Value>(
  form: ValueForm<Value>,
  of: (value: Value) => Place | undefined,
  to: (place: Place) => Value,
): Domain<Value> {
  return { form, ofValue: of, toValue: to, ofToken: of, toToken: to };
}

function integers(form: typeof numbers.int4, part: string): Domain<bigint> {
  const { least, greatest } = form;
  const size = greatest - least + 1n;
  return symmetric(
    form,
    (value) => ({ part, size, index: value - least }),
    ({ index }) => index + least,
  );
}

/**
 * Numbers of up to 53 bits, which JSON and JavaScript hold exactly, keep to themselves: an id that a client has read as
 * such a number is a token still. That a value is larger than that is all that is told.
 */
const safe = 1n << 52n;
const int8: Domain<bigint> = symmetric(
  numbers.int8,
  (value) =>
    value >= -safe && value < safe
      ? { part: 'int8', size: 2n * safe, index: value + safe }
      : {
          part: 'int8 large',
          size: (1n << 64n) - 2n * safe,
          index: value >= safe ? value - safe : -safe - 1n - value + (1n << 63n) - safe,
        },
  ({ part, index }) => {
    if (part === 'int8') return index - safe;
    const positives = (1n << 63n) - safe;
    return index < positives ? index + safe : positives - index - safe - 1n;
  },
);

/** Finite numbers by their bits, -0 being 0. */
function floats(form: typeof numbers.float8, part: string, infinity: bigint, bytes: 4 | 8): Domain<number> {
  const buffer = Buffer.alloc(8);
  const bitsOf = (value: number): bigint => {
    if (bytes === 8) buffer.writeDoubleBE(value);
    else buffer.writeFloatBE(value);
    return bytes === 8 ? buffer.readBigUInt64BE() : BigInt(buffer.readUInt32BE());
  };
  const ofBits = (bits: bigint): number => {
    if (bytes === 8) buffer.writeBigUInt64BE(bits);
    else buffer.writeUInt32BE(Number(bits));
    return bytes === 8 ? buffer.readDoubleBE() : buffer.readFloatBE();
  };
  const size = 2n * infinity - 1n;
  return symmetric(
    form,
    (value) => {
      if (!Number.isFinite(value)) return undefined;
      const magnitude = bitsOf(Math.abs(value));
      return { part, size, index: value < 0 ? infinity - 1n + magnitude : magnitude };
    },
    ({ index }) => (index < infinity ? ofBits(index) : -ofBits(index - infinity + 1n)),
  );
}

/** 0001-01-01 to 9999-12-31, which every client reads. */
const firstDay = -730_119;
const days = 3_652_059;
const millisecondsPerDay = 86_400_000n;

const date: Domain<number> = symmetric(
  times.date,
  (value) =>
    value >= firstDay && value < firstDay + days
      ? { part: 'date', size: BigInt(days), index: BigInt(value - firstDay) }
      : undefined,
  ({ index }) => Number(index) + firstDay,
);

/**
 * Times of whole milliseconds keep to themselves, because many clients read no more than these: a token that was read
 * and given back is one still.
 */
function timestamps(form: ValueForm<bigint>, part: string): Domain<bigint> {
  const first = BigInt(firstDay) * millisecondsPerDay * 1000n;
  const milliseconds = BigInt(days) * millisecondsPerDay;
  return symmetric(
    form,
    (value) => {
      const since = value - first;
      if (since < 0n || since >= milliseconds * 1000n) return undefined;
      const rest = since % 1000n;
      const whole = since / 1000n;
      return rest === 0n
        ? { part, size: milliseconds, index: whole }
        : { part: `${part} fine`, size: milliseconds * 999n, index: whole * 999n + rest - 1n };
    },
    ({ part: own, index }) =>
      first + (own === part ? index * 1000n : (index / 999n) * 1000n + (index % 999n) + 1n),
  );
}

/** 24:00:00 has no token: a token of it would have to be one too. */
const time: Domain<bigint> = symmetric(
  times.time,
  (value) => {
    const size = millisecondsPerDay * 1000n;
    return value < size ? { part: 'time', size, index: value } : undefined;
  },
  ({ index }) => index,
);

/** A {@link Domain} over the bytes of its type's values. */
export interface ByteDomain {
  readonly ofValue: (bytes: Buffer, format: FormatCode) => Place | undefined;
  readonly toValue: (place: Place, format: FormatCode) => Buffer | undefined;
  readonly ofToken: (bytes: Buffer, format: FormatCode) => Place | undefined;
  readonly toToken: (place: Place, format: FormatCode) => Buffer | undefined;
}

function overBytes<Value>({ form, ...domain }: Domain<Value>): readonly [typeOid: number, ByteDomain] {
  const read = (bytes: Buffer, format: FormatCode, of: (value: Value) => Place | undefined) => {
    const value = readValue(form, bytes, format);
    return value === undefined ? undefined : of(value);
  };
  const write = (value: Value | undefined, format: FormatCode) =>
    value === undefined ? undefined : writeValue(form, value, format);
  return [
    form.typeOid,
    {
      ofValue: (bytes, format) => read(bytes, format, domain.ofValue),
      toValue: (place, format) => write(domain.toValue(place), format),
      ofToken: (bytes, format) => read(bytes, format, domain.ofToken),
      toToken: (place, format) => write(domain.toToken(place), format),
    },
  ];
}

/** By OID of the type. */
export const domains: ReadonlyMap<number, ByteDomain> = new Map([
  overBytes(integers(numbers.int2, 'int2')),
  overBytes(integers(numbers.int4, 'int4')),
  overBytes(integers(numbers.oid, 'oid')),
  overBytes(int8),
  overBytes(floats(numbers.float4, 'float4', 0x7f80_0000n, 4)),
  overBytes(floats(numbers.float8, 'float8', 0x7ff0_0000_0000_0000n, 8)),
  overBytes(numeric),
  overBytes(date),
  overBytes(time),
  overBytes(timestamps(times.timestamp, 'timestamp')),
  overBytes(timestamps(times.timestamptz, 'timestamptz')),
]);
