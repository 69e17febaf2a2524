/** Dates and times of PostgreSQL's binary format, which count from 2000-01-01 in the proleptic Gregorian calendar. */

const microsecondsPerDay = 86_400_000_000n;
const daysPerEra = 146_097;
/** From 0000-03-01, the first day of a cycle of 400 years whose leap day is its last, to 2000-01-01. */
const epochDay = 730_425;

/** Days since 2000-01-01 as PostgreSQL's ISO style writes them. JavaScript's Date ends where PostgreSQL goes on. */
function civil(days: number): { readonly date: string; readonly era: string } {
  const shifted = days + epochDay;
  const cycle = Math.floor(shifted / daysPerEra);
  const dayOfCycle = shifted - cycle * daysPerEra;
  // Count out the leap days of 4, 100 and 400 years; what is left divides into years of 365 days.
  const leapDays =
    Math.floor(dayOfCycle / 1460) - Math.floor(dayOfCycle / 36_524) + Math.floor(dayOfCycle / 146_096);
  const yearOfCycle = Math.floor((dayOfCycle - leapDays) / 365);
  const dayOfYear =
    dayOfCycle - (365 * yearOfCycle + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100));
  // March is month 0; five months of 31 and 30 days by turns have 153 days.
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = cycle * 400 + yearOfCycle + (month <= 2 ? 1 : 0);
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
  const seconds = Math.floor(inDay / 1_000_000);
  const clock = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) => two(Math.floor(part)));
  const fraction = String(inDay % 1_000_000)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return `${date} ${clock.join(':')}${fraction === '' ? '' : `.${fraction}`}${zone}${era}`;
}
