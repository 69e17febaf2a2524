/** Where a cursor stands in a condition that is being written, so that it need not parse: by its words alone. */
import { conditionEnvironment } from './environment.ts';
import { publicName, withPublicNames } from './functions.ts';
import { receiverOf, type Signature, signatures } from './signatures.ts';
import { type ConditionWord, conditionWords, type TextWord, wordsAndComments } from './words.ts';

export interface ConditionCursor {
  /**
   * `member`: behind a dot. `name`: where a variable or function may stand. `text`: between quotes. `comment`: inside of
   * one. `none`: elsewhere.
   */
  readonly kind: 'member' | 'name' | 'text' | 'comment' | 'none';
  /** What is replaced, in UTF-16 units of the source; of a text what stands between its quotes. */
  readonly start: number;
  readonly end: number;
  /** The type of what stands before the dot. */
  readonly receiver?: string;
  /** What a text is compared with, as a path: `principal.groups`, `resource.labels.env`, `request.sql.actions`. */
  readonly comparedWith?: string;
  /** The text between whose quotes the cursor stands. */
  readonly text?: TextWord;
  /** Variables that macros around the cursor make, with their types. */
  readonly bound: ReadonlyMap<string, string>;
  /** The innermost call around the cursor. */
  readonly call?: ConditionCall;
}

export interface ConditionCall {
  readonly name: string;
  readonly receiver: string | undefined;
  /** Which argument the cursor stands in, counted from 0. */
  readonly argument: number;
  /** Those that fit the name and the receiver's type. */
  readonly signatures: readonly Signature[];
}

const { fields } = conditionEnvironment();

/** The fields of a type, or the variables for an empty one, with their types. */
export function fieldsOf(type: string): ReadonlyMap<string, string> {
  return new Map([...(fields.get(type) ?? [])].map(([name, own]) => [name, withPublicNames(own)]));
}

/** Never throws, whatever the source and the offset. */
export function conditionCursor(source: string, offset: number): ConditionCursor {
  const words = conditionWords(source);
  const reader = new WordReader(words);
  const before = words.findLastIndex(({ start }) => start < offset);
  const bound = reader.boundAt(before, offset);
  const call = reader.callAt(before, offset);
  const base = { bound, ...(call && { call }) };
  const last = words[before];
  const isComment = wordsAndComments(source).some(
    ({ kind, start, end }) => kind === 'comment' && start < offset && offset <= end,
  );
  if (isComment) return { kind: 'comment', start: offset, end: offset, ...base };
  if (last?.kind === 'text' && offset >= last.inner.start && offset <= last.inner.end) {
    const comparedWith = reader.comparedWith(before, bound);
    const { inner } = last;
    return {
      kind: 'text',
      ...inner,
      text: last,
      ...(comparedWith !== undefined && { comparedWith }),
      ...base,
    };
  }
  const inWord = last !== undefined && last.kind === 'name' && offset <= last.end;
  const [start, end] = inWord ? [last.start, last.end] : [offset, offset];
  const previous = words[inWord ? before - 1 : before];
  if (last !== undefined && !inWord && (last.kind === 'number' || last.kind === 'text') && offset <= last.end)
    return { kind: 'none', start, end, ...base };
  if (previous?.text === '.' && previous.kind === 'sign') {
    const receiver = reader.typeBefore(inWord ? before - 1 : before, bound);
    return { kind: 'member', start, end, ...(receiver !== undefined && { receiver }), ...base };
  }
  const operand =
    previous === undefined ||
    (previous.kind === 'sign' && !/^[)\]]$/.test(previous.text)) ||
    previous.text === 'in';
  return { kind: operand ? 'name' : 'none', start, end, ...base };
}

/** The type and place of the word at an offset: a variable, field or function, for hover. */
export interface ConditionWordFacts {
  readonly start: number;
  readonly end: number;
  readonly word: string;
  /** The dotted path, where it begins with a variable: `request.sql.hasWhere`. */
  readonly path: string | undefined;
  readonly type: string | undefined;
  /** What a function is called like. */
  readonly signatures: readonly Signature[];
}

