/** Looks for requests that pass, without which neither masks nor limits, nor what the server does by itself, matter. */
import type { Rule } from '../../model/policy.ts';
import type { Action } from '../../vocabulary/vocabulary.ts';
import { cellsWithin } from './cells.ts';
import { circumstancesOf } from './circumstances.ts';
import type { Context } from './contexts.ts';
import type { Judge } from './judge.ts';
import { answer, type List } from './outcomes.ts';
import { type Piece, rulesMayMeet, type Side, sides, type Taken } from './pieces.ts';
import type { Questions } from './questions.ts';
import { type Assignment, inputFor } from './requests.ts';

/** A request that passes. */
export interface Passing {
  readonly actions: readonly Action[];
  readonly values: Assignment;
}

export interface Wish {
  readonly kinds?: readonly string[];
  readonly table?: string;
  readonly column?: string;
}

export class PassingRequests {
  readonly #taken: Taken;
  readonly #questions: Questions;
  readonly #judges: Readonly<Record<Side, Judge>>;

  readonly #kept = new WeakMap<Context, Map<string, Passing | 'none' | 'open'>>();
  /** Steps that the search took, as search.ts counts them. */
  steps = 0;

  constructor(taken: Taken, questions: Questions, judges: Readonly<Record<Side, Judge>>) {
    this.#taken = taken;
    this.#questions = questions;
    this.#judges = judges;
  }

  /**
   * Some request that a set does not deny in a context, with values that are settled already. `none`: surely there is none.
   * @param wish what the request is to do
   */
  find(context: Context, which: Side, fixed: Assignment, wish: Wish = {}): Passing | 'none' | 'open' {
    let known = this.#kept.get(context);
    if (known === undefined) {
      known = new Map();
      this.#kept.set(context, known);
    }
    const values = [...fixed].map(([path, value]) => `${path}=${String(value)}`);
    const key = JSON.stringify([which, wish, values]);
    let found = known.get(key);
    if (found === undefined) {
      found = this.#look(context, which, fixed, wish);
      known.set(key, found);
    }
    return found;
  }

  #look(context: Context, which: Side, fixed: Assignment, wish: Wish): Passing | 'none' | 'open' {
    const bit = sides[which];
    if ((this.#questions.scopes.open(context) & bit) !== 0) {
      const facts = { table: wish.table ?? 'public.t', columns: [wish.column ?? '*'] };
      const kind = wish.kinds?.[0] ?? 'select';
      return { actions: [{ vocabulary: 'sql', kind, facts }], values: fixed };
    }
    const own = this.#taken.pieces.filter(
      (piece) => (piece.in & bit) !== 0 && this.#questions.scopes.applies(piece.scope, context),
    );
    const grants = own.filter(({ rule }) => rule.effect !== 'deny');
    grants.sort((a, b) => ease(a) - ease(b) || a.index - b.index);
    let open = false;
    let left = 400;
    for (const piece of grants) {
      const narrowed = narrowedTo(piece.rule, wish);
      if (narrowed === undefined) continue;
      this.steps += 2 * own.length + 100;
      const among = own.filter(({ rule }) => rulesMayMeet(narrowed, rule));
      const { cells, complete } = cellsWithin(narrowed, among, this.#questions.names);
      open ||= !complete;
      for (const cell of cells) {
        if (left-- <= 0) return 'open';
        const { question, conditions } = this.#questions.question(cell, among, context, bit);
        if (wish.column !== undefined && cell.lists.length === 0) continue;
        const list = wish.column === undefined ? undefined : [wish.column];
        const base = this.#questions.action(cell, question, list, false);
        const inputWith = (values: Assignment) => inputFor(context, cell.vocabulary, [base], values);
        const { circumstances, complete: all } = circumstancesOf(conditions, inputWith, fixed);
        open ||= !all;
        const lists: readonly List[] = list
          ? [list]
          : question.hasLists
            ? [[], ...question.values.map((value) => [value])]
            : [undefined];
        for (const { outcomes, values, proof } of circumstances) {
          for (const each of lists) {
            if (answer(which, question, outcomes, each, false).effect === 'deny') continue;
            const action = this.#questions.action(cell, question, each, false);
            const { effect } = this.#judges[which].decide(
              inputFor(context, cell.vocabulary, [action], values),
            );
            if (effect !== 'deny') return { actions: [action], values };
            if (proof === 'possible') open = true;
          }
        }
      }
    }
    return open ? 'open' : 'none';
  }
}

/** What passes without ado comes first. */
const ease = ({ rule }: Piece): number =>
  (rule.effect === 'allow' ? 0 : 2) + (rule.when === undefined ? 0 : 1);

/** A rule for what is wished alone; undefined: it grants none of it. */
function narrowedTo(rule: Rule, { kinds, table }: Wish): Rule | undefined {
  if (kinds === undefined && table === undefined) return rule;
  const own = rule.vocabulary === undefined ? {} : rule.selector;
  const only: Rule = {
    ...rule,
    vocabulary: 'sql',
    selector: {
      ...own,
      ...(kinds === undefined ? {} : { actions: kinds }),
      ...(table === undefined ? {} : { tables: [table] }),
    },
  };
  return rulesMayMeet(rule, only) ? only : undefined;
}
