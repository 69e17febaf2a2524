/**
 * Which programs a shell text runs, and with what words: enough for what an honest agent writes. Nothing is expanded, so
 * a text that hides what it does is not seen through; what holds then are the gate and the credentials that only it has.
 */

export type Dialect = 'sh' | 'powershell';

export interface Word {
  /** Without quotes and escapes; expansions stay as they are written. */
  readonly text: string;
  /** Nothing in it is left to the shell. */
  readonly exact: boolean;
}

export interface Redirect {
  readonly operator: string;
  /** A file, or for `<<` the text of the here-document. */
  readonly target: Word;
}

export interface SimpleCommand {
  readonly assignments: readonly { readonly name: string; readonly value: Word }[];
  readonly words: readonly Word[];
  readonly redirects: readonly Redirect[];
}

/** Every simple command of a text in order, those of substitutions before the command that uses them. */
export function simpleCommands(text: string, dialect: Dialect = 'sh'): readonly SimpleCommand[] {
  const scanner = new Scanner(text, dialect, 0);
  scanner.run();
  return scanner.commands;
}

/** Words that introduce a command and are none. */
const reserved = new Set(['if', 'then', 'elif', 'else', 'while', 'until', 'do', 'time', '!', '{', '}']);
const blank = /[ \t\r]/;
const boundary = /[;&|()\n]/;
const assignment = /^([A-Za-z_]\w*)=/;
/** `$env:NAME=value`, as PowerShell sets what it hands to programs. */
const powershellAssignment = /^\$env:([A-Za-z_]\w*)$/i;
/** Substitutions inside of substitutions; deeper ones are no honest text. */
const deepest = 20;

class Scanner {
  readonly commands: SimpleCommand[] = [];
  readonly #text: string;
  readonly #dialect: Dialect;
  readonly #escape: string;
  readonly #depth: number;
  #at = 0;
  #words: Word[] = [];
  #redirects: Redirect[] = [];
  #operator: string | undefined;
  #documents: { readonly delimiter: string; readonly redirects: Redirect[] }[] = [];

  constructor(text: string, dialect: Dialect, depth: number) {
    this.#text = text;
    this.#dialect = dialect;
    this.#escape = dialect === 'sh' ? '\\' : '`';
    this.#depth = depth;
  }

  run(): void {
    while (this.#at < this.#text.length) this.#step();
    this.#finish();
  }

  #step(): void {
    const char = this.#peek();
    if (blank.test(char)) this.#at++;
    else if (char === '#') this.#skipComment();
    else if (/^\d*(<|>)/.test(this.#text.slice(this.#at, this.#at + 8)) || this.#starts('&>'))
      this.#redirect();
    else if (boundary.test(char)) this.#end(char);
    else this.#push(this.#word());
  }

  #peek(ahead = 0): string {
    return this.#text[this.#at + ahead] ?? '';
  }

  #starts(text: string): boolean {
    return this.#text.startsWith(text, this.#at);
  }

