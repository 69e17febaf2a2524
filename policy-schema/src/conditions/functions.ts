/**
 * The functions that a condition may call. A closed list: what is not here does not compile. `routed` ones are ours,
 * registered under another name, because cel-js does not let a built-in one be replaced.
 */
import { RE2JS } from '@bufbuild/re2';
import type { Environment } from '@marcbachmann/cel-js';
import { Duration } from '@marcbachmann/cel-js/evaluator';
import { inTimeZone } from './time-zone.ts';

const TIMESTAMP = 'google.protobuf.Timestamp';
const DURATION = 'google.protobuf.Duration';

export interface ConditionFunction {
  readonly name: string;
  /** What stands before the dot; absent for a function that is called by its name alone. */
  readonly receiver?: 'string' | 'list' | 'map' | 'timestamp' | 'duration';
  /** How many arguments, each number allowed. */
  readonly arities: readonly number[];
  readonly doc: string;
  /** A macro takes the name of a variable first and what to do with it next. */
  readonly macro?: true;
}

const zoned = (name: string, doc: string): ConditionFunction => ({
  name,
  receiver: 'timestamp',
  arities: [0, 1],
  doc: `${doc} In UTC, or in the time zone given: \`now.${name}("Europe/Berlin")\`.`,
});

export const conditionFunctions: readonly ConditionFunction[] = [
  { name: 'has', arities: [1], doc: 'Whether a field or label is there: `has(resource.labels.env)`.' },
  { name: 'size', arities: [1], doc: 'The length of a text, list or map.' },
  { name: 'int', arities: [1], doc: 'A whole number from a text or a number.' },
  { name: 'double', arities: [1], doc: 'A number from a text or a whole number.' },
  { name: 'string', arities: [1], doc: 'A number or bool as text.' },
  { name: 'timestamp', arities: [1], doc: 'A time: `timestamp("2026-01-31T12:00:00Z")`.' },
  { name: 'duration', arities: [1], doc: 'A length of time: `duration("90m")`.' },
  { name: 'size', receiver: 'string', arities: [0], doc: 'The length of a text, list or map.' },
  { name: 'startsWith', receiver: 'string', arities: [1], doc: 'Whether the text starts so.' },
  { name: 'endsWith', receiver: 'string', arities: [1], doc: 'Whether the text ends so.' },
  { name: 'contains', receiver: 'string', arities: [1], doc: 'Whether the text contains another.' },
  {
    name: 'matches',
    receiver: 'string',
    arities: [1],
    doc: 'Whether an RE2 regular expression is found in the text.',
  },
  { name: 'lowerAscii', receiver: 'string', arities: [0], doc: 'The text with A to Z in lower case.' },
  { name: 'upperAscii', receiver: 'string', arities: [0], doc: 'The text with a to z in upper case.' },
  { name: 'trim', receiver: 'string', arities: [0], doc: 'The text without white space at its ends.' },
  { name: 'split', receiver: 'string', arities: [1], doc: 'The parts of the text between a separator.' },
  {
    name: 'join',
    receiver: 'list',
    arities: [0, 1],
    doc: 'The texts of a list joined, with a separator if given.',
  },
  {
    name: 'all',
    receiver: 'list',
    arities: [2],
    macro: true,
    doc: '`request.sql.tables.all(t, t.startsWith("public."))`',
  },
  {
    name: 'exists',
    receiver: 'list',
    arities: [2],
    macro: true,
    doc: '`principal.groups.exists(g, g == "dba")`',
  },
  {
    name: 'exists_one',
    receiver: 'list',
    arities: [2],
    macro: true,
    doc: 'Whether exactly one element satisfies.',
  },
  { name: 'filter', receiver: 'list', arities: [2], macro: true, doc: 'The elements that satisfy.' },
  { name: 'map', receiver: 'list', arities: [2, 3], macro: true, doc: 'A list with each element changed.' },
  zoned('getFullYear', 'The year.'),
  zoned('getMonth', 'The month, 0 to 11.'),
  zoned('getDate', 'The day of the month, from 1.'),
  zoned('getDayOfMonth', 'The day of the month, from 0.'),
  zoned('getDayOfWeek', 'The day of the week, 0 is Sunday.'),
  zoned('getDayOfYear', 'The day of the year, from 0.'),
  zoned('getHours', 'The hour, 0 to 23; of a duration, its whole hours.'),
  zoned('getMinutes', 'The minute, 0 to 59; of a duration, its whole minutes.'),
  zoned('getSeconds', 'The second, 0 to 59; of a duration, its whole seconds.'),
  zoned('getMilliseconds', 'The milliseconds of the second.'),
];

