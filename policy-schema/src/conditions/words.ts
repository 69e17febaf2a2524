/**
 * The words of a condition, also of one that is still being written and does not parse: names are looked for in these, not
 * in the tree.
 */
export type ConditionWord =
  | {
      readonly kind: 'name' | 'number' | 'sign';
      readonly text: string;
      readonly start: number;
      readonly end: number;
    }
  | TextWord;

/** A text between quotes. Offsets are UTF-16 units of the condition's source. */
export interface TextWord {
  readonly kind: 'text';
  /** Without quotes; escapes of more than one character stay as they are written. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** What stands between the quotes. */
  readonly inner: { readonly start: number; readonly end: number };
  readonly quote: "'" | '"';
  /** `r"…"`: a backslash is one. */
  readonly raw: boolean;
}

/** `// …` to the end of its line, without the break. */
export interface CommentWord {
  readonly kind: 'comment';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const word =
  /([rRbB]{0,2})("""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:[^"\\\r\n]|\\[\s\S])*"?|'(?:[^'\\\r\n]|\\[\s\S])*'?)|([A-Za-z_]\w*)|(\d[\w.]*)|(\/\/[^\r\n]*)|(==|!=|<=|>=|&&|\|\||\.\?|\[\?|[^\s\w])/g;
const rawWord =
  /[rR][bB]?("""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"[^"\r\n]*"?|'[^'\r\n]*'?)|[bB][rR]("[^"\r\n]*"?|'[^'\r\n]*'?)/y;

/** The words of a condition without its comments. Never throws, whatever the source. */
export function conditionWords(source: string): readonly ConditionWord[] {
  const words = wordsAndComments(source);
  return words.every(isWord) ? words : words.filter(isWord);
}

function isWord(each: ConditionWord | CommentWord): each is ConditionWord {
  return each.kind !== 'comment';
}

/** All that a condition holds beside blanks, in order. Never throws, whatever the source. */
export function wordsAndComments(source: string): readonly (ConditionWord | CommentWord)[] {
  const words: (ConditionWord | CommentWord)[] = [];
  word.lastIndex = 0;
  for (let match = word.exec(source); match !== null; match = word.exec(source)) {
    const [whole, prefix = '', quoted, name, number, comment] = match;
    const start = match.index;
    if (comment !== undefined) {
      words.push({ kind: 'comment', text: comment, start, end: start + comment.length });
      continue;
    }
    if (quoted === undefined) {
      const kind = name !== undefined ? 'name' : number !== undefined ? 'number' : 'sign';
      words.push({ kind, text: whole, start, end: start + whole.length });
      continue;
    }
    let literal = quoted;
    const raw = /[rR]/.test(prefix);
    if (raw) {
      // There a backslash does not keep a quote from closing.
      rawWord.lastIndex = start;
      const found = rawWord.exec(source);
      literal = found?.[1] ?? found?.[2] ?? quoted;
      word.lastIndex = start + prefix.length + literal.length;
    }
    words.push(textWord(literal, start, start + prefix.length, raw));
  }
  return words;
}

function textWord(literal: string, start: number, at: number, raw: boolean): TextWord {
  const quote = literal.startsWith("'") ? "'" : '"';
  const marks = literal.startsWith(quote.repeat(3)) ? 3 : 1;
  const closed = literal.length >= 2 * marks && literal.endsWith(quote.repeat(marks));
  const inner = { start: at + marks, end: at + literal.length - (closed ? marks : 0) };
  const written = literal.slice(marks, literal.length - (closed ? marks : 0));
  return {
    kind: 'text',
    text: raw ? written : written.replace(/\\(["'`\\?])/g, '$1'),
    start,
    end: at + literal.length,
    inner,
    quote,
    raw,
  };
}
