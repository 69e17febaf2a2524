/** Where a cursor stands in YAML that is being written, and so is broken most of the time: by its lines and brackets alone. */

export type Step = string | number;

/** What may be written at the cursor. */
export interface Spot {
  /**
   * `key`: a key of the mapping at `path`. `value`: the value at `path`. `either`: what begins there may become a mapping's
   * first key or a value.
   */
  readonly kind: 'key' | 'value' | 'either';
  /** Keys and indexes from the root. */
  readonly path: readonly Step[];
  /** What stands there already, and is replaced: from its start, quotes included, to the end of the word. */
  readonly start: number;
  readonly end: number;
  /** The text from the start to the cursor, without an opening quote. */
  readonly typed: string;
  readonly quote: '"' | "'" | undefined;
  /** Inside of `{}` or `[]`. */
  readonly flow: boolean;
  /** Column of the line's first character, counted from 0. */
  readonly indent: number;
  /** The value is a block scalar, or text over several lines; `start` is that of the text. */
  readonly block: boolean;
}

interface Frame {
  /** Of a list half a column more than its dash, so that keys at the dash's column end it. */
  readonly indent: number;
  readonly kind: 'mapping' | 'list';
  step: Step;
}

const key =
  /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#{}[\],&*!|>'"%@`-][^:#]*?|-[^\s:][^:#]*?)[ \t]*:(?=\s|$)/;

/** What may be written at an offset; undefined inside of comments. Never throws. */
export function spotAt(text: string, offset: number): Spot | undefined {
  return new Scanner(text, offset).spot();
}

class Scanner {
  readonly #text: string;
  readonly #offset: number;
  readonly #frames: Frame[] = [];

  constructor(text: string, offset: number) {
    this.#text = text;
    this.#offset = offset;
  }

  spot(): Spot | undefined {
    let at = 0;
    for (;;) {
      const next = this.#line(at);
      if (typeof next !== 'number') return next.spot;
      at = next;
    }
  }

