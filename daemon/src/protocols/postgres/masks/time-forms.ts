import { type CivilDay, civilDay, daysOf } from '../civil-days.ts';
import { microsecondsPerDay } from '../sample-row-time.ts';
import { TypeOid } from '../type-oids.ts';
import { fixedBinary, type ValueForm } from './value-form.ts';

/** Where no value is left out, the largest and the smallest bit pattern stand for the infinities. */
const infinities: readonly (number | bigint)[] = [
  0x7fffffff,
  -0x80000000,
  0x7fffffffffffffffn,
  -0x8000000000000000n,
];

/** ISO, which alone begins with a year of four digits or more; `T` and `Z` as clients write them. Times may be left out. */
const pattern =
  /^(\d{4,7})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?)? ?(Z|[+-]\d\d(?::?\d\d(?::?\d\d)?)?)?( BC)?$/;
const clock = /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?$/;

interface WrittenTime {
  /** Days since 2000-01-01, as they are written, whatever the offset. */
  readonly days: number;
  /** Microseconds since midnight. */
  readonly inDay: bigint;
  /** Seconds east of Greenwich; undefined: none is written. */
  readonly offset: number | undefined;
}

function inDayOf(hours = '0', minutes = '0', seconds = '0', fraction = ''): bigint | undefined {
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  const microseconds = BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
  const fits = Number(minutes) < 60 && Number(seconds) < 60 && microseconds <= microsecondsPerDay;
  return fits ? microseconds : undefined;
}

function offsetOf(text: string): number {
  if (text === 'Z') return 0;
  const [hours = 0, minutes = 0, seconds = 0] = (text.slice(1).match(/\d\d/g) ?? []).map(Number);
  return (text.startsWith('-') ? -1 : 1) * ((hours * 60 + minutes) * 60 + seconds);
}

function read(text: string): WrittenTime | undefined {
  const [, years = '', months = '', days = '', hours, minutes, seconds, fraction, offset, era] =
    pattern.exec(text) ?? [];
  const year = era === undefined ? Number(years) : 1 - Number(years);
  const civil: CivilDay = { year, month: Number(months), day: Number(days) };
  const inDay = inDayOf(hours, minutes, seconds, fraction);
  if (years === '' || Number(years) === 0 || civil.month < 1 || civil.month > 12 || inDay === undefined) {
    return undefined;
  }
  const day = daysOf(civil);
  // A day that its month does not have comes back as one of the next month.
  if (civilDay(day).day !== civil.day) return undefined;
  return { days: day, inDay, offset: offset === undefined ? undefined : offsetOf(offset) };
}

function finite<Value extends number | bigint>(value: Value): Value | undefined {
  return infinities.includes(value) ? undefined : value;
}

/** Days since 2000-01-01. The infinities are no values here, nor is a text in another style than ISO. */
export const date: ValueForm<number> = {
  typeOid: TypeOid.date,
  fromText: (text) => read(text)?.days,
  ...fixedBinary<number>(
    4,
    (from) => finite(from.readInt32BE()),
    (to, value) => to.writeInt32BE(value),
  ),
};

function timestampForm(typeOid: number, fromText: ValueForm<bigint>['fromText']): ValueForm<bigint> {
  return {
    typeOid,
    fromText,
    ...fixedBinary<bigint>(
      8,
      (from) => finite(from.readBigInt64BE()),
      (to, value) => to.writeBigInt64BE(value),
    ),
  };
}

/** Microseconds since 2000-01-01, of the time as it is written: PostgreSQL too leaves out an offset. */
export const timestamp = timestampForm(TypeOid.timestamp, (text) => {
  const written = read(text);
  return written && BigInt(written.days) * microsecondsPerDay + written.inDay;
});

/** Microseconds since 2000-01-01 in UTC. Without an offset, a text depends on the session's TimeZone. */
export const timestamptz = timestampForm(TypeOid.timestamptz, (text) => {
  const written = read(text);
  if (written?.offset === undefined) return undefined;
  return BigInt(written.days) * microsecondsPerDay + written.inDay - BigInt(written.offset) * 1_000_000n;
});

/** Microseconds since midnight, 24:00 included. */
export const time: ValueForm<bigint> = {
  typeOid: TypeOid.time,
  fromText: (text) => {
    const [, hours, minutes, seconds, fraction] = clock.exec(text) ?? [];
    return hours === undefined ? undefined : inDayOf(hours, minutes, seconds, fraction);
  },
  ...fixedBinary<bigint>(
    8,
    (from) => {
      const value = from.readBigInt64BE();
      return value >= 0n && value <= microsecondsPerDay ? value : undefined;
    },
    (to, value) => to.writeBigInt64BE(value),
  ),
};
