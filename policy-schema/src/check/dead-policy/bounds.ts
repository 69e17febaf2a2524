/** Limits and budgets that never are the first to be reached. */
import type { Budget, BudgetScope, Limits } from '../../model/policy.ts';
import type { Fix, RelatedPlace } from '../../syntax/diagnostic.ts';
import { removeEntry } from '../../syntax/edits.ts';
import { entryOf, type MappingEntry, type MappingNode, type SyntaxNode } from '../../syntax/tree.ts';
import type { PolicyUnit, World } from '../check.ts';
import { type Covering, coverings, type Part, standsBefore } from './coverings.ts';

/** A limit or budget. */
export interface BoundPart extends Part {
  readonly path: readonly string[];
  readonly value: number;
  readonly entry: MappingEntry;
}

function readBounds(
  policy: PolicyUnit,
  path: readonly string[],
  values: Limits | Budget,
): Omit<BoundPart, 'index'>[] {
  const mapping = path.reduce<PolicyUnit['root'] | undefined>((node, key) => {
    const value = entryOf(node, key)?.value;
    return value?.kind === 'mapping' ? value : undefined;
  }, policy.root);
  return Object.entries(values).flatMap(([key, value]) => {
    const entry = entryOf(mapping, key);
    return entry && typeof value === 'number' ? [{ policy, path: [...path, key], value, entry }] : [];
  });
}

/** Bounds of a policy that only observes never hold. */
function boundsOf(policy: PolicyUnit): readonly BoundPart[] {
  const { mode, limits, budgets } = policy.policy;
  if (mode === 'observe') return [];
  return [
    ...readBounds(policy, ['limits'], limits),
    ...Object.entries(budgets).flatMap(([scope, budget]) => readBounds(policy, ['budgets', scope], budget)),
  ].map((bound, index) => ({ ...bound, index }));
}

/** What one counts over, another counts over too: all that an agent uses in a day is used in the day. */
const wider: Readonly<Record<BudgetScope, readonly BudgetScope[]>> = {
  session: ['session'],
  agent: ['agent', 'day'],
  day: ['day'],
};

function sought({ path }: BoundPart): readonly string[] {
  const [kind, scope, of] = path;
  if (kind !== 'budgets') return [path.join('.')];
  return wider[scope as BudgetScope].map((each) => `budgets.${each}.${of}`);
}

const needless = coverings<BoundPart, 'reached'>({
  parts: boundsOf,
  shelves: ({ path }) => [path.join('.')],
  sought,
  judge: (by, held) => {
    if (by.value !== held.value || by.path.join() !== held.path.join())
      return by.value <= held.value ? 'reached' : undefined;
    return standsBefore(by, held) ? 'reached' : undefined;
  },
  rank: () => 0,
});

/** The bounds of a policy below a key (`limits`, `budgets`) that others, at most as large, make needless. */
export function needlessBounds(
  policy: PolicyUnit,
  world: World,
  key: 'limits' | 'budgets',
): readonly Covering<BoundPart, 'reached'>[] {
  return needless(policy, world).filter(({ held }) => held.path[0] === key);
}

/** `20 in the policy `base``. */
export function boundWords({ by, held }: Covering<BoundPart, 'reached'>): string {
  const text = by.policy.source.text.slice(by.entry.value.range.start, by.entry.value.range.end);
  const where = by.policy === held.policy ? '' : ` of the policy \`${by.policy.policy.name}\``;
  return `\`${by.path.join('.')}: ${text}\`${where}`;
}

export function boundAsPlace({ by }: Covering<BoundPart, 'reached'>): RelatedPlace {
  const { keyRange, value } = by.entry;
  return {
    file: by.policy.file,
    start: keyRange.start,
    end: value.range.end,
    message: 'This bound is reached first.',
  };
}

/** The fix that takes a bound out, with the mappings that would be empty without it. */
export function withoutBound({ policy, path }: BoundPart, title: string): readonly Fix[] {
  let [mapping, entry]: [MappingNode, MappingEntry | undefined] = [policy.root, undefined];
  let node: SyntaxNode = policy.root;
  for (const key of path) {
    const next = entryOf(node, key);
    if (next === undefined || node.kind !== 'mapping') return [];
    // The outermost entry that holds nothing but the bound.
    if (entry === undefined || node.entries.length > 1) [mapping, entry] = [node, next];
    node = next.value;
  }
  return entry ? [{ title, safety: 'safe', edits: [removeEntry(policy.source, mapping, entry)] }] : [];
}
