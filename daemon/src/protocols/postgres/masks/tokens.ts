import { TypeOid } from '../type-oids.ts';
import type { FormatCode } from '../wire/codes.ts';
import { elementTypes, mapArray, mapArrayText } from './arrays.ts';
import { type Permutation, permutationOf } from './permutation.ts';
import { bytesOf, textOf } from './plain-text.ts';
import { type SealedKind, SealedTokens, type Span } from './sealed-tokens.ts';
import { checkMaskKey, subKey } from './sub-keys.ts';
import { type ByteDomain, domains, type Place } from './token-domains.ts';
import { UuidTokens } from './uuid-tokens.ts';

/** How values of one type become tokens and back, in both formats. Null is NULL, undefined: it is no token. */
interface TokenForm {
  readonly tokenize: (value: Buffer, format: FormatCode) => Buffer | null;
  readonly untokenize: (token: Buffer, format: FormatCode) => Buffer | undefined;
  readonly many?: (buffer: Buffer, spans: readonly Span[]) => Buffer[];
}

const space = 0x20;

/** Trailing spaces of a `character(n)` are no part of its value. */
export function unpadded(value: Buffer): Buffer {
  let end = value.length;
  while (end > 0 && value[end - 1] === space) end--;
  return end === value.length ? value : value.subarray(0, end);
}

/**
 * Tokens of one workspace, to and fro, without a store. By type:
 * - texts, JSON and `bytea` are sealed ({@link SealedTokens}): a token is told from anything else;
 * - `uuid`, numbers, dates and times are permuted ({@link UuidTokens}, {@link ByteDomain}): any value is the token of some other;
 * - arrays have tokens for elements.
 *
 * `boolean` and enums have too few values: a token would be known after a look at a few rows. Intervals, addresses,
 * ranges, composite types and all others have no form that hides them and is read as a value of their type. All of these
 * become NULL.
 */
export class Tokens {
  readonly #key: Buffer;
  readonly #forms = new Map<number, TokenForm | undefined>();
  readonly #sealed = new Map<SealedKind, SealedTokens>();
  readonly #permutations = new Map<string, Permutation>();

  readonly #sets = new Map<string, Tokens>();

  constructor(key: Buffer) {
    checkMaskKey(key);
    this.#key = key;
  }