  /** Read the line that begins at `at`; the start of the next, or the spot where the cursor is reached. */
  #line(at: number): number | { readonly spot: Spot | undefined } {
    const end = endOfLine(this.#text, at);
    const line = this.#text.slice(at, end);
    const last = this.#offset <= end;
    const indent = line.length - line.trimStart().length;
    if (line.trim() === '' || (line.trimStart().startsWith('#') && !(last && this.#offset <= at + indent))) {
      if (!last) return nextLine(this.#text, end);
      if (line.trim() !== '') return { spot: undefined };
      return { spot: this.#blank(this.#offset - at) };
    }
    return this.#content(at, indent, end, last);
  }

  #content(
    lineStart: number,
    first: number,
    end: number,
    last: boolean,
  ): number | { readonly spot: Spot | undefined } {
    let column = first;
    for (;;) {
      const rest = this.#text.slice(lineStart + column, end);
      const dash = /^-([ \t]+|$)/.exec(rest);
      if (dash === null || (last && this.#offset <= lineStart + column)) break;
      this.#popAbove(column + 0.5);
      const top = this.#frames.at(-1);
      if (top?.indent === column + 0.5) top.step = Number(top.step) + 1;
      else this.#frames.push({ indent: column + 0.5, kind: 'list', step: 0 });
      column += dash[0].length;
      if (
        last &&
        this.#offset <= lineStart + column &&
        this.#offset > lineStart + column - dash[0].length + 1
      ) {
        if (this.#text.slice(lineStart + column, end).trim() === '' || this.#offset < lineStart + column)
          return { spot: this.#empty('either', this.#offset - lineStart) };
        break;
      }
      if (rest.trim() === '-') {
        return last ? { spot: this.#empty('either', column) } : nextLine(this.#text, end);
      }
    }
    const start = lineStart + column;
    const content = this.#text.slice(start, end);
    const found = key.exec(content);
    if (found === null || (last && this.#offset <= start + found[0].length - 1)) {
      if (found !== null || last) {
        if (!last) return nextLine(this.#text, end);
        const opened = /^[{[]/.test(content) ? this.#flow(start, column) : undefined;
        if (opened !== undefined) return opened;
        this.#popAbove(column);
        const kind = this.#isInMapping(column) ? 'key' : 'either';
        return { spot: this.#word(kind, start, column) };
      }
      if (/^[{[]/.test(content)) return this.#flow(start, column);
      return nextLine(this.#text, end);
    }
    this.#popAbove(column);
    const top = this.#frames.at(-1);
    const name = unquoted(found[1] ?? '');
    if (top?.kind === 'mapping' && top.indent === column) top.step = name;
    else this.#frames.push({ indent: column, kind: 'mapping', step: name });
    return this.#value(start + found[0].length, end, column, last);
  }

  #value(
    from: number,
    end: number,
    column: number,
    last: boolean,
  ): number | { readonly spot: Spot | undefined } {
    const gap = /^[ \t]*/.exec(this.#text.slice(from, end))?.[0].length ?? 0;
    const start = from + gap;
    const value = this.#text.slice(start, end);
    const block = /^[|>][-+0-9]*[ \t]*(#.*)?$/.test(value);
    if (block && !(last && this.#offset <= start)) return this.#blockScalar(end, column, last);
    if (/^[{[]/.test(value) && !(last && this.#offset <= start)) return this.#flow(start, column);
    if (!last) return this.#multiLine(start, end, column);
    if (this.#offset < start || value === '') return { spot: this.#emptyValue(column) };
    return { spot: this.#word('value', start, column) };
  }

  /** A plain or quoted value may go on in lines that are indented more. */
  #multiLine(start: number, end: number, column: number): number | { readonly spot: Spot | undefined } {
    if (start === end) return nextLine(this.#text, end);
    let at = nextLine(this.#text, end);
    for (;;) {
      if (at > this.#text.length) return at;
      const lineEnd = endOfLine(this.#text, at);
      const line = this.#text.slice(at, lineEnd);
      const indent = line.length - line.trimStart().length;
      const goesOn =
        line.trim() !== '' && indent > column && !/^\s*(#|- )/.test(line) && !key.test(line.trimStart());
      if (!goesOn) return at;
      if (this.#offset <= lineEnd) return { spot: this.#longText(start, column) };
      at = nextLine(this.#text, lineEnd);
      if (at >= this.#text.length && this.#offset >= this.#text.length)
        return { spot: this.#longText(start, column) };
    }
  }

  #blockScalar(end: number, column: number, last: boolean): number | { readonly spot: Spot | undefined } {
    if (last) return { spot: undefined };
    const from = nextLine(this.#text, end);
    let at = from;
    for (;;) {
      const lineEnd = endOfLine(this.#text, at);
      const line = this.#text.slice(at, lineEnd);
      const indent = line.length - line.trimStart().length;
      const inside = line.trim() === '' ? this.#offset > at + column || at === from : indent > column;
      if (!inside && !(line.trim() === '' && this.#offset > lineEnd)) return at;
      if (this.#offset <= lineEnd) return { spot: this.#longText(Math.min(from, this.#offset), column) };
      if (lineEnd >= this.#text.length) return { spot: this.#longText(from, column) };
      at = nextLine(this.#text, lineEnd);
    }
  }

  /** Brackets, to their end or to the cursor. */
  #flow(from: number, column: number): number | { readonly spot: Spot | undefined } {
    const outer = this.#frames.length;
    /** Whether a key's colon was read, for each open mapping; lists always hold values. */
    const open: { readonly kind: 'mapping' | 'list'; inValue: boolean }[] = [];
    let at = from;
    let token = from;
    const done = (): boolean => at >= this.#offset;
    while (at < this.#text.length && !done()) {
      const unit = this.#text[at] ?? '';
      const state = open.at(-1);
      if (unit === '"' || unit === "'") {
        const close = closing(this.#text, at, this.#offset);
        if (close >= this.#offset) break;
        at = close;
      } else if (unit === '{' || unit === '[') {
        const kind = unit === '{' ? 'mapping' : 'list';
        open.push({ kind, inValue: kind === 'list' });
        this.#frames.push({ indent: Number.POSITIVE_INFINITY, kind, step: kind === 'list' ? 0 : '' });
        token = at + 1;
      } else if (unit === '}' || unit === ']') {
        open.pop();
        this.#frames.pop();
        token = at + 1;
        if (open.length === 0) {
          at++;
          break;
        }
      } else if (unit === ',') {
        const top = this.#frames.at(-1);
        if (state?.kind === 'list' && top) top.step = Number(top.step) + 1;
        else if (state) state.inValue = false;
        token = at + 1;
      } else if (
        unit === ':' &&
        state?.kind === 'mapping' &&
        !state.inValue &&
        /[\s,}\]]|$/.test(this.#text[at + 1] ?? '')
      ) {
        const top = this.#frames.at(-1);
        if (top) top.step = unquoted(this.#text.slice(token, at).trim());
        state.inValue = true;
        token = at + 1;
      } else if (unit === '#' && /\s/.test(this.#text[at - 1] ?? ' ')) {
        const end = endOfLine(this.#text, at);
        if (this.#offset <= end) return { spot: undefined };
        at = end;
      }
      at++;
    }
    if (open.length === 0) {
      this.#frames.length = outer;
      return this.#afterFlow(at);
    }
    const state = open.at(-1);
    while (token < this.#offset && /\s/.test(this.#text[token] ?? '')) token++;
    const kind = state?.inValue ? 'value' : 'key';
    return { spot: this.#word(kind, token, column, true) };
  }

  #afterFlow(at: number): number | { readonly spot: Spot | undefined } {
    const end = endOfLine(this.#text, at);
    return this.#offset <= end ? { spot: undefined } : nextLine(this.#text, end);
  }

  #popAbove(indent: number): void {
    while ((this.#frames.at(-1)?.indent ?? -1) > indent) this.#frames.pop();
  }

  #isInMapping(column: number): boolean {
    const top = this.#frames.at(-1);
    return top === undefined || (top.kind === 'mapping' && top.indent === column);
  }

  /** Nothing but blanks before the cursor. */
  #blank(column: number): Spot {
    this.#popAbove(column);
    return this.#empty(this.#isInMapping(column) ? 'key' : 'either', column);
  }

  #empty(kind: Spot['kind'], indent: number): Spot {
    const path = this.#path(kind === 'key');
    return {
      ...this.#plain(kind, path, indent),
      start: this.#offset,
      end: this.#wordEnd(this.#offset),
      typed: '',
    };
  }

  #emptyValue(indent: number): Spot {
    const base = this.#plain('value', this.#path(false), indent);
    return { ...base, start: this.#offset, end: this.#wordEnd(this.#offset), typed: '' };
  }

  #word(kind: Spot['kind'], start: number, indent: number, flow = false): Spot {
    const from = Math.min(start, this.#offset);
    const first = this.#text[from];
    const quote = from < this.#offset && (first === '"' || first === "'") ? first : undefined;
    const typed = this.#text.slice(quote === undefined ? from : from + 1, this.#offset);
    const base = this.#plain(kind, this.#path(kind === 'key'), indent);
    return { ...base, start: from, end: this.#wordEnd(this.#offset, quote), typed, quote, flow };
  }

  #longText(start: number, indent: number): Spot {
    const base = this.#plain('value', this.#path(false), indent);
    return { ...base, start, end: this.#offset, typed: this.#text.slice(start, this.#offset), block: true };
  }

  #plain(kind: Spot['kind'], path: readonly Step[], indent: number): Omit<Spot, 'start' | 'end' | 'typed'> {
    return { kind, path, quote: undefined, flow: false, indent, block: false };
  }

  /** @param ofMapping the mapping's own path, without the key that is being written */
  #path(ofMapping: boolean): readonly Step[] {
    const steps = this.#frames.map(({ step }) => step);
    return ofMapping ? steps.slice(0, -1) : steps;
  }

  #wordEnd(from: number, quote?: string): number {
    const rest = /^[^\s,:{}[\]"'#]*/.exec(this.#text.slice(from, from + 200))?.[0].length ?? 0;
    const end = from + rest;
    return quote !== undefined && this.#text[end] === quote ? end + 1 : end;
  }
}

function unquoted(word: string): string {
  return /^(["']).*\1$/s.test(word) ? word.slice(1, -1) : word;
}

/** The closing quote of a text, or `limit` where there is none before. */
function closing(text: string, open: number, limit: number): number {
  const quote = text[open];
  for (let at = open + 1; at < Math.min(text.length, limit); at++) {
    if (text[at] === '\\' && quote === '"') at++;
    else if (text[at] === quote) {
      if (quote === "'" && text[at + 1] === "'") at++;
      else return at;
    }
  }
  return limit;
}

function endOfLine(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at++;
  return at;
}

function nextLine(text: string, end: number): number {
  return text[end] === '\r' && text[end + 1] === '\n' ? end + 2 : end + 1;
}
