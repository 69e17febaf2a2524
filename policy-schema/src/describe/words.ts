/** `a`, `a and b`, `a, b and c`. */
export function joined(items: readonly string[], last: 'and' | 'or' = 'and'): string {
  if (items.length <= 1) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1)}`;
}

/** `estimatedRows` as `estimated rows`. */
export function spaced(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

/** `1000` as `1,000`. */
export function count(value: number): string {
  return value.toLocaleString('en');
}

const units: readonly (readonly [ms: number, name: string])[] = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1000, 'second'],
];

/** Milliseconds in the largest units that fit: `1 hour 30 minutes`. */
export function span(ms: number): string {
  const parts: string[] = [];
  let left = ms;
  for (const [size, name] of units) {
    const whole = Math.floor(left / size);
    if (whole > 0) parts.push(`${whole} ${name}${whole === 1 ? '' : 's'}`);
    left -= whole * size;
  }
  if (left > 0 || parts.length === 0) parts.push(`${left} milliseconds`);
  return parts.join(' ');
}

const sizes: readonly (readonly [bytes: number, name: string])[] = [
  [1024 ** 3, 'GiB'],
  [1e9, 'GB'],
  [1024 ** 2, 'MiB'],
  [1e6, 'MB'],
  [1024, 'KiB'],
  [1000, 'kB'],
];

/** Bytes in the largest unit that gives a number of few digits, or rounded: `5 MB`, `64 KiB`, `1.5 MB`. */
export function bytes(value: number): string {
  const short = sizes.find(([size]) => value >= size && /^\d{1,4}(\.\d)?$/.test(String(value / size)));
  if (short) return `${value / short[0]} ${short[1]}`;
  const near = sizes.find(([size]) => value >= size);
  return near ? `${(value / near[0]).toFixed(1)} ${near[1]}` : `${value} bytes`;
}
