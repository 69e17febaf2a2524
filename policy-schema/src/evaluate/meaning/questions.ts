/** What is asked of a cell in a context: the rules that say something of its actions, and the action that stands for them. */
import { vocabularies } from '../../vocabulary/registry.ts';
import { impliedBy } from '../../vocabulary/sql/shapes.ts';
import { usualFacts } from '../../vocabulary/sql/statement-text.ts';
import type { Action } from '../../vocabulary/vocabulary.ts';
import { atomsOf, logicOf } from './atoms.ts';
import { type Cell, listKeys, ownPatterns } from './cells.ts';
import { type Context, isContextPath } from './contexts.ts';
import type { Line } from './lines.ts';
import { piecesOf, representativeNames } from './names.ts';
import type { CellQuestion, List, Speaking } from './outcomes.ts';
import { both, type Piece, type Taken } from './pieces.ts';
import { inputFor } from './requests.ts';
import type { Scopes } from './scopes.ts';

const LIST_STEPS = 20_000;
const MAX_NAMES = 2000;
/** Names that are tried for a pattern's own; others stand for themselves. */
const MAX_KNOWN = 500;

/** Whether the server may do this on its own account: it then names a table and columns, and nothing else. */
function isImplied({ kind, facts, open }: Cell): boolean {
  return (
    Object.hasOwn(impliedBy, kind) &&
    Object.keys(facts).every((fact) => fact === 'table') &&
    (facts.table !== undefined || open.has('table'))
  );
}

export class Questions {
  /** Names that stand in the policies, by selector key: better than made ones. */
  readonly names: ReadonlyMap<string, readonly string[]>;
  readonly scopes: Scopes;
  /** Some list could not be told apart from all others. */
  incomplete = false;

  constructor(taken: Taken, scopes: Scopes) {
    this.scopes = scopes;
    this.names = namesIn(taken);
  }

  /** The pieces that say something of a cell's actions in a context, and their conditions. */
  question(
    cell: Cell,
    among: readonly Piece[],
    context: Context,
    only = both,
  ): { readonly question: CellQuestion; readonly conditions: readonly string[] } {
    const speaking: Speaking[] = [];
    const conditions: string[] = [];
    const key = listKeys(cell.vocabulary)[0] ?? '';
    for (const at of cell.speaking) {
      const flags = cell.flags[at] ?? 0;
      const piece = among[at];
      if (piece === undefined || (piece.in & only) === 0) continue;
      if (!this.scopes.applies(piece.scope, context)) continue;
      const patterns = ownPatterns(piece.rule, key);
      if (patterns !== undefined && cell.lists.length === 0) continue;
      const { when } = piece.rule;
      let condition = -1;
      if (when !== undefined) {
        condition = conditions.indexOf(when);
        if (condition === -1) condition = conditions.push(when) - 1;
      }
      speaking.push({ piece, flags, condition, patterns });
    }
    const lists = speaking.flatMap(({ patterns }) => (patterns === undefined ? [] : [patterns]));
    const hasLists = lists.length > 0;
    let values: readonly string[] = [];
    if (hasLists) {
      const own = vocabularies[cell.vocabulary].selectors[key];
      const { names, complete } = representativeNames([...new Set(lists.flat())].map(piecesOf), {
        ...(own?.segments === undefined ? {} : { segments: own.segments }),
        known: this.names.get(key) ?? [],
        steps: LIST_STEPS,
      });
      if (!complete) this.incomplete = true;
      values = [...names, '*'];
    }
    const mayBeImplied = !cell.hasAny && isImplied(cell);
    return {
      question: { speaking, values, open: this.scopes.open(context), mayBeImplied, hasLists },
      conditions,
    };
  }

  /** The action that stands for those of a cell with such a list. */
  action(cell: Cell, { hasLists }: CellQuestion, list: List, implied: boolean): Action {
    const key = listKeys(cell.vocabulary)[0] ?? '';
    const fact = vocabularies[cell.vocabulary].selectors[key]?.fact ?? key;
    const open = new Set(cell.open);
    if (hasLists) open.delete(fact);
    else if (cell.lists.length > 0) open.add(fact);
    const facts = list === undefined ? cell.facts : { ...cell.facts, [fact]: list };
    const keyFor = (name: string) =>
      Object.entries(vocabularies[cell.vocabulary].selectors).find(([, own]) => own.fact === name)?.[0] ?? '';
    const asked = implied && open.has(fact) ? { ...facts, [fact]: ['*'] } : facts;
    return {
      vocabulary: cell.vocabulary,
      kind: cell.kind,
      facts: usualFacts(cell.kind, asked, open, (name) => this.names.get(keyFor(name))?.[0]),
      ...(implied ? { implied } : {}),
    };
  }
}

/** What the conditions that look at the context alone come to, so that contexts that are alike count once. */
export function told(conditions: readonly string[], context: Context): string {
  if (!conditions.some(readsContext)) return '';
  const input = inputFor(context, 'sql', [], new Map());
  let key = '';
  for (const condition of conditions) {
    for (const atom of atomsOf(logicOf(condition))) {
      if (atom.paths.some(isContextPath)) key += String(atom.test(input))[0];
    }
  }
  return key;
}

/** Whether a condition may look at who asks or at what is reached: the word stands in it. */
export const readsContext = (condition: string): boolean => /principal|resource/.test(condition);

function namesIn({ pieces }: Taken): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, Set<string>>();
  for (const { rule } of pieces) {
    for (const [key, patterns] of Object.entries(rule.selector)) {
      const own = names.get(key) ?? new Set();
      names.set(key, own);
      for (const pattern of patterns) if (!pattern.includes('*') && own.size < MAX_NAMES) own.add(pattern);
    }
  }
  return new Map([...names].map(([key, own]) => [key, [...own].sort(byLength).slice(0, MAX_KNOWN)]));
}

const byLength = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : 1);

/** Lines that conditions draw among principals and resources. */
export function contextLines(conditions: readonly string[]): ReadonlyMap<string, readonly Line[]> {
  const lines = new Map<string, Line[]>();
  for (const condition of conditions) {
    for (const atom of atomsOf(logicOf(condition))) {
      for (const path of atom.paths) {
        if (isContextPath(path)) lines.set(path, [...(lines.get(path) ?? []), ...atom.lines]);
      }
    }
  }
  return lines;
}
