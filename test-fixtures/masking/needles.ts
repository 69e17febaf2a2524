import { createHash } from 'node:crypto';
import { words } from '../corpora/masking/attacks.ts';
import { people, type Secrets, secretsOf, type Twin } from '../corpora/masking/schema.ts';

/** Plain forms are found by pieces of this many characters, cut anywhere. In shorter ones tokens meet values by chance. */
const pieceLength = 8;
/** Digits alone, which tokens of numbers are made of, too. */
const digitsLength = 10;
/** Encoded forms, whose alphabets are those of tokens and hashes, too. */
const encodedLength = 14;

/** What of a value a mask shows. */
const shownTail: Readonly<Partial<Record<keyof Secrets, number>>> = { card: 4 };
/** Too short or too common to be told from other text; the twins tell them apart. */
const withoutPieces: ReadonlySet<keyof Secrets> = new Set(['born', 'feeling']);

/** Finds masked values, whole or in pieces, in bytes that a client received. */
export class Needles {
  readonly #pieces = new Map<string, string>();
  readonly #digits = new Map<string, string>();
  readonly #encoded = new Map<string, string>();

  constructor(twin: Twin) {
    for (let id = 1; id <= people + 1; id++) {
      for (const [field, value] of Object.entries(secretsOf(twin, id)) as [keyof Secrets, string][]) {
        // What agents guess stands in the attacks themselves.
        if (withoutPieces.has(field) || Object.values(words).includes(value)) continue;
        const hidden = value.slice(0, value.length - (shownTail[field] ?? 0));
        this.#add(`${field} of ${id}`, hidden);
      }
    }
  }

  #add(what: string, value: string): void {
    const reversed = [...value].reverse().join('');
    const plainForms = [value, value.toUpperCase(), reversed, value.replaceAll(/\W/g, '')];
    // A token of a uuid is one, too.
    const isUuid = /^[0-9a-f-]{36}$/.test(value);
    for (const form of isUuid ? [] : plainForms)
      for (const piece of windows(form, pieceLength)) if (isTelling(piece)) this.#pieces.set(piece, what);
    for (const piece of windows(value, digitsLength)) if (/^\d+$/.test(piece)) this.#digits.set(piece, what);
    const bytes = Buffer.from(value);
    for (const form of [
      ...(isUuid ? plainForms : []),
      bytes.toString('hex'),
      bytes.toString('hex').toUpperCase(),
      ...[0, 1, 2].map((skip) => inner(bytes, skip)),
      ...['md5', 'sha1', 'sha256', 'sha512'].map((kind) => createHash(kind).update(bytes).digest('hex')),
    ])
      for (const piece of windows(form, encodedLength)) this.#encoded.set(piece, what);
    if (!/^\d{10,18}$/.test(value)) return;
    // As int8 in binary.
    const binary = Buffer.alloc(8);
    binary.writeBigInt64BE(BigInt(value));
    this.#pieces.set(binary.toString('latin1').slice(2), what);
  }

  /** What of which value is there; undefined: nothing. */
  find(bytes: Buffer): string | undefined {
    const text = bytes.toString('latin1');
    for (let at = 0; at <= text.length - pieceLength; at++) {
      const what =
        this.#pieces.get(text.slice(at, at + pieceLength)) ??
        this.#digits.get(text.slice(at, at + digitsLength));
      if (what !== undefined) return `${what} (${JSON.stringify(text.slice(Math.max(0, at - 20), at + 30))})`;
      const encoded = this.#encoded.get(text.slice(at, at + encodedLength));
      if (encoded !== undefined) return `${encoded}, encoded (${JSON.stringify(text.slice(at, at + 40))})`;
    }
    return undefined;
  }
}

function* windows(text: string, length: number): Generator<string> {
  for (let at = 0; at + length <= text.length; at++) yield text.slice(at, at + length);
}

/** Pieces of names of fields and hosts stand in other texts, too. */
function isTelling(piece: string): boolean {
  return !/diagno|iagnos|agnosi|gnosis|nosis"|":"|": "|^\d+$/.test(piece);
}

/** Base64 of the bytes from `skip` on, without the ends that depend on what stands beside them. */
function inner(bytes: Buffer, skip: number): string {
  const whole = Math.floor((bytes.length - skip) / 3) * 3;
  return bytes.subarray(skip, skip + whole).toString('base64');
}
