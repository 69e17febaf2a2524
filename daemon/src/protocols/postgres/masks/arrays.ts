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

/** What array_out writes bare: no braces, commas, quotes, backslashes or white space, not empty, and not NULL. */
const bare = /^(?!null$)[^{},"\\\s]+$/i;

function quoted(element: string): string {
  return bare.test(element) ? element : `"${element.replace(/["\\]/g, '\\$&')}"`;
}

/** Dimensions ahead of the braces, where one does not begin at 1. */
const bounds = /^(\[[+-]?\d+:[+-]?\d+\])+=/;
/** A brace or comma, an element in quotes, or one without. White space around them means nothing. */
const part = /\s*(?:([{},])|"((?:[^"\\]|\\.)*)"|((?:[^{},"\\\s]|\\.|\s+(?=[^{},"\s]))+))\s*/sy;

/**
 * An array in text ("Array Input and Output Syntax") with other elements and the same dimensions; NULL stays NULL.
 * Undefined: the text is no array.
 */
export function mapArrayText(text: string, of: OfElement<string>): string | undefined {
  const head = bounds.exec(text)?.[0] ?? '';
  let made = head;
  let depth = 0;
  /** Whether an element, or a closed brace, is just behind. */
  let filled = false;
  part.lastIndex = head.length;
  while (part.lastIndex < text.length) {
    const at = part.lastIndex;
    const [, mark, inQuotes, plain] = part.exec(text) ?? [];
    if (mark === '{') {
      if (filled || (depth === 0 && at !== head.length)) return undefined;
      depth++;
    } else if (mark === '}') {
      if (depth === 0) return undefined;
      depth--;
      filled = true;
    } else if (mark === ',') {
      if (!filled || depth === 0) return undefined;
      filled = false;
    } else {
      if (filled || depth === 0) return undefined;
      filled = true;
      const element = inQuotes ?? plain;
      if (element === undefined) return undefined;
      if (inQuotes === undefined && /^null$/i.test(element)) {
        made += 'NULL';
        continue;
      }
      const other = of(element.replace(/\\(.)/gs, '$1'));
      if (other === undefined) return undefined;
      made += other === null ? 'NULL' : quoted(other);
      continue;
    }
    made += mark;
    if (depth === 0 && part.lastIndex < text.length) return undefined;
  }
  return depth === 0 && filled ? made : undefined;
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
