import { type A_Const, parseSync } from 'libpg-query';

/** A constant as it stands in the text: UTF-8 byte offsets, and the value as the parser read it. */
export interface ConstantToken {
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

const quote = 0x27;
const backslash = 0x5c;
const dollar = 0x24;

/** Finds where the constants of a statement end; the parse tree tells only where they start. */
export class ConstantTokens {
  readonly #text: string;
  #bytes: Buffer | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** Undefined where the place is not known, or what stands there does not read as this constant. */
  find(node: A_Const): ConstantToken | undefined {
    const value = constantValue(node);
    const start = node.location ?? 0;
    if (value === undefined || start < 0) return undefined;
    this.#bytes ??= Buffer.from(this.#text);
    const end = tokenEnd(this.#bytes, start);
    if (end === undefined) return undefined;
    return readsAs(this.#bytes.toString('utf8', start, end), node) ? { start, end, value } : undefined;
  }
}

/** The value as the server reads it; undefined for NULL. */
export function constantValue({ ival, fval, boolval, sval, bsval }: A_Const): string | undefined {
  if (sval !== undefined) return sval.sval ?? '';
  if (ival !== undefined) return String(ival.ival ?? 0);
  if (fval !== undefined) return fval.fval ?? '';
  if (boolval !== undefined) return boolval.boolval === true ? 'true' : 'false';
  return bsval?.bsval;
}

/** Parse the token alone and compare. Plain quotes, which are nearly all, are compared without that. */
function readsAs(token: string, node: A_Const): boolean {
  const wanted = constantValue(node);
  if (node.sval !== undefined && /^'(?:[^']|'')*'$/.test(token)) {
    return token.slice(1, -1).replaceAll("''", "'") === wanted;
  }
  if (node.ival !== undefined && /^\d+$/.test(token)) return String(Number(token)) === wanted;
  try {
    const statement = parseSync(`SELECT ${token}`).stmts?.[0]?.stmt;
    const target =
      statement !== undefined && 'SelectStmt' in statement ? statement.SelectStmt.targetList : undefined;
    const [only, more] = target ?? [];
    const value = only !== undefined && 'ResTarget' in only ? only.ResTarget.val : undefined;
    if (more !== undefined || value === undefined || !('A_Const' in value)) return false;
    return constantKind(value.A_Const) === constantKind(node) && constantValue(value.A_Const) === wanted;
  } catch {
    return false;
  }
}

function constantKind(node: A_Const): string | undefined {
  return (['sval', 'ival', 'fval', 'boolval', 'bsval'] as const).find((kind) => node[kind] !== undefined);
}

/** The end of a constant's token, with its signs before and UESCAPE after (scan.l). */
function tokenEnd(bytes: Buffer, start: number): number | undefined {
  let at = start;
  // The parser folds signs into numbers (doNegate), and the place is that of the first sign.
  while (bytes[at] === 0x2d && bytes[at + 1] !== 0x2d) at = skipBlanks(bytes, at + 1);
  const first = bytes[at];
  if (first === undefined) return undefined;
  if (first === quote) return stringEnd(bytes, at, false);
  if (first === dollar) return dollarEnd(bytes, at);
  const letter = first | 0x20;
  const next = bytes[at + 1];
  if (next === quote) {
    // E'…' takes backslashes; B'…' and X'…' hold no quotes.
    return letter === 0x65 || letter === 0x62 || letter === 0x78
      ? stringEnd(bytes, at + 1, letter === 0x65)
      : undefined;
  }
  if (letter === 0x75 && next === 0x26 && bytes[at + 2] === quote) {
    return escapeClauseEnd(bytes, stringEnd(bytes, at + 2, false));
  }
  return wordEnd(bytes, at);
}

/** Strings that follow each other with a new line in between are one (SQL92). */
function stringEnd(bytes: Buffer, open: number, hasEscapes: boolean): number | undefined {
  let at = open + 1;
  for (;;) {
    const byte = bytes[at];
    if (byte === undefined) return undefined;
    if (byte === backslash && hasEscapes) at += 2;
    else if (byte !== quote) at++;
    else if (bytes[at + 1] === quote) at += 2;
    else {
      const end = at + 1;
      const next = skipBlanks(bytes, end);
      const hasNewLine = /[\n\r]/.test(bytes.toString('latin1', end, next));
      if (bytes[next] !== quote || !hasNewLine) return end;
      at = next + 1;
    }
  }
}

function dollarEnd(bytes: Buffer, start: number): number | undefined {
  const close = bytes.indexOf(dollar, start + 1);
  if (close === -1) return undefined;
  const tag = bytes.subarray(start, close + 1);
  const end = bytes.indexOf(tag, close + 1);
  return end === -1 ? undefined : end + tag.length;
}

/** After U&'…': UESCAPE '!'. */
function escapeClauseEnd(bytes: Buffer, end: number | undefined): number | undefined {
  if (end === undefined) return undefined;
  const word = skipBlanks(bytes, end);
  if (bytes.toString('latin1', word, word + 7).toLowerCase() !== 'uescape') return end;
  const open = skipBlanks(bytes, word + 7);
  return bytes[open] === quote ? stringEnd(bytes, open, false) : undefined;
}

/** Numbers (1_000, 0x1F, 1.5e-3) and the words TRUE and FALSE. */
function wordEnd(bytes: Buffer, start: number): number | undefined {
  const rest = bytes.toString('latin1', start, start + 4096);
  const found =
    /^(?:0[xXoObB][\da-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?|true|false)/i.exec(
      rest,
    );
  if (found === null || found[0].length === rest.length) {
    return found !== null && start + rest.length === bytes.length ? bytes.length : undefined;
  }
  return start + found[0].length;
}

/** White space and comments. */
function skipBlanks(bytes: Buffer, start: number): number {
  let at = start;
  for (;;) {
    const byte = bytes[at];
    if (byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d)) at++;
    else if (byte === 0x2d && bytes[at + 1] === 0x2d) {
      while (at < bytes.length && bytes[at] !== 0x0a && bytes[at] !== 0x0d) at++;
    } else if (byte === 0x2f && bytes[at + 1] === 0x2a) at = commentEnd(bytes, at);
    else return at;
  }
}

/** Comments nest. */
function commentEnd(bytes: Buffer, start: number): number {
  let depth = 0;
  let at = start;
  while (at < bytes.length) {
    if (bytes[at] === 0x2f && bytes[at + 1] === 0x2a) {
      depth++;
      at += 2;
    } else if (bytes[at] === 0x2a && bytes[at + 1] === 0x2f) {
      depth--;
      at += 2;
      if (depth === 0) return at;
    } else at++;
  }
  return at;
}
