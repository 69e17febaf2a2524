/**
 * The actions that a rule speaks of, cut into cells by every line that rules draw through them: in a cell each rule
 * matches all actions or none, so that one action stands for all. Columns are left open: see lists.ts.
 */
import { compilePatterns, type Matcher } from '../../model/pattern.ts';
import type { Rule } from '../../model/policy.ts';
import { vocabularies } from '../../vocabulary/registry.ts';
import { type ActionShape, sqlShapes } from '../../vocabulary/sql/shapes.ts';
import type { VocabularyName } from '../../vocabulary/vocabulary.ts';
import { piecesOf, representativeNames } from './names.ts';
import type { Piece } from './pieces.ts';

/** A rule restricts the actions of a cell, or grants them, lists left open. */
export const restricts = 1;
export const grants = 2;

export interface Cell {
  readonly vocabulary: VocabularyName;
  readonly kind: string;
  readonly facts: Readonly<Record<string, string>>;
  /** Whether actions of the kind name columns, and so may be told apart by them. */
  readonly lists: readonly string[];
  /** Facts that no rule asks for here. */
  readonly open: ReadonlySet<string>;
  /** What each piece does, by its place among those that were asked about. */
  readonly flags: Uint8Array;
  /** Places of the pieces that do anything. */
  readonly speaking: readonly number[];
  /** How far its names are from those of the policies. */
  readonly cost: number;
  /** It holds a value that stands for all or for an unknown one, which nothing does by itself. */
  readonly hasAny: boolean;
}

export interface Cells {
  readonly cells: readonly Cell[];
  readonly complete: boolean;
}

const shapes: Readonly<Record<VocabularyName, Readonly<Record<string, ActionShape>>>> = { sql: sqlShapes };
const STEPS = 400_000;
const MAX_CELLS = 5000;
/** Names held against rules, for one selector key. */
const MAX_LOOKS = 500_000;
const MAX_PRODUCT = 1_000_000;
const invented = 15;

export const isEvery = (pattern: string): boolean => /^\*+$/.test(pattern);

/** Patterns of `columns` and the like, whose facts are lists. */
export function listKeys(vocabulary: VocabularyName): readonly string[] {
  return Object.entries(vocabularies[vocabulary].selectors).flatMap(([key, { holds }]) =>
    holds === 'many' ? [key] : [],
  );
}

interface Option {
  /** Undefined: the action has no such fact. */
  readonly value: string | undefined;
  readonly flags: Uint8Array;
  readonly cost: number;
}

const matchers = new WeakMap<readonly string[], Matcher>();

export function matcherOf(patterns: readonly string[]): Matcher {
  let matcher = matchers.get(patterns);
  if (matcher === undefined) {
    matcher = compilePatterns(patterns);
    matchers.set(patterns, matcher);
  }
  return matcher;
}

/** What patterns make of a value; without patterns, everything. */
function flagsFor(patterns: readonly string[] | undefined, value: string | undefined): number {
  if (patterns === undefined) return restricts | grants;
  if (value === undefined) return 0;
  if (value === '*') return (patterns.length > 0 ? restricts : 0) | (patterns.some(isEvery) ? grants : 0);
  return matcherOf(patterns)(value) ? restricts | grants : 0;
}

/** A key means what its vocabulary declares; without one, none but `actions` means anything. */
export function ownPatterns(rule: Rule, key: string): readonly string[] | undefined {
  if (!Object.hasOwn(rule.selector, key)) return undefined;
  return key === 'actions' || rule.vocabulary !== undefined ? rule.selector[key] : undefined;
}

/** A key that is not declared widens what restricts and grants nothing. */
function isDeclared({ vocabulary, selector }: Rule): boolean {
  const declared = vocabulary === undefined ? {} : vocabularies[vocabulary].selectors;
  return Object.keys(selector).every((key) => key === 'actions' || Object.hasOwn(declared, key));
}

/** How a piece reads the cells that it is asked about: as what grants, or as what restricts. */
export const wanted = (rule: Rule): number => (rule.effect === 'allow' ? grants : restricts);

