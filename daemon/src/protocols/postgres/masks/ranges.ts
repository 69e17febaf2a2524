import type { TimeStep } from '@gatehouse/policy-schema/model/policy.ts';
import { type CivilDay, civilDay, daysOf } from '../civil-days.ts';
import { binaryValue } from '../sample-row-binary.ts';
import { microsecondsPerDay } from '../sample-row-time.ts';
import { TypeOid } from '../type-oids.ts';
import type { FormatCode } from '../wire/codes.ts';
import * as numbers from './number-forms.ts';
import * as times from './time-forms.ts';
import { readValue, type ValueForm, writeValue } from './value-form.ts';

/**
 * The lower end of the bucket that a value is in, as a value of the same type. NULL where a step would hide nothing (1 of
 * an integer, a day of a date), where the type cannot hold the end, and for what has no place on the line (NaN, the
 * infinities).
 */

/** The lower end; null: NULL. */
type LowerEnd<Value> = (value: Value) => Value | null;
type OfBytes = (value: Buffer, format: FormatCode) => Buffer | null;

const overBytes =
  <Value>(form: ValueForm<Value>, of: LowerEnd<Value>): OfBytes =>
  (bytes, format) => {
    const value = readValue(form, bytes, format);
    const end = value === undefined ? null : of(value);
    return end === null ? null : (writeValue(form, end, format) ?? null);
  };

function floorTo(value: bigint, step: bigint): bigint {
  const rest = value % step;
  return value - (rest < 0n ? rest + step : rest);
}

const tenTo = (digits: number): bigint => 10n ** BigInt(digits);

function integers(form: ValueForm<bigint>, { unscaled, scale }: numbers.Decimal): OfBytes | undefined {
  return scale > 0 || unscaled < 2n ? undefined : overBytes(form, (value) => floorTo(value, unscaled));
}

function decimals(step: numbers.Decimal): OfBytes {
  return overBytes(numbers.numeric, ({ unscaled, scale }) => {
    if (step.scale > scale) return null;
    const width = step.unscaled * tenTo(scale - step.scale);
    return width < 2n ? null : { unscaled: floorTo(unscaled, width), scale };
  });
}

/** The digits that are shown of a number, with none behind the point where it has an exponent. */
function shownDecimal(form: ValueForm<number>, value: number): numbers.Decimal | undefined {
  const binary = form.toBinary(value);
  const shown = binary === undefined ? undefined : binaryValue(form.typeOid, binary, 1024);
  const [mantissa = '', exponent = '0'] = shown?.split('e') ?? [];
  const decimal = numbers.numeric.fromText(mantissa);
  if (decimal === undefined) return undefined;
  const scale = decimal.scale - Number(exponent);
  return scale >= 0
    ? { unscaled: decimal.unscaled, scale }
    : { unscaled: decimal.unscaled * tenTo(-scale), scale: 0 };
}

/** From here on, the digits of a double end before the step begins, and each number would be shown whole. */
const mostBuckets = 2 ** 50;

/** By the digits that are shown: 0.3 is in the bucket of 0.3 by tenths, whatever 0.3 / 0.1 is. */
function floats(form: ValueForm<number>, width: number, step: numbers.Decimal): OfBytes {
  return overBytes(form, (value) => {
    const decimal = shownDecimal(form, value);
    if (decimal === undefined || !Number.isFinite(value) || Math.abs(value) / width > mostBuckets)
      return null;
    const scale = Math.max(decimal.scale, step.scale);
    const end = floorTo(
      decimal.unscaled * tenTo(scale - decimal.scale),
      step.unscaled * tenTo(scale - step.scale),
    );
    const digits = String(end < 0n ? -end : end).padStart(scale + 1, '0');
    const point = digits.length - scale;
    return Number(`${end < 0n ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`);
  });
}

/** The first day of the unit that a day is in. Weeks begin on Monday; years before 1 count as 0, -1 and so on. */
const firstOf: Readonly<Record<TimeStep, (day: number) => number>> = {
  day: (day) => day,
  // 2000-01-01 was a Saturday.
  week: (day) => day - ((((day + 5) % 7) + 7) % 7),
  month: (day) => daysOf({ ...civilDay(day), day: 1 }),
  quarter: (day) => firstOfMonths(civilDay(day), 3),
  year: (day) => daysOf({ year: civilDay(day).year, month: 1, day: 1 }),
  decade: (day) => daysOf({ year: Math.floor(civilDay(day).year / 10) * 10, month: 1, day: 1 }),
};

function firstOfMonths({ year, month }: CivilDay, months: number): number {
  return daysOf({ year, month: month - ((month - 1) % months), day: 1 });
}

/** 4714-11-24 BC, before which no date and no timestamp lies. */
const firstDay = -2_451_545;

function dates(step: TimeStep): OfBytes | undefined {
  if (step === 'day') return undefined;
  return overBytes(times.date, (value) => {
    const end = firstOf[step](value);
    return end < firstDay ? null : end;
  });
}

/** Times with a zone are cut in UTC: a value in binary format does not tell the session's zone. */
function timestamps(form: ValueForm<bigint>, step: TimeStep): OfBytes {
  return overBytes(form, (value) => {
    const day = Number(floorTo(value, microsecondsPerDay) / microsecondsPerDay);
    const end = firstOf[step](day);
    return end < firstDay ? null : BigInt(end) * microsecondsPerDay;
  });
}

/** The mask of values of this type; undefined: all become NULL. */
export function rangeOf(step: number | TimeStep, typeOid: number): OfBytes | undefined {
  if (typeof step === 'string') {
    switch (typeOid) {
      case TypeOid.date:
        return dates(step);
      case TypeOid.timestamp:
        return timestamps(times.timestamp, step);
      case TypeOid.timestamptz:
        return timestamps(times.timestamptz, step);
      default:
        return undefined;
    }
  }
  const decimal = shownDecimal(numbers.float8, step);
  if (decimal === undefined) return undefined;
  switch (typeOid) {
    case TypeOid.int2:
      return integers(numbers.int2, decimal);
    case TypeOid.int4:
      return integers(numbers.int4, decimal);
    case TypeOid.int8:
      return integers(numbers.int8, decimal);
    case TypeOid.oid:
      return integers(numbers.oid, decimal);
    case TypeOid.numeric:
      return decimals(decimal);
    case TypeOid.float4:
      return floats(numbers.float4, step, decimal);
    case TypeOid.float8:
      return floats(numbers.float8, step, decimal);
    default:
      return undefined;
  }
}
