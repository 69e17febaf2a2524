/** The proleptic Gregorian calendar, by days since 2000-01-01, as PostgreSQL counts. JavaScript's Date ends earlier. */

const daysPerEra = 146_097;
/** From 0000-03-01, the first day of a cycle of 400 years whose leap day is its last, to 2000-01-01. */
const epochDay = 730_425;

export interface CivilDay {
  /** Astronomical: 0 is 1 BC. */
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

/** @param days Days since 2000-01-01. */
export function civilDay(days: number): CivilDay {
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
  return { year: cycle * 400 + yearOfCycle + (month <= 2 ? 1 : 0), month, day };
}

/** Days since 2000-01-01. A day that the month does not have counts on into the next one. */
export function daysOf({ year, month, day }: CivilDay): number {
  const fromMarch = month <= 2 ? year - 1 : year;
  const cycle = Math.floor(fromMarch / 400);
  const yearOfCycle = fromMarch - cycle * 400;
  const dayOfYear = Math.floor((153 * (month <= 2 ? month + 9 : month - 3) + 2) / 5) + day - 1;
  const dayOfCycle =
    yearOfCycle * 365 + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100) + dayOfYear;
  return cycle * daysPerEra + dayOfCycle - epochDay;
}
