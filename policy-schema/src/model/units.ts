/** Durations and sizes as people write them. */

/** Longest duration: timers of the platform hold 24 days and fire at once beyond. */
const maxDuration = 7 * 24 * 60 * 60 * 1000;
const maxSize = 1024 ** 4;

const durationUnits: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const sizeUnits: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1000,
  MB: 1000 ** 2,
  GB: 1000 ** 3,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

export const durationPattern = `^[0-9]{1,9}(\\.[0-9]{1,3})?(${Object.keys(durationUnits).join('|')})$`;
export const sizePattern = `^[0-9]{1,15}(\\.[0-9]{1,3})?(${Object.keys(sizeUnits).join('|')})$`;
const durationText = new RegExp(durationPattern);
const sizeText = new RegExp(sizePattern);

/**
 * Read a duration: a number and one of `ms`, `s`, `m`, `h`, `d`, as in `10m` or `1.5h`.
 * @returns Whole milliseconds from 1 to seven days; undefined for anything else.
 */
export function parseDuration(text: string): number | undefined {
  return durationText.test(text) ? measure(text, durationUnits, maxDuration) : undefined;
}

/**
 * Read a size: a number and one of `B`, `KB`, `MB`, `GB` (powers of 1000) or `KiB`, `MiB`, `GiB` (powers of 1024).
 * A bare whole number is bytes.
 * @returns Whole bytes from 0 to 1 TiB; undefined for anything else.
 */
export function parseSize(value: string | number): number | undefined {
  if (typeof value === 'number') {
    return Number.isInteger(value) && value >= 0 && value <= maxSize ? value : undefined;
  }
  if (!sizeText.test(value)) return undefined;
  if (Number.parseFloat(value) === 0) return 0;
  return measure(value, sizeUnits, maxSize);
}

function measure(text: string, units: Readonly<Record<string, number>>, most: number): number | undefined {
  const unit = units[text.replace(/^[0-9.]+/, '')] ?? Number.NaN;
  const amount = Math.round(Number.parseFloat(text) * unit);
  return amount >= 1 && amount <= most ? amount : undefined;
}
