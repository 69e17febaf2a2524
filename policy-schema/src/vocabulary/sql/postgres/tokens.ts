import { parseSync, type RawStmt, scanSync } from 'libpg-query';

/** `name`: an identifier without quotes, or a keyword that may be one. */
export type TokenKind = 'name' | 'keyword' | 'quoted' | 'string' | 'integer' | 'comment' | 'other';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Its place in UTF-8 bytes, as the parser counts. */
  readonly start: number;
  readonly end: number;
  /** White space in front of it. */
  readonly before: string;
}

/** A text that the server's parser takes, with its tokens. */
export interface ReadStatement {
  readonly text: string;
  /** Without comments. */
  readonly tokens: readonly Token[];
  readonly statements: readonly RawStmt[];
}

/** Texts that are longer are left alone: each is read again for each way of writing it. */
const maxLength = 20_000;

/** Undefined: the server would not take it, it is empty, or it is long. The parser must be loaded. */
export function readStatement(text: string): ReadStatement | undefined {
  if (text.length > maxLength || text.includes('\0') || !text.isWellFormed()) return undefined;
  try {
    const statements = parseSync(text).stmts ?? [];
    if (statements.length === 0) return undefined;
    const bytes = Buffer.from(text);
    let last = 0;
    const tokens = scanSync(withoutControls(text)).tokens.map((token): Token => {
      const { start, end } = token;
      const own = bytes.toString('utf8', start, end);
      const before = bytes.toString('utf8', last, start);
      last = end;
      return { kind: kindOf(own, token), text: own, start, end, before };
    });
    return { text, tokens: tokens.filter(({ kind }) => kind !== 'comment'), statements };
  } catch {
    return undefined;
  }
}

/** The library cannot hand over tokens that hold control characters. Others of the same length change no token's place. */
function withoutControls(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => {
    if (character > '\u007f' || /[\t\n\r]/.test(character)) return character;
    return /[\f\v]/.test(character) ? ' ' : '?';
  });
}

function kindOf(
  text: string,
  { tokenName, keywordName }: { tokenName: string; keywordName: string },
): TokenKind {
  if (tokenName === 'SQL_COMMENT' || tokenName === 'C_COMMENT') return 'comment';
  if (text.startsWith('"')) return 'quoted';
  if (/^'|^\$[^0-9]/.test(text)) return 'string';
  if (/^[0-9]+$/.test(text)) return 'integer';
  if (/^RESERVED/.test(keywordName)) return 'keyword';
  return /^[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*$/.test(text) ? 'name' : 'other';
}

/** What a text means to the parser: its trees without the places in them. Undefined: it does not parse. */
export function meaningOf(text: string): string | undefined {
  try {
    return JSON.stringify(parseSync(text).stmts ?? [], (key, value: unknown) =>
      isPlace(key) ? undefined : value,
    );
  } catch {
    return undefined;
  }
}

const isPlace = (key: string): boolean =>
  key === 'location' || /^stmt_(?:len|location)$|_location$|_(?:start|end)$/.test(key);

/** Tokens as a text again. `between` is told the two that meet; absent: as it was. */
export function joined(
  tokens: readonly Pick<Token, 'text' | 'before'>[],
  between?: (left: string, right: string) => string,
): string {
  return tokens
    .map(({ text, before }, at) => {
      const left = tokens[at - 1];
      if (left === undefined) return text;
      return (between === undefined ? before : between(left.text, text)) + text;
    })
    .join('');
}
