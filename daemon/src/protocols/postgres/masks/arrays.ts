import { TypeOid } from '../type-oids.ts';
import type { FormatCode } from '../wire/codes.ts';

/** Array types of pg_type.dat and what their elements are, as far as elements are masked one by one. */
export const elementTypes: ReadonlyMap<number, number> = new Map([
  [199, TypeOid.json],
  [1001, TypeOid.bytea],
  [1002, TypeOid.char],
  [1003, TypeOid.name],
  [1005, TypeOid.int2],
  [1007, TypeOid.int4],
  [1009, TypeOid.text],
  [1014, TypeOid.bpchar],
  [1015, TypeOid.varchar],
  [1016, TypeOid.int8],
  [1021, TypeOid.float4],
  [1022, TypeOid.float8],
  [1028, TypeOid.oid],
  [1115, TypeOid.timestamp],
  [1182, TypeOid.date],
  [1183, TypeOid.time],
  [1185, TypeOid.timestamptz],
  [1231, TypeOid.numeric],
  [2951, TypeOid.uuid],
  [3807, TypeOid.jsonb],
]);

/** What comes instead of an element; null: NULL; undefined: the array as a whole cannot be made. */
export type OfElement<Element> = (element: Element) => Element | null | undefined;

/** What array_in would read as something else than the text: marks of its syntax, white space, nothing, and NULL. */
const needsQuotes = /[{},"\\\s]|^$|^null$/i;

function quoted(element: string): string {
  return needsQuotes.test(element) ? `"${element.replace(/["\\]/g, '\\$&')}"` : element;
}

/** Dimensions ahead of the braces, where one does not begin at 1. */
const bounds = /^(\[[+-]?\d{1,10}:[+-]?\d{1,10}\]){1,6}=/;
/** array_isspace: no others. */
const spaces = ' \t\n\r\v\f';
const isSpace = (character: string | undefined): boolean =>
  character !== undefined && spaces.includes(character);
/** Elements may be very long, so patterns only look for the next character that means something. */
const endOfQuoted = /["\\]/g;
const endOfBare = /[{},"\\]/g;

interface Element {
  readonly text: string;
  readonly end: number;
  readonly isNull: boolean;
}

/** The element that begins at `at`, which is no brace, comma or space. Undefined: it does not end. */
function elementAt(text: string, at: number): Element | undefined {
  const inQuotes = text[at] === '"';
  const marks = inQuotes ? endOfQuoted : endOfBare;
  let read = '';
  let from = inQuotes ? at + 1 : at;
  for (;;) {
    marks.lastIndex = from;
    const end = marks.exec(text)?.index;
    if (end === undefined) return undefined;
    read += text.slice(from, end);
    if (text[end] === '\\') {
      if (end + 1 === text.length) return undefined;
      read += text[end + 1];
      from = end + 2;
    } else if (inQuotes) {
      return { text: read, end: end + 1, isNull: false };
    } else if (text[end] === '"') {
      return undefined;
    } else {
      // White space behind an element that is not in quotes is no part of it.
      let length = read.length;
      while (isSpace(read[length - 1])) length--;
      const bare = read.slice(0, length);
      return { text: bare, end, isNull: /^null$/i.test(bare) };
    }
  }
}

/**
 * An array in text ("Array Input and Output Syntax") with other elements and the same dimensions; NULL stays NULL.
 * Undefined: the text is no array.
 */
export function mapArrayText(text: string, of: OfElement<string>): string | undefined {
  const head = bounds.exec(text)?.[0] ?? '';
  const made = [head];
  let at = head.length;
  let depth = 0;
  /** What may come: an element or a brace that opens, or (behind one that closed, or an element) a comma. */
  let filled = false;
  while (depth > 0 || !filled) {
    const character = text[at];
    if (isSpace(character)) {
      at++;
      continue;
    }
    if (character === '{' && !filled) {
      depth++;
    } else if (character === '}' && depth > 0) {
      depth--;
      filled = true;
    } else if (character === ',' && filled) {
      filled = false;
    } else {
      const isElement = character !== undefined && !'{},'.includes(character);
      const element = isElement && !filled && depth > 0 ? elementAt(text, at) : undefined;
      const other = element?.isNull === true ? null : element && of(element.text);
      if (element === undefined || other === undefined) return undefined;
      made.push(other === null ? 'NULL' : quoted(other));
      at = element.end;
      filled = true;
      continue;
    }
    made.push(character);
    at++;
  }
  return [...text.slice(at)].every(isSpace) ? made.join('') : undefined;
}

const headerBytes = 12;
const dimensionBytes = 8;
/** MAXDIM of PostgreSQL. */
const mostDimensions = 6;

/**
 * An array as array_send writes it, with other elements. Undefined: it is none, or its elements are of another type
 * than `elementType`.
 */
export function mapArrayBinary(
  bytes: Buffer,
  elementType: number,
  of: OfElement<Buffer>,
): Buffer | undefined {
  if (bytes.length < headerBytes) return undefined;
  const dimensions = bytes.readInt32BE(0);
  let at = headerBytes + dimensions * dimensionBytes;
  if (dimensions < 0 || dimensions > mostDimensions || bytes.length < at) return undefined;
  if (bytes.readUInt32BE(8) !== elementType) return undefined;
  let count = dimensions === 0 ? 0 : 1;
  for (let index = 0; index < dimensions; index++) {
    count *= bytes.readInt32BE(headerBytes + index * dimensionBytes);
  }
  // Each element has a length of 4 bytes.
  if (!(count >= 0 && count * 4 <= bytes.length - at)) return undefined;
  const header = Buffer.from(bytes.subarray(0, at));
  const made: Buffer[] = [header];
  let hasNull = 0;
  for (let index = 0; index < count; index++) {
    if (bytes.length - at < 4) return undefined;
    const length = bytes.readInt32BE(at);
    at += 4;
    if (length < -1 || length > bytes.length - at) return undefined;
    const other = length === -1 ? null : of(bytes.subarray(at, at + length));
    if (other === undefined) return undefined;
    const size = Buffer.allocUnsafe(4);
    size.writeInt32BE(other === null ? -1 : other.length);
    made.push(size);
    if (other === null) hasNull = 1;
    else made.push(other);
    at += Math.max(length, 0);
  }
  if (at !== bytes.length) return undefined;
  header.writeInt32BE(hasNull, 4);
  return Buffer.concat(made);
}

/** As {@link mapArrayText} and {@link mapArrayBinary}, for either format. */
export function mapArray(
  array: Buffer,
  format: FormatCode,
  elementType: number,
  of: OfElement<Buffer>,
): Buffer | undefined {
  if (format === 1) return mapArrayBinary(array, elementType, of);
  const text = mapArrayText(array.toString(), (element) => {
    const made = of(Buffer.from(element));
    return made === null ? null : made?.toString();
  });
  return text === undefined ? undefined : Buffer.from(text);
}