const ROUTE = 'gatehouse_';

/** Public names that are routed to ours, by the number of arguments after the receiver. */
const routedCalls = new Set(['timestamp/1', 'duration/1', 'int/1', 'double/1']);
const routedMethods = new Set(['matches/1', 'lowerAscii/0', 'upperAscii/0', 'getDayOfYear/0']);

/** The name to evaluate a call by. */
export function routedName(name: string, method: boolean, arity: number): string {
  const routed = method
    ? routedMethods.has(`${name}/${arity}`) || (arity === 1 && Object.hasOwn(dateFields, name))
    : routedCalls.has(`${name}/${arity}`);
  return routed ? ROUTE + name : name;
}

/** The name that people write for the one to evaluate by. */
export function publicName(name: string): string {
  return name.startsWith(ROUTE) ? name.slice(ROUTE.length) : name;
}

/** A message of cel-js with the public names put back. */
export function withPublicNames(message: string): string {
  return message.replaceAll(ROUTE, '').replaceAll(TIMESTAMP, 'timestamp').replaceAll(DURATION, 'duration');
}

const patterns = new Map<string, RE2JS>();
const MAX_PATTERNS = 1000;

/**
 * An RE2 program: linear in the text, whatever the pattern.
 * @throws an error with RE2's words when the pattern is none.
 */
export function regex(pattern: string): RE2JS {
  let compiled = patterns.get(pattern);
  if (compiled === undefined) {
    compiled = new RE2JS(pattern);
    if (patterns.size >= MAX_PATTERNS) patterns.clear();
    patterns.set(pattern, compiled);
  }
  return compiled;
}

/** How many instructions a pattern is compiled to: what it may cost for each character of the text. */
export function regexSize(pattern: string): number {
  return regex(pattern).re2().prog.numInst();
}

const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:Z|[+-](\d\d):(\d\d))$/;
const FIRST_INSTANT = -62_135_596_800_000;
const LAST_INSTANT = 253_402_300_799_999;

/** RFC 3339, to the letter: what `Date` would guess at, such as February 30, is refused. */
export function parseTimestamp(text: string): Date {
  const parts = RFC3339.exec(text)?.slice(1).map(Number);
  if (parts !== undefined) {
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zoneHour = 0, zoneMinute = 0] =
      parts;
    const last = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
    const inRange =
      month >= 1 && month <= 12 && day >= 1 && day <= last && hour < 24 && minute < 60 && second < 60;
    const at = new Date(text);
    if (
      inRange &&
      !(zoneHour > 23 || zoneMinute > 59) &&
      at.getTime() >= FIRST_INSTANT &&
      at.getTime() <= LAST_INSTANT
    )
      return at;
  }
  throw new RangeError(`'${text.slice(0, 40)}' is no RFC 3339 time, such as 2026-01-31T12:00:00Z`);
}

const DURATION_TEXT = /^(?:\d+(?:\.\d+)?(?:h|ms|m|s|us|µs|ns))+$/;
const DURATION_PART = /(\d+)(?:\.(\d+))?(h|ms|m|s|us|µs|ns)/g;
const NANOS: Readonly<Record<string, bigint>> = {
  h: 3_600_000_000_000n,
  m: 60_000_000_000n,
  s: 1_000_000_000n,
  ms: 1_000_000n,
  us: 1000n,
  µs: 1000n,
  ns: 1n,
};
/** Ten years. Bounded, so that no sum with a time leaves what a Date can hold. */
const MAX_DURATION = 87_600n * 3_600_000_000_000n;