  /** The tokens of a set, by a key of its own: they tell nothing of tokens of another. Undefined: those of no set, these. */
  ofSet(name: string | undefined): Tokens {
    if (name === undefined) return this;
    let set = this.#sets.get(name);
    if (set === undefined) {
      set = new Tokens(subKey(this.#key, `the set of tokens ${name}`, 32));
      this.#sets.set(name, set);
    }
    return set;
  }

  /** Whether values of this type have tokens at all; they become NULL otherwise. */
  covers(columnType: number): boolean {
    return this.#form(columnType) !== undefined;
  }

  /** The token of a value of a column of this type; null is NULL. */
  tokenize(columnType: number, format: FormatCode, value: Buffer): Buffer | null {
    return this.#form(columnType)?.tokenize(value, format) ?? null;
  }

  /**
   * Tokens of many values of a column of this type, which lie in one buffer. Undefined: for this type, one after the
   * other is as fast.
   */
  tokenizeMany(columnType: number, buffer: Buffer, spans: readonly Span[]): Buffer[] | undefined {
    return this.#form(columnType)?.many?.(buffer, spans);
  }

  /** Whether a token of a column of this type is told from any other value; of numbers, dates and the like every value is one. */
  tellsTokens(columnType: number): boolean {
    const element = elementTypes.get(columnType) ?? columnType;
    return this.covers(columnType) && !domains.has(element) && element !== TypeOid.uuid;
  }

  /**
   * The value that a token stands for, in the format and with the type that the token has. Undefined: it is no token of
   * a column of this type.
   * @param columnType OID of the column's type, of a domain its base type's.
   * @param wireType OID of the type that `bytes` has on the wire, where it may be another one (an int8 parameter for an
   *   int4 column); 0: the column's.
   */
  untokenize(columnType: number, format: FormatCode, bytes: Buffer, wireType = 0): Buffer | undefined {
    if (wireType === 0 || wireType === columnType) return this.#form(columnType)?.untokenize(bytes, format);
    const [own, wire] = [elementTypes.get(columnType), elementTypes.get(wireType)];
    if (own !== undefined && wire !== undefined) {
      return mapArray(bytes, format, wire, (element) => this.untokenize(own, format, element, wire));
    }
    const text = textOf(wireType, bytes, format);
    const value = text === undefined ? undefined : this.untokenizeText(columnType, text);
    if (value === undefined) return undefined;
    // A real of few digits is another number as a double precision: the one that = would make of it.
    const exact = columnType === TypeOid.float4 && wireType === TypeOid.float8;
    return bytesOf(wireType, exact ? String(Math.fround(Number(value))) : value, format);
  }

  /** As {@link untokenize}, for the text of a constant as the server reads it. */
  untokenizeText(columnType: number, text: string): string | undefined {
    return this.#form(columnType)?.untokenize(Buffer.from(text), 0)?.toString();
  }

  /** As {@link untokenizeText}, for `{a,b}`, each element of which stands for a value of the column. NULL stays NULL. */
  untokenizeArray(columnType: number, text: string): string | undefined {
    return mapArrayText(text, (element) => this.untokenizeText(columnType, element));
  }

  #form(typeOid: number): TokenForm | undefined {
    if (!this.#forms.has(typeOid)) this.#forms.set(typeOid, this.#newForm(typeOid));
    return this.#forms.get(typeOid);
  }

  #newForm(typeOid: number): TokenForm | undefined {
    const element = elementTypes.get(typeOid);
    if (element !== undefined) return this.#ofArray(element);
    const domain = domains.get(typeOid);
    if (domain !== undefined) return this.#permuted(domain);
    switch (typeOid) {
      case TypeOid.text:
      case TypeOid.varchar:
      case TypeOid.name:
      case TypeOid.unknown:
        return this.#ofText((value) => value);
      case TypeOid.bpchar:
        return this.#ofText(unpadded);
      case TypeOid.char: {
        const { tokenize, untokenize } = this.#ofText((value) => value);
        // charsend writes exactly one byte, and drivers refuse to read more.
        return {
          tokenize: (value, format) => (format === 0 ? tokenize(value, format) : null),
          untokenize,
        };
      }
      case TypeOid.json:
        return this.#ofJson(() => 0);
      case TypeOid.jsonb:
        return this.#ofJson((format) => format);
      case TypeOid.bytea:
        return this.#ofBytes();
      case TypeOid.uuid:
        return this.#ofUuid();
      default:
        return undefined;
    }
  }

  #sealer(kind: SealedKind): SealedTokens {
    const known = this.#sealed.get(kind) ?? new SealedTokens(this.#key, kind);
    this.#sealed.set(kind, known);
    return known;
  }

