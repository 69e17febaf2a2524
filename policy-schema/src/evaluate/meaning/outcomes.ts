/**
 * What both sets make of the actions of one cell, the conditions being what they are.
 *
 * Lists: what restricts is met by any value, what grants by all. If a list makes a difference because some value of it is
 * restricted, that value alone makes it too. If it makes one because nothing grants all of it on one side, then on the other side
 * some rule g grants it whole, and nothing there denies a value of it (nor holds one for approval, where it is allowed); of all
 * such lists the longest, every value that g grants and nothing there restricts, is granted least on the first side. So no list,
 * the empty one, each value alone, and for each g these longest ones are enough.
 */
import type { Effect } from '../../model/policy.ts';
import type { ApprovalNeed } from '../decision.ts';
import type { Outcome } from './atoms.ts';
import { grants, isEvery, matcherOf, restricts } from './cells.ts';
import { asksLess, strictness } from './laxer.ts';
import type { Piece, Side } from './pieces.ts';
import { sides } from './pieces.ts';

/** A piece that says something of a cell. */
export interface Speaking {
  readonly piece: Piece;
  readonly flags: number;
  /** Which of the conditions is its own; -1: none. */
  readonly condition: number;
  /** Patterns that the cell's list is held against. */
  readonly patterns: readonly string[] | undefined;
}

export interface Answer {
  readonly effect: Effect;
  readonly approval?: ApprovalNeed;
}

/** The values of an action's list; undefined: it has none. */
export type List = readonly string[] | undefined;

export interface Difference {
  readonly side: 'loosens' | 'tightens';
  readonly list: List;
  readonly implied: boolean;
  readonly before: Answer;
  readonly after: Answer;
}

export interface CellQuestion {
  readonly speaking: readonly Speaking[];
  /** Values of the list that stand for all. */
  readonly values: readonly string[];
  /** Sets that let everything pass, as only observing policies apply. */
  readonly open: number;
  /** It may be what the server does on its own account. */
  readonly mayBeImplied: boolean;
  readonly hasLists: boolean;
}

function listFlags(patterns: readonly string[] | undefined, list: List): number {
  if (patterns === undefined) return restricts | grants;
  if (list === undefined) return 0;
  const matches = matcherOf(patterns);
  const touched = list.some((value) => (value === '*' ? patterns.length > 0 : matches(value)));
  const covered = list.every((value) => (value === '*' ? patterns.some(isEvery) : matches(value)));
  return (touched ? restricts : 0) | (covered ? grants : 0);
}

const flagCache = new WeakMap<readonly string[], Map<string, number>>();

function flagsOf(patterns: readonly string[] | undefined, list: List): number {
  if (patterns === undefined || list === undefined) return listFlags(patterns, list);
  let known = flagCache.get(patterns);
  if (known === undefined) {
    known = new Map();
    flagCache.set(patterns, known);
  }
  const key = list.join('\0') + list.length;
  let flags = known.get(key);
  if (flags === undefined) {
    if (known.size > 2000) known.clear();
    flags = listFlags(patterns, list);
    known.set(key, flags);
  }
  return flags;
}

export function needOf(pieces: readonly Piece[]): ApprovalNeed {
  return {
    by: pieces.map(({ approval }) => approval.by),
    within: Math.min(...pieces.map(({ approval }) => approval.within)),
    ...(pieces.some(({ approval }) => approval.counts === 'rows') ? { counts: 'rows' } : {}),
  };
}

/** What one set says of an action. */
export function answer(
  side: Side,
  { speaking, open }: CellQuestion,
  outcomes: readonly Outcome[],
  list: List,
  implied: boolean,
): Answer {
  const bit = sides[side];
  if ((open & bit) !== 0) return { effect: 'allow' };
  let covered = implied;
  const approving: Piece[] = [];
  for (const { piece, flags, condition, patterns } of speaking) {
    if ((piece.in & bit) === 0) continue;
    const outcome = condition === -1 ? true : outcomes[condition];
    if (outcome === false) continue;
    const met = flags & flagsOf(patterns, list);
    const { effect } = piece.rule;
    if (effect === 'allow') covered ||= outcome === true && (met & grants) !== 0;
    else if ((met & restricts) !== 0) {
      if (effect === 'deny' || outcome !== true) return { effect: 'deny' };
      approving.push(piece);
      covered ||= (met & grants) !== 0;
    }
  }
  if (!covered) return { effect: 'deny' };
  return approving.length === 0 ? { effect: 'allow' } : { effect: 'approve', approval: needOf(approving) };
}