/**
 * The cells within a rule.
 * @param known names by selector key that are to be preferred
 */
export function cellsWithin(
  focus: Rule,
  among: readonly Piece[],
  known: ReadonlyMap<string, readonly string[]>,
): Cells {
  const cells: Cell[] = [];
  let complete = true;
  for (const vocabulary of Object.keys(vocabularies) as VocabularyName[]) {
    if (focus.vocabulary !== undefined && focus.vocabulary !== vocabulary) continue;
    const own = new Cutting(vocabulary, focus, among, known);
    for (const cell of own.cells()) {
      if (cells.length >= MAX_CELLS) return { cells, complete: false };
      cells.push(cell);
    }
    complete &&= own.complete;
  }
  return { cells: cells.sort((a, b) => a.cost - b.cost), complete };
}

class Cutting {
  complete = true;
  readonly #vocabulary: VocabularyName;
  readonly #focus: Rule;
  readonly #among: readonly Piece[];
  readonly #known: ReadonlyMap<string, readonly string[]>;
  readonly #options = new Map<string, readonly Option[]>();
  #left = MAX_PRODUCT;

  constructor(
    vocabulary: VocabularyName,
    focus: Rule,
    among: readonly Piece[],
    known: ReadonlyMap<string, readonly string[]>,
  ) {
    this.#vocabulary = vocabulary;
    this.#focus = focus;
    this.#among = among;
    this.#known = known;
  }

