/**
 * Calendar fields in a time zone. Our own, because cel-js writes the time as text and reads it back in the machine's own
 * zone, which is wrong in the hour that the machine's zone skips.
 */

const OFFSET = /^([+-]?)(\d{2}):(\d{2})$/;
const MAX_ZONES = 1000;
const MINUTE = 60_000;

/** Milliseconds to add to an instant (ms since the epoch) so that its UTC fields read as the zone's local ones. */
type OffsetAt = (instant: number) => number;

const zones = new Map<string, OffsetAt>();

function named(zone: string): OffsetAt {
  // Throws RangeError for a name that is no zone.
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  let minute = Number.NaN;
  let offset = 0;
  return (instant) => {
    // Since 1970 zones change at whole minutes only, so one answer holds for its minute.
    const at = Math.floor(instant / MINUTE);
    if (at === minute && instant >= 0) return offset;
    const part: Record<string, string> = {};
    for (const { type, value } of format.formatToParts(instant)) part[type] = value;
    const year = part.era === 'BC' ? 1 - Number(part.year) : Number(part.year);
    const local = new Date(0);
    local.setUTCFullYear(year, Number(part.month) - 1, Number(part.day));
    local.setUTCHours(Number(part.hour), Number(part.minute), Number(part.second));
    offset = local.getTime() - Math.floor(instant / 1000) * 1000;
    minute = at;
    return offset;
  };
}

function offsetOf(zone: string): OffsetAt {
  const known = zones.get(zone);
  if (known !== undefined) return known;
  const fixed = OFFSET.exec(zone);
  let made: OffsetAt;
  if (fixed) {
    const [hours, minutes] = [Number(fixed[2]), Number(fixed[3])];
    if (hours > 23 || minutes > 59) throw new RangeError(`no such offset: ${zone}`);
    const offset = (fixed[1] === '-' ? -1 : 1) * (hours * 60 + minutes) * MINUTE;
    made = () => offset;
  } else {
    made = named(zone);
  }
  // The names may come from a request, so the table is bounded.
  if (zones.size >= MAX_ZONES) zones.clear();
  zones.set(zone, made);
  return made;
}

/** Whether the text names a time zone: an IANA name or an offset such as `+02:00`. */
export function isTimeZone(zone: string): boolean {
  try {
    offsetOf(zone);
    return true;
  } catch {
    return false;
  }
}

/**
 * A date whose UTC fields are the instant's local fields in the zone.
 * @throws RangeError when there is no such zone.
 */
export function inTimeZone(instant: Date, zone: string): Date {
  return new Date(instant.getTime() + offsetOf(zone)(instant.getTime()));
}
