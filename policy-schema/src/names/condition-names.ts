import type { NameKind } from '../model/names.ts';
import { type ConditionWord, conditionWords, type TextWord } from '../conditions/words.ts';

/** A name that a condition holds. Offsets are UTF-16 units of its source, without quotes. */
export interface ConditionName {
  readonly kind: NameKind;
  /** As in {@link import('../model/names.ts').NameUse}; a part of a name is a pattern with `*`. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** The text that it is; absent for a field, such as `env` of `resource.labels.env`. */
  readonly text?: TextWord;
}

/** What a path speaks of: one name, some of them, or all labels. */
type Subject =
  | { readonly kind: 'group' | 'person' | 'agent' | 'resource' }
  | { readonly kind: 'labels' }
  | { readonly kind: 'label'; readonly key: string };

const subjects: Readonly<Record<string, Subject>> = {
  'principal.groups': { kind: 'group' },
  'principal.person': { kind: 'person' },
  'principal.agent': { kind: 'agent' },
  'resource.name': { kind: 'resource' },
  'resource.labels': { kind: 'labels' },
};

const partTests: Readonly<Record<string, (part: string) => string>> = {
  startsWith: (part) => `${part}*`,
  endsWith: (part) => `*${part}`,
  contains: (part) => `*${part}*`,
};

const macros: ReadonlySet<string> = new Set(['exists', 'all', 'exists_one', 'filter', 'map']);

/** The names that a condition compares with what is known of the principal and the resource. Never throws. */
export function namesInCondition(source: string): readonly ConditionName[] {
  if (!/principal|resource/.test(source)) return [];
  return new ConditionReader(conditionWords(source)).read();
}

class ConditionReader {
  readonly #words: readonly ConditionWord[];
  readonly #found: ConditionName[] = [];

  constructor(words: readonly ConditionWord[]) {
    this.#words = words;
  }