  #skipComment(): void {
    const end = this.#text.indexOf('\n', this.#at);
    this.#at = end === -1 ? this.#text.length : end;
  }

  #end(char: string): void {
    this.#at++;
    this.#finish();
    if (char === '\n' && this.#documents.length > 0) this.#readDocuments();
  }

  #push(word: Word): void {
    if (this.#operator === undefined) {
      const isReserved = this.#words.length === 0 && word.exact && reserved.has(word.text);
      if (!isReserved) this.#words.push(word);
      return;
    }
    if (this.#operator.startsWith('<<') && this.#operator !== '<<<') {
      this.#documents.push({ delimiter: word.text, redirects: this.#redirects });
    } else {
      this.#redirects.push({ operator: this.#operator, target: word });
    }
    this.#operator = undefined;
  }

  #redirect(): void {
    if (this.#starts('<(') || this.#starts('>(')) {
      this.#at += 2;
      this.#push({ text: this.#nested(), exact: false });
      return;
    }
    const found = /^(?:\d*|&)(<<<|<<-|<<|<>|<&|>>|>&|>\||<|>)&?/.exec(
      this.#text.slice(this.#at, this.#at + 12),
    );
    this.#at += found?.[0].length ?? 1;
    this.#operator = found?.[1] ?? '>';
  }

  /** The text of a word from here on, its quotes taken away. */
  #word(): Word {
    let text = '';
    let exact = true;
    const add = (piece: Word): void => {
      text += piece.text;
      exact &&= piece.exact;
    };
    for (;;) {
      const char = this.#peek();
      if (char === '' || blank.test(char) || boundary.test(char) || char === '<' || char === '>') break;
      if (char === "'") add(this.#quoted());
      else if (char === '"') add(this.#doubleQuoted());
      else if (char === this.#escape) add(this.#escaped());
      else if (char === '$' || char === '`') add(this.#expansion());
      else {
        text += char;
        exact &&= !/[*?[\]~]/.test(char);
        this.#at++;
      }
    }
    return { text, exact };
  }

  #escaped(): Word {
    const next = this.#peek(1);
    this.#at += 2;
    return { text: next === '\n' ? '' : next, exact: true };
  }

  #quoted(): Word {
    let text = '';
    for (;;) {
      const end = this.#text.indexOf("'", this.#at + 1);
      text += this.#text.slice(this.#at + 1, end === -1 ? undefined : end);
      this.#at = end === -1 ? this.#text.length : end + 1;
      // PowerShell doubles a quote to mean one.
      if (this.#dialect === 'sh' || end === -1 || this.#peek() !== "'") return { text, exact: true };
      text += "'";
    }
  }

  #doubleQuoted(): Word {
    let text = '';
    let exact = true;
    this.#at++;
    while (this.#at < this.#text.length && this.#peek() !== '"') {
      const char = this.#peek();
      const isExpansion = char === '$' || (char === '`' && this.#dialect === 'sh');
      let piece: Word;
      if (char === this.#escape) piece = this.#escapedInQuotes();
      else if (isExpansion) piece = this.#expansion();
      else {
        piece = { text: char, exact: true };
        this.#at++;
      }
      text += piece.text;
      exact &&= piece.exact;
    }
    this.#at++;
    return { text, exact };
  }

  #escapedInQuotes(): Word {
    const next = this.#peek(1);
    this.#at += 2;
    if (next === '\n') return { text: '', exact: true };
    const kept = this.#dialect === 'sh' && !/[$`"\\]/.test(next);
    return { text: kept ? `\\${next}` : next, exact: true };
  }

  #expansion(): Word {
    if (this.#starts("$'")) {
      this.#at++;
      return this.#ansiQuoted();
    }
    if (this.#starts('$(') || this.#starts('@(')) {
      this.#at += 2;
      return { text: this.#nested(), exact: false };
    }
    if (this.#peek() === '`' && this.#dialect === 'sh') {
      const end = this.#text.indexOf('`', this.#at + 1);
      const inside = this.#text.slice(this.#at + 1, end === -1 ? undefined : end);
      this.#at = end === -1 ? this.#text.length : end + 1;
      this.#take(inside);
      return { text: '', exact: false };
    }
    const name =
      /^\$(\{[^}]*\}|env:\w+|\w+|.)?/i.exec(this.#text.slice(this.#at, this.#at + 300))?.[0] ?? '$';
    this.#at += name.length;
    return { text: name, exact: name === '$' };
  }

  /** `$'…'`: a backslash stands for more than itself. */
  #ansiQuoted(): Word {
    let text = '';
    this.#at++;
    while (this.#at < this.#text.length && this.#peek() !== "'") {
      if (this.#peek() !== '\\') {
        text += this.#peek();
        this.#at++;
        continue;
      }
      const code = /^\\(?:x([\dA-Fa-f]{1,2})|([0-7]{1,3})|u([\dA-Fa-f]{1,4})|(.))/s.exec(
        this.#text.slice(this.#at, this.#at + 6),
      );
      const number = code?.[1] ?? code?.[3];
      if (number !== undefined) text += String.fromCharCode(Number.parseInt(number, 16));
      else if (code?.[2] !== undefined) text += String.fromCharCode(Number.parseInt(code[2], 8));
      else
        text += ({ n: '\n', t: '\t', r: '\r' } as Record<string, string>)[code?.[4] ?? ''] ?? code?.[4] ?? '';
      this.#at += code?.[0].length ?? 1;
    }
    this.#at++;
    return { text, exact: true };
  }

  /** Read what stands in parentheses from here on as commands of its own. */
  #nested(): string {
    const start = this.#at;
    let depth = 1;
    let quote = '';
    while (this.#at < this.#text.length && depth > 0) {
      const char = this.#peek();
      if (char === this.#escape && quote !== "'") this.#at++;
      else if (quote !== '') quote = char === quote ? '' : quote;
      else if (char === "'" || char === '"') quote = char;
      else if (char === '(') depth++;
      else if (char === ')') depth--;
      this.#at++;
    }
    this.#take(this.#text.slice(start, depth === 0 ? this.#at - 1 : this.#at));
    return '';
  }

  #take(inside: string): void {
    if (this.#depth >= deepest) return;
    const scanner = new Scanner(inside, this.#dialect, this.#depth + 1);
    scanner.run();
    this.commands.push(...scanner.commands);
  }

  #readDocuments(): void {
    for (const { delimiter, redirects } of this.#documents) {
      const lines: string[] = [];
      while (this.#at < this.#text.length) {
        const end = this.#text.indexOf('\n', this.#at);
        const line = this.#text.slice(this.#at, end === -1 ? undefined : end);
        this.#at = end === -1 ? this.#text.length : end + 1;
        if (line.replace(/^\t+/, '') === delimiter) break;
        lines.push(line);
      }
      redirects.push({ operator: '<<', target: { text: lines.join('\n'), exact: true } });
    }
    this.#documents = [];
  }

  #finish(): void {
    const words = this.#words;
    const redirects = this.#redirects;
    const assignments: { name: string; value: Word }[] = [];
    const variable = powershellAssignment.exec(words[0]?.text ?? '')?.[1];
    if (variable !== undefined && words[1]?.text === '=') {
      assignments.push({ name: variable, value: words[2] ?? { text: '', exact: true } });
      words.splice(0, 3);
    }
    while (words[0] !== undefined) {
      const [first] = words;
      const name = assignment.exec(first.text)?.[1] ?? /^\$env:(\w+)=/i.exec(first.text)?.[1];
      if (name === undefined) break;
      assignments.push({ name, value: { ...first, text: first.text.slice(first.text.indexOf('=') + 1) } });
      words.shift();
    }
    if (assignments.length + words.length + redirects.length + this.#documents.length > 0)
      this.commands.push({ assignments, words, redirects });
    this.#words = [];
    this.#redirects = [];
    this.#operator = undefined;
  }
}
