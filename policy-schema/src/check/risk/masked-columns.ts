/** Which columns the masks of a workspace speak of. */
import { scopesDisjoint } from '../../evaluate/cover.ts';
import { compilePattern, type Matcher } from '../../model/pattern.ts';
import type { PolicyUnit, World } from '../check.ts';

/** Patterns that name one column, and those that match several, each once. */
interface Hidden {
  readonly names: ReadonlySet<string>;
  readonly matchers: ReadonlyMap<string, Matcher>;
}

const nothing: Hidden = { names: new Set(), matchers: new Map() };
const kept = new WeakMap<PolicyUnit, Hidden>();
const gathered = new WeakMap<World, WeakMap<PolicyUnit, Map<Masks, Hidden>>>();

/** Which policies' masks count: all, or only of those that hold and do not observe. */
export type Masks = 'all' | 'holding';

function ownOf(policy: PolicyUnit): Hidden {
  if (policy.masks.length === 0) return nothing;
  let hidden = kept.get(policy);
  if (hidden === undefined) {
    const patterns = policy.masks.flatMap(({ mask }) => mask.columns);
    hidden = {
      names: new Set(patterns.filter((pattern) => !pattern.includes('*'))),
      matchers: new Map(
        patterns
          .filter((pattern) => pattern.includes('*'))
          .map((pattern) => [pattern, compilePattern(pattern)]),
      ),
    };
    kept.set(policy, hidden);
  }
  return hidden;
}

/** All that masks hide where a policy holds, gathered once for each world. */
function hiddenFor(policy: PolicyUnit, world: World, masks: Masks): Hidden {
  const policies = gathered.get(world) ?? new WeakMap<PolicyUnit, Map<Masks, Hidden>>();
  gathered.set(world, policies);
  const byMasks = policies.get(policy) ?? new Map<Masks, Hidden>();
  policies.set(policy, byMasks);
  let hidden = byMasks.get(masks);
  if (hidden === undefined) {
    const parts = world.policies
      .filter(({ policy: { mode } }) => masks === 'all' || mode === 'enforce')
      .filter((other) => other.masks.length > 0)
      .filter((other) => !scopesDisjoint(policy.policy.applies, other.policy.applies))
      .map(ownOf);
    hidden = {
      names: new Set(parts.flatMap(({ names }) => [...names])),
      matchers: new Map(parts.flatMap(({ matchers }) => [...matchers])),
    };
    byMasks.set(masks, hidden);
  }
  return hidden;
}

/**
 * Whether some mask that may hold where `policy` does surely hides a column.
 * @param column `schema.table.column`, or a pattern for several, all of which must be hidden
 */
export function isMasked(column: string, policy: PolicyUnit, world: World, masks: Masks = 'all'): boolean {
  const { names, matchers } = hiddenFor(policy, world, masks);
  return names.has(column) || [...matchers.values()].some((matches) => matches(column));
}