  *cells(): Generator<Cell> {
    const { selectors } = vocabularies[this.#vocabulary];
    const lists = listKeys(this.#vocabulary);
    const keys = Object.keys(selectors).filter(
      (key) => !lists.includes(key) && this.#rules().some((rule) => ownPatterns(rule, key) !== undefined),
    );
    for (const [kind, flags, order] of this.#kinds(keys)) {
      const shape = shapes[this.#vocabulary][kind];
      if (shape === undefined) continue;
      const carries = (key: string) => {
        const fact = selectors[key]?.fact ?? '';
        return shape.always.includes(fact) ? 'always' : shape.maybe.includes(fact) ? 'maybe' : 'never';
      };
      const dimensions = keys.map((key) => {
        const which = carries(key);
        const options = this.#optionsOf(key);
        if (which === 'maybe') return options;
        return options.filter(({ value }) => (value === undefined) === (which === 'never'));
      });
      const ownLists = lists.filter((key) => carries(key) !== 'never');
      if (lists.some((key) => ownPatterns(this.#focus, key) !== undefined && !ownLists.includes(key)))
        continue;
      yield* this.#product(kind, flags, order, keys, dimensions, ownLists);
    }
  }

  *#product(
    kind: string,
    kindFlags: Uint8Array,
    order: number,
    keys: readonly string[],
    dimensions: readonly (readonly Option[])[],
    lists: readonly string[],
  ): Generator<Cell> {
    const { selectors } = vocabularies[this.#vocabulary];
    let open: readonly Omit<Cell, 'vocabulary' | 'kind' | 'lists' | 'open' | 'speaking'>[] = [
      { facts: {}, flags: kindFlags, cost: order, hasAny: false },
    ];
    for (const [at, options] of dimensions.entries()) {
      const fact = selectors[keys[at] ?? '']?.fact ?? '';
      const next: Omit<Cell, 'vocabulary' | 'kind' | 'lists' | 'open' | 'speaking'>[] = [];
      const seen = new Set<string>();
      for (const { facts, flags, cost, hasAny } of open) {
        for (const option of options) {
          this.#left -= flags.length;
          if (this.#left < 0) {
            this.complete = false;
            break;
          }
          const met = flags.map((own, place) => own & (option.flags[place] ?? 0));
          // Cells in which the same rules match alike are one, but for the value that nothing has by itself.
          const key = `${met.join('')}${option.value === '*' || hasAny}`;
          if (seen.has(key)) continue;
          seen.add(key);
          if (next.length >= MAX_CELLS) {
            this.complete = false;
            break;
          }
          next.push({
            facts: option.value === undefined ? facts : { ...facts, [fact]: option.value },
            flags: met,
            cost: cost + option.cost,
            hasAny: hasAny || option.value === '*',
          });
        }
      }
      open = next;
    }
    const told = new Set(keys.map((key) => selectors[key]?.fact));
    const shape = shapes[this.#vocabulary][kind];
    const unasked = new Set(
      [...(shape?.always ?? []), ...(shape?.maybe ?? [])].filter((fact) => !told.has(fact)),
    );
    for (const cell of open) {
      const speaking: number[] = [];
      cell.flags.forEach((flags, at) => {
        const piece = this.#among[at];
        if (piece !== undefined && (flags & wanted(piece.rule)) !== 0) speaking.push(at);
      });
      yield { vocabulary: this.#vocabulary, kind, lists, open: unasked, speaking, ...cell };
    }
  }

  #rules(): readonly Rule[] {
    return [this.#focus, ...this.#among.map(({ rule }) => rule)];
  }

  /** One kind of each set of kinds that no rule tells apart and that carry the same facts. */
  *#kinds(keys: readonly string[]): Generator<readonly [string, Uint8Array, number]> {
    const seen = new Set<string>();
    const patterns = ownPatterns(this.#focus, 'actions');
    let order = 0;
    for (const kind of Object.keys(vocabularies[this.#vocabulary].actions)) {
      if (patterns !== undefined && !matcherOf(patterns)(kind)) continue;
      const flags = Uint8Array.from(this.#among, ({ rule }) =>
        rule.vocabulary === undefined || rule.vocabulary === this.#vocabulary
          ? flagsFor(ownPatterns(rule, 'actions'), kind) & (isDeclared(rule) ? restricts | grants : restricts)
          : 0,
      );
      const { selectors } = vocabularies[this.#vocabulary];
      const shape = shapes[this.#vocabulary][kind];
      const carried = [...keys, ...listKeys(this.#vocabulary)].map((key) => {
        const fact = selectors[key]?.fact ?? '';
        return shape?.always.includes(fact) ? 2 : shape?.maybe.includes(fact) ? 1 : 0;
      });
      const key = `${flags.join('')} ${carried.join('')}`;
      if (seen.has(key)) continue;
      seen.add(key);
      yield [kind, flags, order++];
    }
  }

  #optionsOf(key: string): readonly Option[] {
    const kept = this.#options.get(key);
    if (kept !== undefined) return kept;
    const selector = vocabularies[this.#vocabulary].selectors[key];
    const own = ownPatterns(this.#focus, key);
    const patterns = new Set(this.#rules().flatMap((rule) => ownPatterns(rule, key) ?? []));
    const known = this.#known.get(key) ?? [];
    const { names, complete } = representativeNames([...patterns].map(piecesOf), {
      ...(selector?.segments === undefined ? {} : { segments: selector.segments }),
      known,
      steps: STEPS,
    });
    this.complete &&= complete;
    const isKnown = new Set([...known, ...patterns]);
    const options: Option[] = [];
    const seen = new Set<string>();
    let left = MAX_LOOKS;
    for (const value of ['*', undefined, ...names]) {
      left -= this.#among.length;
      if (left < 0) {
        this.complete = false;
        break;
      }
      const focused = flagsFor(own, value);
      if ((focused & wanted(this.#focus)) === 0) continue;
      const flags = Uint8Array.from(this.#among, ({ rule }) => flagsFor(ownPatterns(rule, key), value));
      const signature = `${flags.join('')}${value === '*'}${value === undefined}`;
      if (seen.has(signature)) continue;
      seen.add(signature);
      const cost =
        value === undefined
          ? 1
          : value.length + (isKnown.has(value) ? 0 : invented) + (value === '*' ? 60 : 0);
      options.push({ value, flags, cost });
    }
    this.#options.set(key, options);
    return options;
  }
}
