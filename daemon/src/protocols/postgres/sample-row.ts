import { isUtf8 } from 'node:buffer';
import { binaryTextAt, binaryValue } from './sample-row-binary.ts';
import { decodeDataRow, type FieldDescription } from './wire/backend-messages.ts';

/** Everything that moves the cursor or has no shape, but for what ordinary texts have at the end of a line. */
const controls = /[^\P{Cc}\t\n\r]/u;

const ellipsis = '…';

/** The text in `value` from `from` on, or undefined where its first `most` bytes are no UTF-8. */
function textOf(value: Buffer, from: number, most: number): string | undefined {
  let end = value.length;
  if (end - from > most) {
    end = from + most;
    // Never in the middle of a character, which has at most three more bytes.
    for (let step = 0; step < 3 && end > from && ((value[end] ?? 0) & 0xc0) === 0x80; step++) end--;
  }
  const shown = value.subarray(from, end);
  if (!isUtf8(shown)) return undefined;
  return end === value.length ? shown.toString() : `${shown.toString()}${ellipsis}`;
}

function hexOf(value: Buffer, most: number): string {
  const bytes = Math.max(0, Math.floor((most - 2) / 2));
  return `\\x${value.toString('hex', 0, bytes)}${value.length > bytes ? ellipsis : ''}`;
}

function sampleValue(
  value: Buffer,
  field: Pick<FieldDescription, 'typeOid' | 'format'> | undefined,
  most: number,
): string {
  if (field === undefined) {
    const text = textOf(value, 0, most);
    return text === undefined || controls.test(text) ? hexOf(value, most) : text;
  }
  if (field.format === 0) return textOf(value, 0, most) ?? hexOf(value, most);
  const from = binaryTextAt(field.typeOid, value[0]);
  if (from !== undefined) return textOf(value, from, most) ?? hexOf(value, most);
  const text = binaryValue(field.typeOid, value, most);
  // What these types are written with is ASCII: characters are bytes.
  if (text !== undefined) return text.length > most ? `${text.slice(0, most)}${ellipsis}` : text;
  return hexOf(value, most);
}

/**
 * The values of the whole DataRow message in `buffer[start, end)` as text for a record. `fields` are the result's
 * columns, undefined where nobody asked the server for them: then a value is shown as text only if it surely is one.
 * Bytes that are no text, and values of types that are not read here, are `\x` and hex digits. A value over `maxBytes`
 * bytes is cut there and ends with `…`.
 * @throws ProtocolFault `malformed` when it is no DataRow message.
 */
export function sampleRow(
  buffer: Buffer,
  start: number,
  end: number,
  fields: readonly Pick<FieldDescription, 'typeOid' | 'format'>[] | undefined,
  maxBytes: number,
): (string | null)[] {
  const values = decodeDataRow(buffer, start, end);
  // Columns of another result say nothing about this one.
  const known = fields?.length === values.length ? fields : undefined;
  return values.map((value, index) => (value === null ? null : sampleValue(value, known?.[index], maxBytes)));
}
