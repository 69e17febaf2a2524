/**
 * One name for each way in which patterns can meet: the shortest text for every set of patterns that some text matches
 * all of, and none of the others. What only looks at names through these patterns cannot tell two texts of one set
 * apart, so these few stand for all names.
 */

/** The pieces between the `*` of a pattern, in order; one piece alone is the text itself. */
export type Pieces = readonly string[];

export const piecesOf = (pattern: string): Pieces => pattern.split('*');

export interface NameOptions {
  /** How many dotted segments a name has; absent: any text but the empty one. */
  readonly segments?: number;
  /** Names to take where they do as well as a made one, the better first. */
  readonly known?: readonly string[];
  /** At most so many steps of the search. */
  readonly steps: number;
}

export interface Names {
  /** The texts, known ones first, then by length. None is `*`. */
  readonly names: readonly string[];
  /** Whether each way in which patterns can meet has its name. */
  readonly complete: boolean;
}

/** A pattern as a machine that reads one character after the other. State -1: it cannot match any more. */
class Machine {
  readonly #pieces: Pieces;
  readonly #fail: readonly (readonly number[])[];
  readonly #first: readonly number[];

  constructor(pieces: Pieces) {
    const [head = '', ...rest] = pieces;
    const tail = rest.pop() ?? '';
    this.#pieces = [head, ...rest.filter((piece) => piece !== ''), tail];
    this.#fail = this.#pieces.map(failures);
    let place = 0;
    this.#first = this.#pieces.map((piece) => {
      const first = place;
      place += piece.length + 1;
      return first;
    });
  }

  alphabet(): readonly string[] {
    return this.#pieces.flatMap((piece) => piece.split(''));
  }

  start(): number {
    return this.#settle(0, 0);
  }

  accepts(state: number): boolean {
    const last = this.#pieces.length - 1;
    return state === (this.#first[last] ?? 0) + (this.#pieces[last] ?? '').length;
  }

  next(state: number, character: string): number {
    const [at, done] = this.#read(state);
    const piece = this.#pieces[at] ?? '';
    if (at === 0) return piece[done] === character ? this.#settle(0, done + 1) : -1;
    const fail = this.#fail[at] ?? [];
    let k = done;
    // The last piece stays matched at the end only: it goes on from its longest own beginning.
    if (k === piece.length) k = k === 0 ? 0 : (fail[k - 1] ?? 0);
    while (k > 0 && piece[k] !== character) k = fail[k - 1] ?? 0;
    if (piece[k] === character) k++;
    return this.#settle(at, k);
  }

  /** The characters that lead further than any other would. */
  *wants(state: number): Generator<string> {
    const [at, done] = this.#read(state);
    const piece = this.#pieces[at] ?? '';
    const fail = this.#fail[at] ?? [];
    for (let k = done; ; k = fail[k - 1] ?? 0) {
      const character = piece[k];
      if (character !== undefined) yield character;
      if (at === 0 || k === 0) return;
    }
  }

  #read(state: number): readonly [number, number] {
    let at = this.#pieces.length - 1;
    while ((this.#first[at] ?? 0) > state) at--;
    return [at, state - (this.#first[at] ?? 0)];
  }

  /** A piece that is done, and not the last, gives way to the next. */
  #settle(at: number, done: number): number {
    let [place, k] = [at, done];
    while (place < this.#pieces.length - 1 && k === (this.#pieces[place] ?? '').length)
      [place, k] = [place + 1, 0];
    return (this.#first[place] ?? 0) + k;
  }
}

/** For each place of a piece, the length of the longest beginning that ends there too (Knuth, Morris and Pratt). */
function failures(piece: string): readonly number[] {
  const fail = [0];
  for (let at = 1, k = 0; at < piece.length; at++) {
    while (k > 0 && piece[at] !== piece[k]) k = fail[k - 1] ?? 0;
    if (piece[at] === piece[k]) k++;
    fail.push(k);
  }
  return fail;
}

/** How far a name of so many segments is: segment by segment, bare or in quotes. -1: it is none. */
type Form = number;
const [fresh, bare, quoted, closed] = [0, 1, 2, 3];

function nextForm(form: Form, character: string, segments: number | undefined): Form {
  if (character === '*') return -1;
  if (segments === undefined) return bare;
  const [segment, mode] = [form >> 2, form & 3];
  if (mode === quoted) return (segment << 2) | (character === '"' ? closed : quoted);
  if (character === '"') return mode === fresh || mode === closed ? (segment << 2) | quoted : -1;
  if (character === '.') return mode === fresh || segment + 1 >= segments ? -1 : ((segment + 1) << 2) | fresh;
  return mode === closed ? -1 : (segment << 2) | bare;
}

function endsWell(form: Form, segments: number | undefined): boolean {
  if ((form & 3) !== bare && (form & 3) !== closed) return false;
  return segments === undefined || form >> 2 === segments - 1;
}

export function isNameOf(segments: number | undefined, text: string): boolean {
  let form: Form = fresh;
  for (const character of text.split('')) {
    form = nextForm(form, character, segments);
    if (form === -1) return false;
  }
  return text !== '' && endsWell(form, segments);
}

const letters = 'xyzabcdefghijklmnopqrstuvw_0123456789';

/** Which of the machines a text satisfies, as a key. */
function meets(machines: readonly Machine[], text: string): string {
  let key = '';
  machines.forEach((machine, place) => {
    let state = machine.start();
    for (const character of text.split('')) {
      if (state === -1) break;
      state = machine.next(state, character);
    }
    if (state !== -1 && machine.accepts(state)) key += `${place},`;
  });
  return key;
}

/** See above. Patterns of one piece are their own names, where they are names at all. */
export function representativeNames(patterns: readonly Pieces[], options: NameOptions): Names {
  const { segments, known = [], steps } = options;
  const literals = new Set<string>();
  const machines: Machine[] = [];
  const seen = new Set<string>();
  for (const pieces of patterns) {
    const key = pieces.join('*');
    if (pieces.length === 1) literals.add(pieces[0] ?? '');
    else if (!seen.has(key) && seen.add(key)) machines.push(new Machine(pieces));
  }
  const byKey = new Map<string, string>();
  for (const name of known) {
    if (literals.has(name) || !isNameOf(segments, name)) continue;
    const key = meets(machines, name);
    if (!byKey.has(key)) byKey.set(key, name);
  }
  const complete = search(machines, literals, options, byKey, steps);
  const own = [...literals].filter((name) => isNameOf(segments, name));
  const isKnown = new Set(known);
  const made = [...byKey.values()].sort(
    (a, b) => Number(isKnown.has(b)) - Number(isKnown.has(a)) || a.length - b.length,
  );
  return { names: [...own, ...made], complete };
}

/** Breadth first, so that each set of patterns gets a shortest text. Whether nothing was left out. */
function search(
  machines: readonly Machine[],
  literals: ReadonlySet<string>,
  { segments }: NameOptions,
  found: Map<string, string>,
  steps: number,
): boolean {
  const used = new Set([...machines].flatMap((machine) => machine.alphabet()));
  const other = [...letters].find((letter) => !used.has(letter)) ?? 'é';
  const trie = new Trie(literals);
  interface Node {
    readonly text: string;
    readonly states: readonly number[];
    readonly form: Form;
    readonly literal: number;
  }
  const visited = new Set<string>();
  let level: Node[] = [
    { text: '', states: machines.map((machine) => machine.start()), form: fresh, literal: trie.root },
  ];
  let left = steps;
  while (level.length > 0) {
    const after: Node[] = [];
    for (const { text, states, form, literal } of level) {
      if (text !== '' && endsWell(form, segments) && !trie.ends(literal)) {
        let key = '';
        states.forEach((state, place) => {
          if (state !== -1 && machines[place]?.accepts(state)) key += `${place},`;
        });
        if (!found.has(key)) found.set(key, text);
      }
      const characters = new Set<string>([other]);
      if (segments !== undefined) characters.add('.');
      states.forEach((state, place) => {
        if (state !== -1)
          for (const character of machines[place]?.wants(state) ?? []) characters.add(character);
      });
      for (const character of characters) {
        const ahead = nextForm(form, character, segments);
        if (ahead === -1) continue;
        left -= states.length + 1;
        if (left < 0) return false;
        const next = states.map((state, place) =>
          state === -1 ? -1 : (machines[place]?.next(state, character) ?? -1),
        );
        const on = trie.next(literal, character);
        const key = `${next.join(',')}/${ahead}/${on}`;
        if (visited.has(key)) continue;
        visited.add(key);
        after.push({ text: text + character, states: next, form: ahead, literal: on });
      }
    }
    level = after;
  }
  return true;
}

/** Tells whether a text is one of the literals, a character at a time. */
class Trie {
  readonly root = 0;
  readonly #next: Map<string, number>[] = [new Map()];
  readonly #ends = new Set<number>();

  constructor(texts: Iterable<string>) {
    for (const text of texts) {
      let at = 0;
      for (const character of text.split('')) {
        let next = this.#next[at]?.get(character);
        if (next === undefined) {
          next = this.#next.length;
          this.#next.push(new Map());
          this.#next[at]?.set(character, next);
        }
        at = next;
      }
      this.#ends.add(at);
    }
  }

  next(at: number, character: string): number {
    return this.#next[at]?.get(character) ?? -1;
  }

  ends(at: number): boolean {
    return this.#ends.has(at);
  }
}
