/** First words of the statements whose literals are worth lifting: those that clients write values into. */
const firstWords = /^\s*(?:select|insert|update|delete|with|values|merge)\b/i;

/** Words after which, or beside which, a literal decides more than a value. */
const literalWords = /\b(?:float|uescape)\b/i;

/** Integers up to here are one token to the grammar, larger ones another. */
const maxInteger = '2147483647';

/**
 * The shape of a text: the text with every plain number and plain string replaced by a mark of its kind. Two texts of
 * one shape are the same to PostgreSQL's grammar but for the values of those literals.
 * @returns undefined for any text that this single pass is not surely right about
 */
export function shapeOf(text: string): { readonly key: string } | undefined {
  if (!firstWords.test(text)) return undefined;
  let key = '';
  let from = 0;
  let lastString = -1;
  let at = 0;
  const { length } = text;
  while (at < length) {
    const code = text.charCodeAt(at);
    if (isWordStart(code)) {
      at++;
      while (at < length && isWordPart(text.charCodeAt(at))) at++;
      // E'', B'', X'', N'' and U&'' are other kinds of strings; so is whatever follows a word without a space.
      if (text.charCodeAt(at) === quote) return undefined;
      if (text.charCodeAt(at) === ampersand && text.charCodeAt(at + 1) === quote) return undefined;
      continue;
    }
    if (isDigit(code)) {
      const end = numberEnd(text, at);
      if (end === undefined) return undefined;
      const isInteger = end.isInteger && fits(text.slice(at, end.at));
      key += text.slice(from, at) + (isInteger ? '\u0001' : '\u0002');
      at = end.at;
      from = at;
      continue;
    }
    switch (code) {
      case quote: {
        const end = stringEnd(text, at);
        if (end === undefined) return undefined;
        // Strings with only space between them may be one.
        if (lastString !== -1 && text.slice(lastString, at).trim() === '') return undefined;
        key += `${text.slice(from, at)}\u0003`;
        at = end;
        from = at;
        lastString = at;
        continue;
      }
      case doubleQuote: {
        const end = text.indexOf('"', at + 1);
        if (end === -1 || end === at + 1 || text.charCodeAt(end + 1) === doubleQuote) return undefined;
        if (!isPlain(text, at + 1, end)) return undefined;
        at = end + 1;
        continue;
      }
      case dollar: {
        // A parameter; anything else is a dollar quote.
        const end = digitsEnd(text, at + 1);
        if (end === at + 1 || isWordPart(text.charCodeAt(end))) return undefined;
        at = end;
        continue;
      }
      case minus:
        if (text.charCodeAt(at + 1) === minus) return undefined;
        break;
      case slash:
        if (text.charCodeAt(at + 1) === star) return undefined;
        break;
      case semicolon:
        if (text.slice(at + 1).trim() !== '') return undefined;
        break;
      default:
        if (!isQuietCharacter(code)) return undefined;
    }
    at++;
  }
  key += text.slice(from);
  return literalWords.test(key) ? undefined : { key };
}

const quote = 0x27;
const doubleQuote = 0x22;
const dollar = 0x24;
const ampersand = 0x26;
const star = 0x2a;
const minus = 0x2d;
const dot = 0x2e;
const slash = 0x2f;
const semicolon = 0x3b;
const backslash = 0x5c;

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isWordStart(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f;
}

function isWordPart(code: number): boolean {
  return isWordStart(code) || isDigit(code) || code === dollar;
}

/** Space, brackets, separators and characters of operators, none of which starts anything by itself. */
const quietCharacters = new Set(
  [...' \t\n\r()[],.:*+<>=~!@#%^&|`?'].map((character) => character.charCodeAt(0)),
);

function isQuietCharacter(code: number): boolean {
  return quietCharacters.has(code);
}

/** Printable ASCII without a backslash. */
function isPlain(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code > 0x7e || code === backslash) return false;
  }
  return true;
}

function digitsEnd(text: string, from: number): number {
  let at = from;
  while (isDigit(text.charCodeAt(at))) at++;
  return at;
}

/** `12` or `12.5`, with nothing after it that could belong to the number. */
function numberEnd(
  text: string,
  from: number,
): { readonly at: number; readonly isInteger: boolean } | undefined {
  let at = digitsEnd(text, from);
  let isInteger = true;
  if (text.charCodeAt(at) === dot) {
    const end = digitsEnd(text, at + 1);
    if (end === at + 1) return undefined;
    at = end;
    isInteger = false;
  }
  const next = text.charCodeAt(at);
  if (isWordPart(next) || next === dot || next > 0x7e) return undefined;
  // A digit after a dot alone (`.5`) or after a range (`1..2`) belongs to another token.
  const before = text.charCodeAt(from - 1);
  return before === dot ? undefined : { at, isInteger };
}

function fits(digits: string): boolean {
  const significant = digits.replace(/^0+(?=.)/, '');
  if (significant.length !== maxInteger.length) return significant.length < maxInteger.length;
  return significant <= maxInteger;
}

/** The end of a string of which every character stands for itself, but for a doubled quote. */
function stringEnd(text: string, from: number): number | undefined {
  const { length } = text;
  let at = from + 1;
  while (at < length) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      if (text.charCodeAt(at + 1) !== quote) return at + 1;
      at += 2;
      continue;
    }
    if (code === 0 || code === backslash) return undefined;
    // A lone surrogate is no text at all.
    if (code >= 0xd800 && code <= 0xdfff) {
      const low = text.charCodeAt(at + 1);
      if (code > 0xdbff || !(low >= 0xdc00 && low <= 0xdfff)) return undefined;
      at += 2;
      continue;
    }
    at++;
  }
  return undefined;
}