  read(): readonly ConditionName[] {
    this.#words.forEach((_, at) => {
      const path = this.#pathAt(at);
      if (path === undefined) return;
      this.#compared(path.subject, at, path.end);
      this.#comprehended(path.subject, path.end);
    });
    const once = new Map(this.#found.map((each) => [`${each.kind} ${each.start}`, each]));
    return [...once.values()].sort((a, b) => a.start - b.start);
  }

  #sign(at: number, text: string): boolean {
    const word = this.#words[at];
    return word?.kind === 'sign' && word.text === text;
  }

  #name(at: number): string | undefined {
    const word = this.#words[at];
    return word?.kind === 'name' ? word.text : undefined;
  }

  /** A text that stands alone: not a piece of a longer one. */
  #text(at: number): TextWord | undefined {
    const word = this.#words[at];
    return word?.kind === 'text' && !this.#sign(at - 1, '+') && !this.#sign(at + 1, '+') ? word : undefined;
  }

  #pathAt(at: number): { readonly subject: Subject; readonly end: number } | undefined {
    const root = this.#name(at);
    if ((root !== 'principal' && root !== 'resource') || this.#sign(at - 1, '.') || !this.#sign(at + 1, '.'))
      return undefined;
    const path = `${root}.${this.#name(at + 2) ?? ''}`;
    const subject = Object.hasOwn(subjects, path) ? subjects[path] : undefined;
    if (subject === undefined) return undefined;
    const end = at + 3;
    if (subject.kind !== 'labels') return { subject, end };
    const field = this.#words[end + 1];
    const dotted = this.#sign(end, '.') || this.#sign(end, '.?');
    if (dotted && field?.kind === 'name' && !this.#sign(end + 2, '(')) {
      this.#found.push({ kind: 'label', name: field.text, start: field.start, end: field.end });
      return { subject: { kind: 'label', key: field.text }, end: end + 2 };
    }
    const indexed = this.#sign(end, '[') || this.#sign(end, '[?');
    if (indexed && field?.kind === 'text' && this.#sign(end + 2, ']')) {
      this.#push('label', field.text, field);
      return { subject: { kind: 'label', key: field.text }, end: end + 3 };
    }
    return { subject, end };
  }

  /** Texts that the words from `start` up to `end`, which stand for the subject, are held against. */
  #compared(subject: Subject, start: number, end: number): void {
    for (const sign of ['==', '!=']) {
      if (this.#sign(end, sign)) this.#use(subject, end + 1);
      if (this.#sign(start - 1, sign)) this.#use(subject, start - 2);
    }
    if (this.#name(end) === 'in' && this.#sign(end + 1, '[')) this.#useList(subject, end + 1);
    if (this.#name(start - 1) === 'in') this.#use(subject, start - 2);
    const method = this.#sign(end, '.') ? (this.#name(end + 1) ?? '') : '';
    const part = this.#sign(end + 2, '(') && this.#sign(end + 4, ')') ? this.#words[end + 3] : undefined;
    if (part?.kind !== 'text' || !Object.hasOwn(partTests, method)) return;
    const pattern = partTests[method]?.(part.text) ?? part.text;
    if (subject.kind === 'label') this.#push('label', `${subject.key}=${pattern}`, part);
    else if (subject.kind !== 'labels' && subject.kind !== 'group') this.#push(subject.kind, pattern, part);
  }

  /** `principal.groups.exists(g, g == "dba")`: in there, the variable stands for the subject. */
  #comprehended(subject: Subject, end: number): void {
    const variable = this.#sign(end, '.') ? this.#variable(end + 1) : undefined;
    if (variable === undefined) return;
    const element: Subject = subject;
    const close = this.#close(end + 2);
    for (let at = end + 5; at < close; at++) {
      if (this.#name(at) === variable && !this.#sign(at - 1, '.')) this.#compared(element, at, at + 1);
    }
  }

  /** The variable of a macro whose name stands at a place. */
  #variable(at: number): string | undefined {
    if (!macros.has(this.#name(at) ?? '') || !this.#sign(at + 1, '(') || !this.#sign(at + 3, ','))
      return undefined;
    return this.#name(at + 2);
  }

  #use(subject: Subject, at: number): void {
    const text = this.#text(at);
    if (text !== undefined) this.#pushFor(subject, text);
    const variable = this.#name(at);
    if (variable !== undefined && !this.#sign(at - 1, '.')) this.#useBound(subject, variable, at);
  }

  /** `["a", "b"].exists(x, x in principal.groups)`: the texts of the list are held against the subject. */
  #useBound(subject: Subject, variable: string, before: number): void {
    for (let at = before - 1; at >= 0; at--) {
      if (this.#variable(at) !== variable || this.#close(at + 1) < before) continue;
      if (!this.#sign(at - 1, '.') || !this.#sign(at - 2, ']')) return;
      let open = at - 3;
      while (open >= 0 && !this.#sign(open, '[') && !this.#sign(open, ']')) open--;
      if (this.#sign(open, '[')) this.#useList(subject, open);
      return;
    }
  }

  #useList(subject: Subject, open: number): void {
    for (let at = open + 1; at < this.#words.length && !this.#sign(at, ']'); at++) {
      const ends = this.#sign(at + 1, ',') || this.#sign(at + 1, ']');
      const begins = at === open + 1 || this.#sign(at - 1, ',');
      const text = begins && ends ? this.#text(at) : undefined;
      if (text !== undefined) this.#pushFor(subject, text);
    }
  }

  #pushFor(subject: Subject, text: TextWord): void {
    if (subject.kind === 'label') this.#push('label', `${subject.key}=${text.text}`, text);
    else this.#push(subject.kind === 'labels' ? 'label' : subject.kind, text.text, text);
  }

  #push(kind: NameKind, name: string, text: TextWord): void {
    this.#found.push({ kind, name, ...text.inner, text });
  }

  /** Where the bracket closes that opens at a place; the end of all words for one that is left open. */
  #close(open: number): number {
    let depth = 0;
    for (let at = open; at < this.#words.length; at++) {
      if (this.#sign(at, '(')) depth++;
      if (this.#sign(at, ')') && --depth === 0) return at;
    }
    return this.#words.length;
  }
}