export function conditionWordAt(source: string, offset: number): ConditionWordFacts | undefined {
  const words = conditionWords(source);
  const at = words.findIndex((word) => word.kind === 'name' && word.start <= offset && offset <= word.end);
  const word = words[at];
  if (word === undefined) return undefined;
  const reader = new WordReader(words);
  const bound = reader.boundAt(at, word.start);
  const isCall = words[at + 1]?.text === '(';
  const isMember = words[at - 1]?.text === '.';
  const receiver = isMember ? reader.typeBefore(at - 1, bound) : undefined;
  const found = isCall ? signaturesOf(word.text, isMember ? (receiver ?? '?') : undefined) : [];
  const type = isCall ? undefined : reader.typeEndingAt(at, bound);
  return {
    start: word.start,
    end: word.end,
    word: publicName(word.text),
    path: isCall ? undefined : reader.pathEndingAt(at),
    type,
    signatures: found,
  };
}

function signaturesOf(name: string, receiver: string | undefined): readonly Signature[] {
  const own = receiverOf(receiver);
  return signatures.filter(
    (each) =>
      each.name === name &&
      (receiver === undefined
        ? each.receiver === undefined
        : each.receiver !== undefined && (own === undefined || each.receiver === own)),
  );
}

const opening: Readonly<Record<string, string>> = { ')': '(', ']': '[' };

class WordReader {
  readonly #words: readonly ConditionWord[];

  constructor(words: readonly ConditionWord[]) {
    this.#words = words;
  }

  /** The type of the expression before a dot. */
  typeBefore(dot: number, bound: ReadonlyMap<string, string>): string | undefined {
    return this.typeEndingAt(dot - 1, bound);
  }

