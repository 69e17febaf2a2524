/** Looks through the cells that a change touches for requests that two policy sets decide differently. */
import type { PolicySet, Rule } from '../../model/policy.ts';
import { vocabularies } from '../../vocabulary/registry.ts';
import { impliedBy } from '../../vocabulary/sql/shapes.ts';
import type { SqlActionKind } from '../../vocabulary/sql/vocabulary.ts';
import type { Action, VocabularyName } from '../../vocabulary/vocabulary.ts';
import type { DecisionInput, ResourceFacts } from '../decision.ts';
import { type Cell, cellsWithin } from './cells.ts';
import { type Circumstances, circumstancesOf } from './circumstances.ts';
import { type Context, contextsOf } from './contexts.ts';
import { type Direction, type Found, laxerSide, notDecided, type SearchResult, tooLarge } from './found.ts';
import { Judge } from './judge.ts';
import { laxity } from './laxer.ts';
import { type CellQuestion, type Difference, differencesIn, type Speaking, weightOf } from './outcomes.ts';
import type { Passing } from './passing.ts';
import { PassingRequests } from './passing.ts';
import { both, type Piece, rulesMayMeet, type Side, scopesMayMeet, sides, type Taken } from './pieces.ts';
import { contextLines, Questions, readsContext, told } from './questions.ts';
import { type Assignment, actionsFor, inputFor, textFor } from './requests.ts';
import { Scopes } from './scopes.ts';

/** Steps of the search, about one for each look at a rule. */
const MAX_STEPS = 3_000_000;
/** Steps that looking for a smaller example may take, once there is one. */
const MAX_POLISH = 60_000;
/** What a look at the conditions of a cell costs. */
const CONDITION_STEPS = 60;
const MAX_PAIRS = 3_000_000;

const whole: Rule = {
  name: '',
  effect: 'deny',
  selector: {},
  location: { file: '', line: 1, column: 1 },
};

export class Search {
  readonly taken: Taken;
  readonly #judges: Readonly<Record<Side, Judge>>;
  readonly #wanted: Readonly<Record<Direction, boolean>>;
  readonly #declared: readonly ResourceFacts[];
  readonly #found: Partial<Record<Direction, Found>> = {};
  readonly #open: Readonly<Record<Direction, Set<string>>> = { loosens: new Set(), tightens: new Set() };
  readonly #questions: Questions;
  readonly #passing: PassingRequests;
  #steps = MAX_STEPS;
  /** Those that look at who asks or at what is reached. */
  #conditions: readonly string[] = [];
  readonly #scopes: Scopes;

  /** @param wanted the directions to look for */
  constructor(
    before: PolicySet,
    after: PolicySet,
    taken: Taken,
    declared: readonly ResourceFacts[],
    wanted: Readonly<Record<Direction, boolean>>,
  ) {
    this.taken = taken;
    this.#wanted = wanted;
    this.#judges = { before: new Judge(before), after: new Judge(after) };
    this.#declared = declared;
    this.#scopes = new Scopes(taken);
    this.#questions = new Questions(taken, this.#scopes);
    this.#passing = new PassingRequests(taken, this.#questions, this.#judges);
  }