export function isLaxer(from: Answer, to: Answer): boolean {
  const by = strictness[to.effect] - strictness[from.effect];
  if (by !== 0) return by < 0;
  return from.approval !== undefined && to.approval !== undefined && asksLess(from.approval, to.approval);
}

/** The longest lists that some rule of a side grants whole and that the side does not deny, or hold either. */
function* longest(
  side: Side,
  question: CellQuestion,
  outcomes: readonly Outcome[],
): Generator<readonly string[]> {
  const own = question.speaking.filter(({ piece }) => (piece.in & sides[side]) !== 0);
  const comesTo = ({ condition }: Speaking): Outcome =>
    condition === -1 ? true : (outcomes[condition] ?? 'fails');
  const restrictsValue = (value: string, hold: boolean) =>
    own.some((each) => {
      const outcome = comesTo(each);
      const { effect } = each.piece.rule;
      if (effect === 'allow' || outcome === false || (each.flags & restricts) === 0) return false;
      if (effect === 'approve' && outcome === true && !hold) return false;
      return (flagsOf(each.patterns, [value]) & restricts) !== 0;
    });
  for (const each of own) {
    if (each.piece.rule.effect === 'deny' || comesTo(each) !== true || (each.flags & grants) === 0) continue;
    const granted = question.values.filter((value) => (flagsOf(each.patterns, [value]) & grants) !== 0);
    for (const hold of [true, false]) yield granted.filter((value) => !restrictsValue(value, hold));
  }
}

function listsFor(question: CellQuestion, outcomes: readonly Outcome[]): readonly List[] {
  if (!question.hasLists) return [undefined];
  const lists: List[] = [...question.values.map((value) => [value]), [], undefined];
  for (const side of ['before', 'after'] as const) {
    for (const list of longest(side, question, outcomes)) if (list.length > 1) lists.push(list);
  }
  return lists;
}

/** Every way in which the sets differ, the smaller lists first; at most one for each direction and reading. */
export function differencesIn(question: CellQuestion, outcomes: readonly Outcome[]): readonly Difference[] {
  const found = new Map<string, Difference>();
  for (const list of listsFor(question, outcomes)) {
    // What the server does by itself names columns always.
    const readings =
      question.mayBeImplied && (list !== undefined || !question.hasLists) ? [false, true] : [false];
    for (const implied of readings) {
      const before = answer('before', question, outcomes, list, implied);
      const after = answer('after', question, outcomes, list, implied);
      for (const side of ['loosens', 'tightens'] as const) {
        const [from, to] = side === 'loosens' ? [before, after] : [after, before];
        const key = `${side} ${implied}`;
        if (!isLaxer(from, to)) continue;
        const known = found.get(key);
        const better = known === undefined || rank(from, to) < rank(...ends(known));
        if (better) found.set(key, { side, list, implied, before, after });
      }
    }
  }
  return [...found.values()].map((difference) => shortened(difference, question, outcomes));
}

const ends = ({ side, before, after }: Difference): readonly [Answer, Answer] =>
  side === 'loosens' ? [before, after] : [after, before];

/** What weighs more comes first: what is newly allowed before what is newly asked for. */
function rank(from: Answer, to: Answer): number {
  return from.effect === to.effect ? 3 : from.effect !== 'deny' ? 2 : to.effect === 'allow' ? 0 : 1;
}

export { rank as weightOf };

/** Values that a difference does without are left out. */
function shortened(difference: Difference, question: CellQuestion, outcomes: readonly Outcome[]): Difference {
  let { list } = difference;
  if (list === undefined || list.length < 2) return difference;
  const wasRank = rank(...ends(difference));
  let known = difference;
  for (const value of [...list]) {
    const fewer: readonly string[] = list.filter((each) => each !== value);
    const before = answer('before', question, outcomes, fewer, difference.implied);
    const after = answer('after', question, outcomes, fewer, difference.implied);
    const candidate: Difference = { ...difference, list: fewer, before, after };
    const [from, to] = ends(candidate);
    if (!isLaxer(from, to) || rank(from, to) !== wasRank) continue;
    known = candidate;
    list = fewer;
  }
  return known;
}
