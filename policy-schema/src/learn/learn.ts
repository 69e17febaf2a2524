/** From what an agent did to the least that it needs. */
import { compilePatterns } from '../model/pattern.ts';
import { type Block, blocksFor } from '../suggest/blocks.ts';
import { vocabularies } from '../vocabulary/registry.ts';
import type { Action } from '../vocabulary/vocabulary.ts';

/** How far a rule may speak of more than was seen: of other columns, or of other tables and functions of a schema. */
export const levels = ['columns', 'tables', 'schemas'] as const;
export type Level = (typeof levels)[number];

/** A request that passed, or passed once a person had approved. */
export interface Observed {
  readonly text: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly actions: readonly (Action & { readonly effect: 'allow' | 'approve' })[];
}

export interface LearnedRule {
  readonly effect: 'allow' | 'approve';
  readonly block: Block;
  /** Requests that need it; the last of them. */
  readonly evidence: { readonly requests: number; readonly last: string; readonly example: string };
}

/** Rules that grant all of it, and of what they name nothing more than the level says. The same for every order. */
export function learn(observed: readonly Observed[], level: Level): readonly LearnedRule[] {
  return (['allow', 'approve'] as const).flatMap((effect) => {
    const own = (request: Observed) =>
      request.actions.filter((action) => action.effect === effect && action.implied !== true);
    const distinct = new Map<string, Action>();
    for (const request of observed)
      for (const action of own(request)) {
        const { vocabulary, kind, facts } = widened(action, level);
        distinct.set(JSON.stringify([vocabulary, kind, facts]), { vocabulary, kind, facts });
      }
    // Blocks are joined as they come, so they come in an order of their own.
    const actions = [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, action]) => action);
    return blocksFor(actions, level === 'columns' ? 'columns' : 'whole').map((block): LearnedRule => {
      const needing = observed.filter((request) => own(request).some((action) => grants(block, action)));
      const latest = needing.reduce<Observed | undefined>(
        (last, each) => (last === undefined || isLater(each, last) ? each : last),
        undefined,
      );
      return {
        effect,
        block,
        evidence: { requests: needing.length, last: latest?.at ?? '', example: latest?.text ?? '' },
      };
    });
  });
}

/** Of two of one moment the text decides, so that the order does not. */
function isLater(one: Observed, other: Observed): boolean {
  return one.at === other.at ? one.text < other.text : one.at > other.at;
}

/** What is built in is never opened as a whole: its schemas hold functions that end sessions and read files. */
const builtIn = /^(pg_catalog|information_schema|pg_toast)\./;

function widened(action: Action, level: Level): Action {
  if (level !== 'schemas') return action;
  const facts = Object.fromEntries(
    Object.entries(action.facts).map(([fact, value]) => {
      const isQualified = Object.values(vocabularies[action.vocabulary].selectors).some(
        (selector) => selector.fact === fact && selector.segments === 2,
      );
      if (!isQualified || typeof value !== 'string' || builtIn.test(value)) return [fact, value];
      return [fact, `${schemaOf(value)}.*`];
    }),
  );
  return { ...action, facts };
}

/** The first segment of a canonical name, in its quotes where it has some. */
function schemaOf(name: string): string {
  return /^(?:"(?:[^"]|"")*"|[^.]*)/.exec(name)?.[0] ?? name;
}

function grants(block: Block, { vocabulary, kind, facts }: Action): boolean {
  const { selectors } = vocabularies[vocabulary];
  return Object.entries(block).every(([key, patterns]) => {
    if (key === 'actions') return patterns.includes(kind);
    const fact = selectors[key]?.fact ?? '';
    const value = Object.hasOwn(facts, fact) ? facts[fact] : undefined;
    if (value === undefined) return false;
    return (typeof value === 'string' ? [value] : value).every(compilePatterns(patterns));
  });
}