/** Go's duration syntax without a sign: cel-js adds negative fractions wrongly, and a time can be subtracted from. */
export function parseDuration(text: string): Duration {
  if (text.length <= 64 && DURATION_TEXT.test(text)) {
    let nanos = 0n;
    for (const [, whole = '0', fraction = '', unit = 's'] of text.matchAll(DURATION_PART)) {
      const scale = NANOS[unit] ?? 0n;
      nanos += BigInt(whole) * scale + (BigInt(fraction || '0') * scale) / 10n ** BigInt(fraction.length);
    }
    if (nanos <= MAX_DURATION) return new Duration(nanos / 1_000_000_000n, Number(nanos % 1_000_000_000n));
  }
  throw new RangeError(`'${text.slice(0, 40)}' is no duration, such as 90s, 1h30m or 250ms, up to 87600h`);
}

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

function int64(value: bigint): bigint {
  if (value < INT64_MIN || value > INT64_MAX) throw new RangeError('the number does not fit 64 bits');
  return value;
}

function intFromText(text: string): bigint {
  if (!/^[+-]?\d{1,19}$/.test(text)) throw new RangeError(`'${text.slice(0, 40)}' is no whole number`);
  return int64(BigInt(text.startsWith('+') ? text.slice(1) : text));
}

function intFromDouble(value: number): bigint {
  if (!Number.isFinite(value)) throw new RangeError('the number does not fit 64 bits');
  return int64(BigInt(Math.trunc(value)));
}

function doubleFromText(text: string): number {
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) {
    throw new RangeError(`'${text.slice(0, 40)}' is no number`);
  }
  return Number(text);
}

function timestampFromSeconds(seconds: bigint): Date {
  const at = Number(seconds) * 1000;
  if (at < FIRST_INSTANT || at > LAST_INSTANT)
    throw new RangeError('the time lies outside the years 1 to 9999');
  return new Date(at);
}

function dayOfYear(date: Date): number {
  const first = new Date(date.getTime());
  first.setUTCMonth(0, 1);
  return Math.round((date.getTime() - first.getTime()) / 86_400_000);
}

/** Each field from the UTC fields of a date, by the name of its method. */
export const dateFields: Readonly<Record<string, (date: Date) => number>> = {
  getFullYear: (date) => date.getUTCFullYear(),
  getMonth: (date) => date.getUTCMonth(),
  getDate: (date) => date.getUTCDate(),
  getDayOfMonth: (date) => date.getUTCDate() - 1,
  getDayOfWeek: (date) => date.getUTCDay(),
  getDayOfYear: dayOfYear,
  getHours: (date) => date.getUTCHours(),
  getMinutes: (date) => date.getUTCMinutes(),
  getSeconds: (date) => date.getUTCSeconds(),
  getMilliseconds: (date) => date.getUTCMilliseconds(),
};

/** Register the routed functions. Each is synchronous: a promise would count as true. */
export function registerRouted(environment: Environment): void {
  const register = (signature: string, handler: (...args: never[]) => unknown) =>
    environment.registerFunction(signature, { handler, async: false });
  register(`string.${ROUTE}matches(string): bool`, (text: string, pattern: string) =>
    regex(pattern).test(text),
  );
  register(`string.${ROUTE}lowerAscii(): string`, (text: string) =>
    text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()),
  );
  register(`string.${ROUTE}upperAscii(): string`, (text: string) =>
    text.replace(/[a-z]+/g, (letters) => letters.toUpperCase()),
  );
  register(`${ROUTE}timestamp(string): ${TIMESTAMP}`, parseTimestamp);
  register(`${ROUTE}timestamp(int): ${TIMESTAMP}`, timestampFromSeconds);
  register(`${ROUTE}duration(string): ${DURATION}`, parseDuration);
  register(`${ROUTE}int(int): int`, (value: bigint) => value);
  register(`${ROUTE}int(double): int`, intFromDouble);
  register(`${ROUTE}int(string): int`, intFromText);
  register(`${ROUTE}double(double): double`, (value: number) => value);
  register(`${ROUTE}double(int): double`, (value: bigint) => Number(value));
  register(`${ROUTE}double(string): double`, doubleFromText);
  register(`${TIMESTAMP}.${ROUTE}getDayOfYear(): int`, (date: Date) => BigInt(dayOfYear(date)));
  for (const [name, field] of Object.entries(dateFields)) {
    register(`${TIMESTAMP}.${ROUTE}${name}(string): int`, (date: Date, zone: string) =>
      BigInt(field(inTimeZone(date, zone))),
    );
  }
}