  /** The type of the operand whose last word this is, as far as the words tell it. */
  typeEndingAt(at: number, bound: ReadonlyMap<string, string>): string | undefined {
    const word = this.#words[at];
    if (word === undefined) return undefined;
    if (word.kind === 'text') return 'string';
    if (word.kind === 'number') return word.text.includes('.') ? 'double' : 'int';
    if (word.kind === 'name') {
      if (this.#words[at - 1]?.text !== '.') return bound.get(word.text) ?? fieldsOf('').get(word.text);
      const receiver = this.typeBefore(at - 1, bound);
      if (receiver === undefined) return undefined;
      return receiverOf(receiver) === 'map' ? 'string' : fieldsOf(receiver).get(word.text);
    }
    const open = opening[word.text];
    if (open === undefined) return undefined;
    const from = this.#openOf(at);
    const name = this.#words[from - 1];
    if (word.text === ']') {
      const isIndex = name !== undefined && (name.kind === 'name' || name.text === ')' || name.text === ']');
      if (!isIndex) return 'list';
      return elementOf(this.typeEndingAt(from - 1, bound));
    }
    if (name?.kind !== 'name') return from >= 0 ? this.typeEndingAt(at - 1, bound) : undefined;
    const isMethod = this.#words[from - 2]?.text === '.';
    const receiver = isMethod ? this.typeBefore(from - 2, bound) : undefined;
    const [found] = signaturesOf(name.text, isMethod ? (receiver ?? '?') : undefined);
    return found?.returns === 'same' ? receiver : found?.returns;
  }

  /** The dotted names that end at a word: `request.sql.tables`. */
  pathEndingAt(at: number): string | undefined {
    const names: string[] = [];
    for (let each = at; ; each -= 2) {
      const word = this.#words[each];
      if (word?.kind !== 'name') return undefined;
      names.unshift(word.text);
      if (this.#words[each - 1]?.text !== '.') return names.join('.');
    }
  }

  /** What the text at a word is compared with. */
  comparedWith(at: number, bound: ReadonlyMap<string, string>): string | undefined {
    const previous = this.#words[at - 1];
    const next = this.#words[at + 1];
    const path = (end: number): string | undefined => {
      const found = this.pathEndingAt(end);
      return found === undefined ? undefined : (this.#source(found, bound) ?? found);
    };
    if (previous?.text === '==' || previous?.text === '!=') return path(at - 2);
    if (next?.text === '==' || next?.text === '!=' || next?.text === 'in') {
      let end = at + 2;
      while (this.#words[end + 1]?.text === '.' && this.#words[end + 2]?.kind === 'name') end += 2;
      return path(end);
    }
    // `x in ["a", "…"]`
    if (previous?.text === '[' || previous?.text === ',') {
      const open = this.#enclosing(at, '[');
      if (open !== undefined && this.#words[open - 1]?.text === 'in') return path(open - 2);
      if (previous.text === '[') return path(at - 2);
    }
    return undefined;
  }

  /** Of a variable that a macro made, the list that it goes through. */
  #source(path: string, bound: ReadonlyMap<string, string>): string | undefined {
    if (!bound.has(path)) return undefined;
    for (let at = 0; at < this.#words.length; at++) {
      const isMacro =
        this.#words[at]?.text === '(' &&
        this.#words[at + 1]?.text === path &&
        this.#words[at + 2]?.text === ',';
      if (isMacro && this.#words[at - 2]?.text === '.') return this.pathEndingAt(at - 3);
    }
    return undefined;
  }

  boundAt(last: number, offset: number): ReadonlyMap<string, string> {
    const bound = new Map<string, string>();
    for (const open of this.#openCalls(last, offset)) {
      const [name, dot, variable, comma] = [open - 1, open - 2, open + 1, open + 2].map(
        (at) => this.#words[at],
      );
      const isMacro = ['all', 'exists', 'exists_one', 'filter', 'map'].includes(name?.text ?? '');
      if (!isMacro || dot?.text !== '.' || variable?.kind !== 'name' || comma?.text !== ',') continue;
      const type = elementOf(this.typeBefore(open - 2, bound));
      if (type !== undefined) bound.set(variable.text, type);
    }
    return bound;
  }

  callAt(last: number, offset: number): ConditionCall | undefined {
    const bound = this.boundAt(last, offset);
    const open = this.#openCalls(last, offset).at(-1);
    const name = open === undefined ? undefined : this.#words[open - 1];
    if (open === undefined || name?.kind !== 'name') return undefined;
    const isMethod = this.#words[open - 2]?.text === '.';
    const receiver = isMethod ? this.typeBefore(open - 2, bound) : undefined;
    let argument = 0;
    let depth = 0;
    for (let at = open + 1; at <= last; at++) {
      const word = this.#words[at];
      if (word === undefined || word.kind !== 'sign') continue;
      if (/^[([{]$/.test(word.text)) depth++;
      else if (/^[)\]}]$/.test(word.text)) depth--;
      else if (word.text === ',' && depth === 0 && word.end <= offset) argument++;
    }
    return {
      name: name.text,
      receiver,
      argument,
      signatures: signaturesOf(name.text, isMethod ? (receiver ?? '?') : undefined),
    };
  }

  /** Parentheses of calls that are open at an offset, outer ones first. */
  #openCalls(last: number, offset: number): readonly number[] {
    const open: number[] = [];
    for (let at = 0; at <= last; at++) {
      const word = this.#words[at];
      if (word === undefined || word.kind !== 'sign' || word.end > offset) continue;
      if (/^[([{]$/.test(word.text)) open.push(at);
      else if (/^[)\]}]$/.test(word.text)) open.pop();
    }
    return open.filter((at) => this.#words[at]?.text === '(' && this.#words[at - 1]?.kind === 'name');
  }

  #enclosing(from: number, bracket: string): number | undefined {
    let depth = 0;
    for (let at = from - 1; at >= 0; at--) {
      const { text = '', kind } = this.#words[at] ?? {};
      if (kind !== 'sign') continue;
      if (/^[)\]}]$/.test(text)) depth++;
      else if (/^[([{]$/.test(text) && depth-- === 0) return text === bracket ? at : undefined;
    }
    return undefined;
  }

  #openOf(close: number): number {
    let depth = 0;
    for (let at = close; at >= 0; at--) {
      const { text = '', kind } = this.#words[at] ?? {};
      if (kind !== 'sign') continue;
      if (/^[)\]}]$/.test(text)) depth++;
      else if (/^[([{]$/.test(text) && --depth === 0) return at;
    }
    return -1;
  }
}

/** What a list holds; of a map its values. */
function elementOf(type: string | undefined): string | undefined {
  if (receiverOf(type) === 'map') return 'string';
  return /^list<(.*)>$/.exec(type ?? '')?.[1];
}
