import type { MaskKind } from '@gatehouse/policy-schema/model/policy.ts';
import { keyedHash } from './keyed-hash.ts';
import { type Keep, partialText } from './partial-text.ts';
import { TypeOid } from '../type-oids.ts';
import type { FormatCode } from '../wire/codes.ts';

/**
 * What stands in a result instead of a value, first form: a text where the type is a text, a JSON string where it is
 * JSON, and NULL for all other types, because only NULL is read by every driver as a value of that type.
 */

/**
 * The replacement of the value in `buffer[start, end)`, in the format of its column; null is NULL. It is not a view of
 * the value, and constant ones are the same Buffer each time, so it must not be written to.
 */
export type ValueMasker = (buffer: Buffer, start: number, end: number) => Buffer | null;

interface ValueMask {
  readonly with: MaskKind;
  /** For `partial`; nothing is kept where it is absent. */
  readonly keep?: Keep | undefined;
}

type Shape = 'text' | 'padded-text' | 'json' | 'jsonb-binary' | 'other';

function shapeOf(typeOid: number, format: FormatCode): Shape {
  switch (typeOid) {
    case TypeOid.text:
    case TypeOid.varchar:
    case TypeOid.name:
    case TypeOid.unknown:
      return 'text';
    case TypeOid.bpchar:
      return 'padded-text';
    case TypeOid.char:
      // charsend writes exactly one byte, and drivers refuse to read more.
      return format === 0 ? 'text' : 'other';
    case TypeOid.json:
      return 'json';
    case TypeOid.jsonb:
      return format === 0 ? 'json' : 'jsonb-binary';
    default:
      return 'other';
  }
}

/** jsonb_send: one byte before the text of the JSON. */
const jsonbVersion = 1;
const space = 0x20;
const quote = 0x22;
const quoteText = Buffer.of(quote);
/** A JSON string that is longer is hidden whole: its text must be unescaped in memory to count its characters. */
const longestPartialJson = 64 * 1024;

const redactedText = Buffer.from('[redacted]');
const redactedJson = Buffer.from('"[redacted]"');

const toNull: ValueMasker = () => null;

function always(replacement: Buffer): ValueMasker {
  return () => replacement;
}

/** Trailing spaces of a `character(n)` are no part of its value: they would count as hidden, and change its hash. */
function unpadded(masker: ValueMasker): ValueMasker {
  return (buffer, start, end) => {
    let last = end;
    while (last > start && buffer[last - 1] === space) last--;
    return masker(buffer, start, last);
  };
}

/** Only a JSON string has ends to show: those of an object would be braces and names, of a number its magnitude. */
function partialJson(keep: Keep): ValueMasker {
  return (buffer, start, end) => {
    if (end - start > longestPartialJson || buffer[start] !== quote) return redactedJson;
    let value: unknown;
    try {
      value = JSON.parse(buffer.toString('utf8', start, end));
    } catch {
      return redactedJson;
    }
    // A lone surrogate, which has no UTF-8, becomes U+FFFD here.
    const text = typeof value === 'string' ? Buffer.from(value) : undefined;
    const shown = text && partialText(text, 0, text.length, keep);
    return shown === undefined ? redactedJson : Buffer.from(JSON.stringify(shown.toString()));
  };
}

type MaskerOf = (mask: ValueMask, key: Buffer) => ValueMasker;

const ofText: Readonly<Record<MaskKind, MaskerOf>> = {
  null: () => toNull,
  redact: () => always(redactedText),
  partial: ({ keep = { first: 0, last: 0 } }) => {
    return (buffer, start, end) => partialText(buffer, start, end, keep) ?? redactedText;
  },
  hash: (_, key) => keyedHash(key),
  range: () => toNull,
  tokenize: () => toNull,
};

const ofJson: Readonly<Record<MaskKind, MaskerOf>> = {
  null: () => toNull,
  redact: () => always(redactedJson),
  partial: ({ keep = { first: 0, last: 0 } }) => partialJson(keep),
  hash: (_, key) => {
    const hash = keyedHash(key);
    return (buffer, start, end) => Buffer.concat([quoteText, hash(buffer, start, end), quoteText]);
  },
  range: () => toNull,
  tokenize: () => toNull,
};

const ofShape: Readonly<Record<Shape, MaskerOf>> = {
  text: (mask, key) => ofText[mask.with](mask, key),
  'padded-text': (mask, key) => {
    const masker = ofText[mask.with](mask, key);
    return mask.with === 'partial' || mask.with === 'hash' ? unpadded(masker) : masker;
  },
  json: (mask, key) => ofJson[mask.with](mask, key),
  'jsonb-binary': (mask, key) => {
    if (mask.with === 'null') return toNull;
    const masker = ofJson[mask.with](mask, key);
    const versioned = (json: Buffer | null) => json && Buffer.concat([Buffer.of(jsonbVersion), json]);
    if (mask.with === 'redact') return always(Buffer.concat([Buffer.of(jsonbVersion), redactedJson]));
    return (buffer, start, end) => versioned(masker(buffer, Math.min(start + 1, end), end));
  },
  other: () => toNull,
};

/**
 * The masker of one result column, by the type and format that its RowDescription or Bind gives. `key` has 32 bytes and
 * serves `hash` alone.
 *
 * `partial` counts code points and shows at most half of them. `hash` depends on the value's bytes and the key only, not
 * on the column: equal texts of two tables have equal hashes, so that they can still be joined and counted, in either
 * format. Nobody without the key can compute it, but who can guess where a value occurs sees where it occurs again.
 * @throws ConfigFault `secret-unavailable` when `hash` is asked for and the key has not 32 bytes.
 */
export function valueMasker(mask: ValueMask, typeOid: number, format: FormatCode, key: Buffer): ValueMasker {
  return ofShape[shapeOf(typeOid, format)](mask, key);
}