  run(): SearchResult {
    const { pieces, masks, bounds, scopes } = this.taken;
    const changed = pieces.filter((piece) => piece.in !== both && !piece.isBound);
    const changedMasks = masks.filter((mask) => mask.in !== both);
    const changedBounds = bounds.filter((bound) => bound.in !== both);
    const observed = scopes.some(({ observing }) => observing !== 0);
    const classes =
      observed && scopes.some((scope) => scope.observing % 3 !== 0 || scope.enforcing % 3 !== 0);
    if (!this.#wanted.loosens && !this.#wanted.tightens) return this.#result();
    if (changed.length + changedMasks.length + changedBounds.length === 0 && !classes) return this.#result();
    if (changed.length * pieces.length > MAX_PAIRS) {
      this.#leave(tooLarge);
      return this.#result();
    }
    const looksAtMasks = changedMasks.length > 0 || (classes && masks.length > 0);

    const touched = new Set([...changed, ...changedMasks, ...changedBounds].map(({ scope }) => scope));
    const near = scopes.map(({ applies }, at) => {
      if (observed || touched.has(at)) return true;
      return [...touched].some((own) => scopesMayMeet(scopes[own]?.applies ?? applies, applies));
    });
    const foci = changed.map((piece) => ({ piece, among: this.#meeting(piece.rule, near, piece.scope) }));
    const everything = classes ? pieces.filter((piece) => near[piece.scope]) : [];
    // Also of rules that the change does not meet: whether anything passes may hang on them.
    this.#conditions = [
      ...new Set(
        pieces.flatMap(({ rule, scope }) =>
          near[scope] === true && rule.when !== undefined ? [rule.when] : [],
        ),
      ),
    ].filter(readsContext);
    const { contexts, complete } = contextsOf(
      {
        scopes: scopes.filter((_, at) => near[at]).map(({ applies }) => applies),
        people: looksAtMasks ? masks.flatMap(({ mask }) => mask.unless?.people ?? []) : [],
        groups: looksAtMasks ? masks.flatMap(({ mask }) => mask.unless?.groups ?? []) : [],
        lines: contextLines(this.#conditions),
      },
      this.#declared,
    );
    if (!complete) this.#leave('too many kinds of people, agents and resources to compare each');

    for (const { piece, among } of foci) {
      this.#focus(piece.rule, among, contexts, (context) => this.#scopes.applies(piece.scope, context));
    }
    if (classes) {
      const differs = (context: Context) => {
        const open = this.#scopes.open(context);
        return open === 1 || open === 2;
      };
      this.#focus(whole, everything, contexts, differs);
    }
    if (looksAtMasks) this.#masks(contexts, new Set(changedMasks.map(({ scope }) => scope)), classes);
    if (changedBounds.length > 0 || classes)
      this.#bounds(contexts, new Set(changedBounds.map(({ scope }) => scope)), classes);
    return this.#result();
  }

  #result(): SearchResult {
    if (this.#questions.incomplete) this.#leave(tooLarge);
    return {
      found: this.#found,
      open: { loosens: [...this.#open.loosens], tightens: [...this.#open.tightens] },
    };
  }

  /** Whether there is nothing left to look for, or no time for it. */
  #isDone(): boolean {
    const looksFor = (['loosens', 'tightens'] as const).filter((direction) => this.#wanted[direction]);
    if (looksFor.every((direction) => this.#found[direction] !== undefined))
      this.#steps = Math.min(this.#steps, this.#passing.steps + MAX_POLISH);
    if (this.#steps > this.#passing.steps) return false;
    this.#leave(tooLarge);
    return true;
  }

  #leave(words: string, ...directions: readonly Direction[]): void {
    for (const direction of directions.length === 0 ? (['loosens', 'tightens'] as const) : directions)
      this.#open[direction].add(words);
  }

  #meeting(rule: Rule, near: readonly boolean[], scope: number): readonly Piece[] {
    const { scopes, pieces } = this.taken;
    const own = scopes[scope]?.applies;
    const meets = scopes.map(
      ({ applies }, at) => near[at] === true && (own === undefined || scopesMayMeet(own, applies)),
    );
    return pieces.filter((piece) => meets[piece.scope] && rulesMayMeet(rule, piece.rule));
  }

  #focus(
    rule: Rule,
    among: readonly Piece[],
    contexts: readonly Context[],
    within: (context: Context) => boolean,
  ): void {
    const { cells, complete } = cellsWithin(rule, among, this.#questions.names);
    if (!complete) this.#leave(tooLarge);
    const own = contexts.filter(within);
    const seen = new Set<string>();
    for (const cell of cells) {
      for (const context of own) {
        if (this.#isDone()) return;
        this.#visit(cell, among, context, seen);
      }
    }
    const speaksOfNothing = rule.effect !== 'allow' && Object.keys(rule.selector).length === 0;
    if (speaksOfNothing) for (const context of own) this.#empty(among, context, seen);
  }

  #visit(cell: Cell, among: readonly Piece[], context: Context, seen: Set<string>): void {
    if (this.#scopes.open(context) === both) return;
    const { question, conditions } = this.#questions.question(cell, among, context);
    const { speaking, open } = question;
    this.#steps -= cell.speaking.length + 1;
    if (open === 0 && !speaking.some(({ piece }) => piece.in !== both)) return;
    const stopped = ({ piece, condition, patterns }: Speaking) =>
      piece.in === both && piece.rule.effect === 'deny' && condition === -1 && patterns === undefined;
    if (open === 0 && speaking.some(stopped)) return;
    const key = `${cell.vocabulary} ${open} ${question.mayBeImplied} ${cell.lists.length} ${speaking.map(({ piece, flags }) => `${piece.index}:${flags}`).join()} ${told(conditions, context)}`;
    if (seen.has(key)) return;
    seen.add(key);
    this.#steps -= 10 + CONDITION_STEPS * conditions.length;
    const base = this.#questions.action(cell, question, undefined, false);
    const inputWith = (values: Assignment) =>
      inputFor(context, cell.vocabulary, [base, ...actionsFor(cell.vocabulary, values)], values);
    const { circumstances, complete } = circumstancesOf(conditions, inputWith);
    if (!complete) this.#leave(tooLarge);
    const missing = new Set<Direction>();
    const got = new Set<Direction>();
    for (const each of circumstances) {
      for (const difference of differencesIn(question, each.outcomes)) {
        if (!this.#wanted[difference.side]) continue;
        const outcome = this.#put(cell, question, context, each, difference);
        if (outcome === 'found') got.add(difference.side);
        else if (outcome === 'open') missing.add(difference.side);
        // Elsewhere something may pass.
        else seen.delete(key);
      }
    }
    for (const direction of missing) {
      if (!got.has(direction)) this.#leave(notDecided(conditions), direction);
    }
  }

  /** Makes a request of a difference and asks decide(); `none`: nothing can show it, so that it is none. */
  #put(
    cell: Cell,
    question: CellQuestion,
    context: Context,
    { values, proof }: Circumstances,
    { side: direction, list, implied, before, after }: Difference,
  ): 'found' | 'open' | 'none' {
    const extra = actionsFor(cell.vocabulary, values);
    const action = this.#questions.action(cell, question, list, implied);
    const ends = direction === 'loosens' ? ([before, after] as const) : ([after, before] as const);
    let cost = 4 * weightOf(...ends) + cell.cost + context.cost + 100 * extra.length;
    for (const [path, value] of values) if (value === undefined || path === 'now') cost += 20;
    for (const value of list ?? []) cost += value.length;
    let actions: readonly Action[] = [action, ...extra];
    let settled = values;
    if (implied) {
      const known = this.#found[direction];
      // A request of two actions is told only where there is none of one.
      if (known !== undefined && known.cost < 1000) return 'found';
      const partner = this.#passing.find(context, laxerSide[direction], values, {
        kinds: impliedBy[cell.kind as SqlActionKind] ?? [],
      });
      if (partner === 'none') return 'none';
      if (partner === 'open') return proof === 'real' || known === undefined ? 'open' : 'found';
      actions = [...partner.actions, ...actions];
      settled = partner.values;
      cost += 1000;
    }
    if (textFor(actions, values) === undefined) cost += 120;
    const known = this.#found[direction];
    if (known !== undefined && known.cost <= cost) return proof === 'real' ? 'found' : 'open';
    const input = inputFor(context, cell.vocabulary, actions, settled);
    return this.#confirm(direction, input, context, cost, []) ? 'found' : 'open';
  }

  #confirm(
    direction: Direction,
    input: DecisionInput,
    { declared }: Context,
    cost: number,
    columns: readonly string[],
  ): boolean {
    const before = this.#judges.before.decide(input);
    const after = this.#judges.after.decide(input);
    const [from, to] = direction === 'loosens' ? [before, after] : [after, before];
    const found = laxity(from, to, columns);
    if (found === undefined) return false;
    const known = this.#found[direction];
    if (known === undefined || known.cost > cost)
      this.#found[direction] = { direction, input, before, after, laxity: found, declared, cost };
    return true;
  }

  /** A request without actions: it passes, unless a rule that speaks of every request denies it. */
  #empty(among: readonly Piece[], context: Context, seen: Set<string>): void {
    const general = among.filter(
      ({ rule, scope }) =>
        rule.effect !== 'allow' &&
        Object.keys(rule.selector).length === 0 &&
        this.#scopes.applies(scope, context),
    );
    const open = this.#scopes.open(context);
    for (const vocabulary of Object.keys(vocabularies) as VocabularyName[]) {
      const own = general.filter(
        ({ rule }) => rule.vocabulary === undefined || rule.vocabulary === vocabulary,
      );
      if (open === 0 && !own.some((piece) => piece.in !== both)) continue;
      const conditions = [...new Set(own.flatMap(({ rule }) => rule.when ?? []))];
      const key = `empty ${vocabulary} ${open} ${own.map(({ index }) => index).join()} ${told(conditions, context)}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const inputWith = (values: Assignment) => inputFor(context, vocabulary, [], values);
      const { circumstances, complete } = circumstancesOf(conditions, inputWith);
      if (!complete) this.#leave(tooLarge);
      for (const { outcomes, values } of circumstances) {
        const denies = (which: Side) =>
          (open & sides[which]) === 0 &&
          own.some((piece) => {
            if ((piece.in & sides[which]) === 0) return false;
            const { when, effect } = piece.rule;
            const outcome = when === undefined ? true : outcomes[conditions.indexOf(when)];
            return effect === 'deny' ? outcome !== false : outcome === 'fails';
          });
        const [was, is] = [denies('before'), denies('after')];
        if (was === is) continue;
        const direction = was ? 'loosens' : 'tightens';
        if (!this.#wanted[direction]) continue;
        // What does nothing makes the poorest example.
        const cost = 5000 + context.cost + values.size;
        if (!this.#confirm(direction, inputWith(values), context, cost, [])) {
          this.#leave(notDecided(conditions), direction);
        }
      }
    }
  }

  /** The same for contexts in which the same requests pass. */
  #keyOf(context: Context): string {
    return `${this.#scopes.key(context)} ${told(this.#conditions, context)}`;
  }

  #masks(contexts: readonly Context[], touched: ReadonlySet<number>, classes: boolean): void {
    const columns = this.#scopes.columns(this.#questions.names.get('tables') ?? [], classes);
    if (!columns.complete) this.#leave(tooLarge);
    const seen = new Set<string>();
    for (const context of contexts) {
      if (!classes && ![...touched].some((scope) => this.#scopes.applies(scope, context))) continue;
      const shown = this.#scopes.shown(context, columns.names);
      const own = this.#keyOf(context);
      for (const direction of ['loosens', 'tightens'] as const) {
        if (!this.#wanted[direction]) continue;
        const which = laxerSide[direction];
        for (const { column, name } of shown[direction]) {
          const key = `${direction} ${column} ${own}`;
          if (seen.has(key)) continue;
          seen.add(key);
          this.#steps -= CONDITION_STEPS;
          if (this.#isDone()) return;
          const dot = column.lastIndexOf('.');
          const wish = {
            kinds: ['select'],
            table: column.slice(0, dot),
            column: column.slice(dot + 1),
          };
          const direct = this.#passing.find(context, which, new Map(), wish);
          const action = typeof direct === 'string' ? this.#passing.find(context, which, new Map()) : direct;
          if (action === 'none') continue;
          const cost =
            60 +
            context.cost +
            column.length +
            (name === 'made' ? 40 : 0) +
            (typeof direct === 'string' ? 400 : 0);
          this.#settle(direction, action, context, cost, [column]);
        }
      }
    }
  }

  #bounds(contexts: readonly Context[], touched: ReadonlySet<number>, classes: boolean): void {
    const seen = new Set<string>();
    for (const context of contexts) {
      if (!classes && ![...touched].some((scope) => this.#scopes.applies(scope, context))) continue;
      const key = this.#keyOf(context);
      if (seen.has(key)) continue;
      seen.add(key);
      const larger = this.#scopes.larger(context);
      for (const direction of ['loosens', 'tightens'] as const) {
        if (!larger[direction] || !this.#wanted[direction]) continue;
        const action = this.#passing.find(context, laxerSide[direction], new Map());
        if (action !== 'none') this.#settle(direction, action, context, 80 + context.cost, []);
      }
    }
  }

  #settle(
    direction: Direction,
    passing: Passing | 'open',
    context: Context,
    cost: number,
    columns: readonly string[],
  ): void {
    if (passing === 'open') {
      this.#leave('not decided: whether anything passes for whom masks or limits changed', direction);
      return;
    }
    const known = this.#found[direction];
    if (known !== undefined && known.cost <= cost) return;
    const input = inputFor(context, 'sql', passing.actions, passing.values);
    if (!this.#confirm(direction, input, context, cost, columns))
      this.#leave('not decided: whether anything passes for whom masks or limits changed', direction);
  }
}
