/** Other ways to write the very same tree. Each is held against the parser: one that reads otherwise is none. */
import { joined, meaningOf, type ReadStatement, type Token } from '../../vocabulary/sql/postgres/tokens.ts';

/** White space that was left out by {@link joined} when comments went. */
const apart = (tokens: readonly Token[]): readonly Token[] =>
  tokens.map((token) => (token.before === '' ? token : { ...token, before: ' ' }));

type Spell = (statement: ReadStatement) => readonly string[];

const between =
  (gap: string): Spell =>
  ({ tokens }) => [joined(tokens, () => gap)];

const each =
  (change: (token: Token) => string | undefined): Spell =>
  ({ tokens }) => {
    const changed = tokens.map((token) => ({ ...token, text: change(token) ?? token.text }));
    return changed.some(({ text }, at) => text !== tokens[at]?.text) ? [joined(apart(changed))] : [];
  };

const isWord = ({ kind }: Token): boolean => kind === 'name' || kind === 'keyword';
const ascii = (text: string, change: (letters: string) => string): string =>
  text.replace(/[a-zA-Z]+/g, change);
const folded = (text: string): string => ascii(text, (letters) => letters.toLowerCase());

const alternating = (text: string): string =>
  [...text].map((letter, at) => (at % 2 === 0 ? ascii(letter, (one) => one.toUpperCase()) : letter)).join('');

/** The name that a token stands for. */
function nameOf({ kind, text }: Token): string | undefined {
  if (kind === 'name') return folded(text);
  return kind === 'quoted' ? text.slice(1, -1).replaceAll('""', '"') : undefined;
}

/** The value of a plain string constant. */
function plainValue({ kind, text }: Token): string | undefined {
  return kind === 'string' && /^'(?:[^'\\]|'')*'$/.test(text)
    ? text.slice(1, -1).replaceAll("''", "'")
    : undefined;
}

const codes = (value: string, digits: 4 | 6): readonly string[] =>
  [...value].map((character) => (character.codePointAt(0) ?? 0).toString(16).padStart(digits, '0'));

const escaped = (value: string, mark: string): string =>
  codes(value, 6)
    .map((code) => `${mark}+${code}`)
    .join('');

/** Keywords may be names as well, and only the parser tells which: each is tried by itself. */
const quotedNames =
  (quote: (name: string) => string): Spell =>
  (statement) => {
    const meant = meaningOf(statement.text);
    const tokens: Token[] = [...apart(statement.tokens)];
    let changed = false;
    for (const [at, token] of tokens.entries()) {
      const name = nameOf(token);
      if (name === undefined || name === '') continue;
      tokens[at] = { ...token, text: quote(name) };
      if (meaningOf(joined(tokens)) === meant) changed = true;
      else tokens[at] = token;
    }
    return changed ? [joined(tokens)] : [];
  };

const strings = (write: (value: string) => string | undefined): Spell =>
  each((token) => {
    const value = plainValue(token);
    return value === undefined || value === '' ? undefined : write(value);
  });

const bait = ' /* \'; " $$ /* -- */ ; select 1 */ ';
/** A fullwidth semicolon, spaces of no width, a mark that turns the text around. */
const unseen = ' /*\uff1b\u200b\u2060\ufeff\u202e*/ ';

/** Every way to write a statement otherwise that leaves its tree as it is. */
export const spellings = {
  'comments between all words': between('/**/'),
  'line comments between all words': between(' --\n'),
  'comments that look like statements': between(bait),
  'unseen characters in comments': between(unseen),
  'a comment in front': ({ text }) => [`/* select 1; */ -- ;\n${text}`],
  'upper case': each((token) => (isWord(token) ? ascii(token.text, (own) => own.toUpperCase()) : undefined)),
  'mixed case': each((token) => (isWord(token) ? alternating(folded(token.text)) : undefined)),
  'quoted names': quotedNames((name) => `"${name.replaceAll('"', '""')}"`),
  'names in Unicode escapes': quotedNames((name) => `U&"${escaped(name, '\\')}"`),
  'names in Unicode escapes of another sign': quotedNames((name) => `U&"${escaped(name, '!')}" UESCAPE '!'`),
  'strings in Unicode escapes': strings((value) => `U&'${escaped(value, '\\')}'`),
  'strings in C escapes': strings(
    (value) =>
      `E'${codes(value, 6)
        .map((code) => `\\U00${code}`)
        .join('')}'`,
  ),
  'strings in dollar quotes': strings((value) => (value.includes('$') ? undefined : `$gate$${value}$gate$`)),
  'strings on two lines': strings((value) =>
    /^\w\w+$/.test(value) ? `'${value.slice(0, 1)}'\n'${value.slice(1)}'` : undefined,
  ),
  'hexadecimal numbers': each(({ kind, text }) =>
    kind === 'integer' && Number(text) < 2 ** 31 ? `0x${Number(text).toString(16)}` : undefined,
  ),
  tabs: between('\t'),
  'line breaks': between('\r\n'),
  'form feeds and vertical tabs': between('\f\v'),
  'no white space': ({ tokens }) => [
    joined(tokens, (left, right) => (/[,();.=]$/.test(left) || /^[,();.=]/.test(right) ? '' : ' ')),
  ],
  'empty statements around it': ({ text }) => [`;;${text}\n;;`],
} satisfies Readonly<Record<string, Spell>>;