  /** All texts share their tokens, so that columns of different text types can be joined. */
  #ofText(trimmed: (value: Buffer) => Buffer): TokenForm {
    const sealer = this.#sealer('text');
    return {
      tokenize: (value) => sealer.textToken(trimmed(value)),
      untokenize: (token) => sealer.ofTextToken(trimmed(token).toString()),
      many: (buffer, spans) =>
        sealer.textTokens(
          buffer,
          spans.map(({ start, end }) => ({
            start,
            end: start + trimmed(buffer.subarray(start, end)).length,
          })),
        ),
    };
  }

  /** A JSON string that holds the token. @param versionBytes jsonb_send writes one byte before the text. */
  #ofJson(versionBytes: (format: FormatCode) => number): TokenForm {
    const sealer = this.#sealer('json');
    return {
      tokenize: (value, format) => {
        const at = versionBytes(format);
        const token = `"${sealer.textToken(value.subarray(at)).toString('latin1')}"`;
        return Buffer.concat([value.subarray(0, at), Buffer.from(token)]);
      },
      untokenize: (token, format) => {
        const at = versionBytes(format);
        const text = token.toString('utf8', at).trim();
        const inQuotes = text.length > 1 && text.startsWith('"') && text.endsWith('"');
        const value = inQuotes ? sealer.ofTextToken(text.slice(1, -1)) : undefined;
        return value && Buffer.concat([token.subarray(0, at), value]);
      },
    };
  }

  #ofBytes(): TokenForm {
    const sealer = this.#sealer('bytes');
    return converted(TypeOid.bytea, {
      tokenize: (value) => sealer.byteToken(value),
      untokenize: (token) => sealer.ofByteToken(token),
    });
  }

  #ofUuid(): TokenForm {
    const { forward, backward } = new UuidTokens(this.#key);
    const ofWhole = (block: (uuid: Buffer) => Buffer) => (uuid: Buffer) =>
      uuid.length === 16 ? block(uuid) : undefined;
    return converted(TypeOid.uuid, { tokenize: ofWhole(forward), untokenize: ofWhole(backward) });
  }

  #permuted(domain: ByteDomain): TokenForm {
    return {
      tokenize: (value, format) => {
        const place = domain.ofValue(value, format);
        if (place === undefined) return null;
        const index = this.#permutation(place).forward(place.index, place.tweak);
        return domain.toToken({ ...place, index }, format) ?? null;
      },
      untokenize: (token, format) => {
        const place = domain.ofToken(token, format);
        if (place === undefined) return undefined;
        const index = this.#permutation(place).backward(place.index, place.tweak);
        return domain.toValue({ ...place, index }, format);
      },
    };
  }

  #permutation({ part, size }: Place): Permutation {
    const name = `${part} of ${size}`;
    const known =
      this.#permutations.get(name) ?? permutationOf(subKey(this.#key, `tokens of ${name}`, 32), size);
    this.#permutations.set(name, known);
    return known;
  }

  #ofArray(elementType: number): TokenForm | undefined {
    const element = this.#form(elementType);
    if (element === undefined) return undefined;
    const { tokenize, untokenize } = element;
    return {
      tokenize: (value, format) =>
        mapArray(value, format, elementType, (each) => tokenize(each, format)) ?? null,
      untokenize: (token, format) => mapArray(token, format, elementType, (each) => untokenize(each, format)),
    };
  }
}

interface OverBytes {
  readonly tokenize: (value: Buffer) => Buffer | undefined;
  readonly untokenize: (token: Buffer) => Buffer | undefined;
}

/** A form for both formats from one for the binary format. */
function converted(typeOid: number, over: OverBytes): TokenForm {
  const through = (bytes: Buffer, format: FormatCode, of: (binary: Buffer) => Buffer | undefined) => {
    if (format === 1) return of(bytes);
    const binary = bytesOf(typeOid, bytes.toString('latin1'), 1);
    const made = binary && of(binary);
    const text = made && textOf(typeOid, made, 1);
    return text === undefined ? undefined : Buffer.from(text, 'latin1');
  };
  return {
    tokenize: (value, format) => through(value, format, over.tokenize) ?? null,
    untokenize: (token, format) => through(token, format, over.untokenize),
  };
}

const known = new WeakMap<Buffer, Tokens>();

/**
 * The tokens of a workspace: one object for each key, because making its ciphers and tables costs more than a row.
 * @param key The mask key, 32 bytes, always the same Buffer.
 * @throws ConfigFault `secret-unavailable` when it has not 32 bytes.
 */
export function tokensOf(key: Buffer): Tokens {
  const tokens = known.get(key) ?? new Tokens(key);
  known.set(key, tokens);
  return tokens;
}
