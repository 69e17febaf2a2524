import { civilDay } from './civil-days.ts';

/** Dates and times of PostgreSQL's binary format, which count from 2000-01-01 in the proleptic Gregorian calendar. */

export const microsecondsPerDay = 86_400_000_000n;

/** Days since 2000-01-01 as PostgreSQL's ISO style writes them. */
function civil(days: number): { readonly date: string; readonly era: string } {
  const { year, month, day } = civilDay(days);
  const shownYear = String(year > 0 ? year : 1 - year).padStart(4, '0');
  return { date: `${shownYear}-${two(month)}-${two(day)}`, era: year > 0 ? '' : ' BC' };
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** A `date`: days since 2000-01-01. */
export function sampleDate(days: number): string {
  if (days === 0x7fffffff) return 'infinity';
  if (days === -0x80000000) return '-infinity';
  const { date, era } = civil(days);
  return date + era;
}

/** A `timestamp` or, with its zone written behind, a `timestamptz`: microseconds since 2000-01-01 (in UTC). */
export function sampleTimestamp(microseconds: bigint, zone: string): string {
  if (microseconds === 0x7fffffffffffffffn) return 'infinity';
  if (microseconds === -0x8000000000000000n) return '-infinity';
  const inDay = Number(((microseconds % microsecondsPerDay) + microsecondsPerDay) % microsecondsPerDay);
  const { date, era } = civil(Number((microseconds - BigInt(inDay)) / microsecondsPerDay));
  return `${date} ${sampleTime(inDay)}${zone}${era}`;
}

/** A `time`: microseconds since midnight, at most a whole day. */
export function sampleTime(microseconds: number): string {
  const seconds = Math.floor(microseconds / 1_000_000);
  const clock = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) => two(Math.floor(part)));
  const fraction = String(microseconds % 1_000_000)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return `${clock.join(':')}${fraction === '' ? '' : `.${fraction}`}`;
}
