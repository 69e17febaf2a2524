import { TypeOid } from '../type-oids.ts';
import { ambiguous, type MetOperand, type NoToken, outcomeOf, unreadable } from './met-operands.ts';
import type { Tokens } from './tokens.ts';

export interface TurnedText {
  readonly kind: 'turned';
  /** The text to send: the same one where nothing was turned back. */
  readonly text: string;
  /**
   * Where a place in `text` lies in the client's text. Both count characters from 1, as field `P` of an error does; a
   * place inside a value that was turned back is the beginning of its token.
   */
  readonly clientPosition: (position: number) => number;
}

/** In UTF-8 bytes of the client's text. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Put values for tokens in the text of a statement (or several), where constants stand. Operands that are parameters are
 * left to `detokenizeBind`. Pure.
 *
 * A value goes in as `'…'` with its single quotes doubled, which is the whole value because standard_conforming_strings
 * is on, or as a number where its token stood as one. Casts around it stay.
 */
export function detokenizeText(
  text: string,
  operands: readonly MetOperand[],
  allTokens: Tokens,
): NoToken | TurnedText {
  const bytes = Buffer.from(text);
  const edits = new Map<number, Edit>();
  const kept = new Set<number>();
  for (const met of operands) {
    const { operand, type } = met;
    if (operand.kind === 'parameter') continue;
    const { start, end, value } = operand;
    const tokens = allTokens.ofSet(met.mask.tokens);
    const outcome = outcomeOf(met, tokens, value, () =>
      operand.kind === 'literal' ? tokens.untokenizeText(type, value) : tokens.untokenizeArray(type, value),
    );
    if (outcome?.kind === 'refused') return outcome;
    const known = edits.get(start);
    if (outcome === undefined) {
      if (known !== undefined) return ambiguous(met);
      kept.add(start);
      continue;
    }
    if (kept.has(start)) return ambiguous(met);
    const piece = bytes.toString('utf8', start, end);
    if (!isConstant(piece, value)) return unreadable(met);
    const made = between(bytes, start, end, constantOf(piece, type, outcome.value));
    if (known !== undefined && known.text !== made) return ambiguous(met);
    edits.set(start, { start, end, text: made });
  }
  return edited(
    bytes,
    text,
    [...edits.values()].sort((a, b) => a.start - b.start),
  );
}

const bareNumber = /^[+-]?\s*[\d.]/;

/**
 * Whether a piece of the text is a constant that the server reads as `value`: what is replaced must be that and nothing
 * else. Unicode escapes, and constants that go on in the next line, are not read here.
 */
function isConstant(piece: string, value: string): boolean {
  if (bareNumber.test(piece)) return piece.replace(/\s/g, '') === value;
  const [, prefix = '', inQuotes] = /^([en]?)'(.*)'$/is.exec(piece) ?? [];
  if (inQuotes !== undefined) {
    const isEscape = prefix.toLowerCase() === 'e';
    if (isEscape && /(?<!\\)(\\\\)*\\[^\\]/.test(inQuotes)) return false;
    const read = isEscape ? inQuotes.replaceAll('\\\\', '\\') : inQuotes;
    return !/(?<!')('')*'(?!')/.test(inQuotes) && read.replaceAll("''", "'") === value;
  }
  const [, tag, inDollars] = /^(\$[^$]*\$)(.*)\$[^$]*\$$/s.exec(piece) ?? [];
  return tag !== undefined && piece.endsWith(tag) && inDollars === value;
}

/**
 * A number stays one, because text would change the type of what it stands in (ARRAY[1, 2]). But a real of few digits is
 * another number where it is read as a numeric, and only text is read as the type that it is compared with.
 */
function constantOf(piece: string, type: number, value: string): string {
  if (bareNumber.test(piece) && type !== TypeOid.float4 && /^-?\d+(\.\d+)?$/.test(value)) {
    return value.startsWith('-') ? `(${value})` : value;
  }
  return `'${value.replaceAll("'", "''")}'`;
}

/** Neighbours that would become a part of the constant (`N`, `E`, `U&`, another quote) are kept away from it. */
const gluesBefore = /[\w$&'"\u0080-\uffff]/;
const gluesAfter = /[\w$'"\u0080-\uffff]/;

function between(bytes: Buffer, start: number, end: number, constant: string): string {
  const before = start > 0 && gluesBefore.test(bytes.toString('latin1', start - 1, start));
  const after = end < bytes.length && gluesAfter.test(bytes.toString('latin1', end, end + 1));
  return `${before ? ' ' : ''}${constant}${after ? ' ' : ''}`;
}

/** Characters as the server counts them. */
function charactersIn(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function edited(bytes: Buffer, original: string, edits: readonly Edit[]): TurnedText {
  if (edits.length === 0) return { kind: 'turned', text: original, clientPosition: (position) => position };
  /** Pieces in turn: as they were, and made. Lengths in characters, of the client's text and of the new one. */
  const pieces: {
    readonly text: string;
    readonly client: number;
    readonly made: number;
    readonly kept: boolean;
  }[] = [];
  let at = 0;
  const keep = (to: number): void => {
    const text = bytes.toString('utf8', at, to);
    const length = charactersIn(text);
    pieces.push({ text, client: length, made: length, kept: true });
  };
  for (const { start, end, text } of edits) {
    keep(start);
    const client = charactersIn(bytes.toString('utf8', start, end));
    pieces.push({ text, client, made: charactersIn(text), kept: false });
    at = end;
  }
  keep(bytes.length);
  return {
    kind: 'turned',
    text: pieces.map(({ text }) => text).join(''),
    clientPosition: (position) => {
      let before = 0;
      let left = position - 1;
      for (const { client, made, kept } of pieces) {
        if (left < made) return before + (kept ? left : 0) + 1;
        before += client;
        left -= made;
      }
      return before + left + 1;
    },
  };
}
