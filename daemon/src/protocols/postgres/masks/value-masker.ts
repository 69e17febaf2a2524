import type { MaskKind, TimeStep } from '@gatehouse/policy-schema/model/policy.ts';
import { elementTypes, mapArray } from './arrays.ts';
import { keyedHash } from './keyed-hash.ts';
import { type Keep, partialText } from './partial-text.ts';
import { rangeOf } from './ranges.ts';
import { tokenMasker } from './token-masker.ts';
import { tokensOf, unpadded } from './tokens.ts';
import { TypeOid } from '../type-oids.ts';
import type { FormatCode } from '../wire/codes.ts';

/**
 * What stands in a result instead of a value, in the type and format of its column, so that every driver reads it. The
 * kinds that write words (redact, partial, hash) have them for texts and JSON only: all other types become NULL.
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
  /** For `range`; where it is absent, all becomes NULL. */
  readonly step?: number | TimeStep | undefined;
  /** For `tokenize`: the set that the tokens are of. */
  readonly tokens?: string | undefined;
}

/** What stands in a result column whatever the values, in the place of NULL too. Null: NULL. */
export interface Constant {
  readonly constant: Buffer | null;
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

/** Spaces at the end of a `character(n)` would count as hidden, and change its hash. */
function withoutPadding(masker: ValueMasker): ValueMasker {
  return (buffer, start, end) => masker(buffer, start, start + unpadded(buffer.subarray(start, end)).length);
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

/** Kinds that write words, which not every type can hold. */
type WordKind = Exclude<MaskKind, 'range' | 'tokenize'>;

const ofText: Readonly<Record<WordKind, MaskerOf>> = {
  null: () => toNull,
  redact: () => always(redactedText),
  partial: ({ keep = { first: 0, last: 0 } }) => {
    return (buffer, start, end) => partialText(buffer, start, end, keep) ?? redactedText;
  },
  hash: (_, key) => keyedHash(key),
};

const ofJson: Readonly<Record<WordKind, MaskerOf>> = {
  null: () => toNull,
  redact: () => always(redactedJson),
  partial: ({ keep = { first: 0, last: 0 } }) => partialJson(keep),
  hash: (_, key) => {
    const hash = keyedHash(key);
    return (buffer, start, end) => Buffer.concat([quoteText, hash(buffer, start, end), quoteText]);
  },
};

const jsonbText = (json: Buffer): Buffer => Buffer.concat([Buffer.of(jsonbVersion), json]);
const redactedJsonb = jsonbText(redactedJson);

function wordMasker(mask: ValueMask, kind: WordKind, shape: Shape, key: Buffer): ValueMasker {
  switch (shape) {
    case 'text':
      return ofText[kind](mask, key);
    case 'padded-text': {
      const masker = ofText[kind](mask, key);
      return kind === 'partial' || kind === 'hash' ? withoutPadding(masker) : masker;
    }
    case 'json':
      return ofJson[kind](mask, key);
    case 'jsonb-binary': {
      if (kind === 'null') return toNull;
      if (kind === 'redact') return always(redactedJsonb);
      const masker = ofJson[kind](mask, key);
      return (buffer, start, end) => {
        const json = masker(buffer, Math.min(start + 1, end), end);
        return json && jsonbText(json);
      };
    }
    case 'other':
      return toNull;
  }
}

function rangeMasker(step: number | TimeStep, typeOid: number, format: FormatCode): ValueMasker {
  const elementType = elementTypes.get(typeOid);
  const of = rangeOf(step, elementType ?? typeOid);
  if (of === undefined) return toNull;
  if (elementType === undefined) return (buffer, start, end) => of(buffer.subarray(start, end), format);
  return (buffer, start, end) =>
    mapArray(buffer.subarray(start, end), format, elementType, (element) => of(element, format)) ?? null;
}

/**
 * The masker of one result column, by the type and format that its RowDescription or Bind gives. `key` has 32 bytes and
 * serves `hash` and `tokenize`.
 *
 * `partial` counts code points and shows at most half of them. `hash` depends on the value's bytes and the key only, not
 * on the column: equal texts of two tables have equal hashes, so that they can still be joined and counted, in either
 * format. Nobody without the key can compute it, but who can guess where a value occurs sees where it occurs again.
 * `range` and `tokenize` mask arrays element by element; see {@link rangeOf} and {@link Tokens}.
 * @throws ConfigFault `secret-unavailable` when `hash` or `tokenize` is asked for and the key has not 32 bytes.
 */
export function valueMasker(mask: ValueMask, typeOid: number, format: FormatCode, key: Buffer): ValueMasker {
  switch (mask.with) {
    case 'range':
      return mask.step === undefined ? toNull : rangeMasker(mask.step, typeOid, format);
    case 'tokenize':
      return tokenMasker(tokensOf(key).ofSet(mask.tokens), typeOid, format);
    default:
      return wordMasker(mask, mask.with, shapeOf(typeOid, format), key);
  }
}

const constants: Readonly<Record<Shape, Constant>> = {
  text: { constant: redactedText },
  'padded-text': { constant: redactedText },
  json: { constant: redactedJson },
  'jsonb-binary': { constant: redactedJsonb },
  other: { constant: null },
};

/** For values that are computed of masked ones: the same whatever they are, NULL included. */
export function constantOf(typeOid: number, format: FormatCode): Constant {
  return constants[shapeOf(typeOid, format)];
}
