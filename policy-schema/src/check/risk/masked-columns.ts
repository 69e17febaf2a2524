/** Which columns the masks of a workspace speak of. */
import { scopesDisjoint } from '../../evaluate/cover.ts';
import { compilePattern, type Matcher } from '../../model/pattern.ts';
import type { Policy } from '../../model/policy.ts';
import type { PolicyUnit, World } from '../check.ts';

const kept = new WeakMap<PolicyUnit, readonly Matcher[]>();

function matchersOf(policy: PolicyUnit): readonly Matcher[] {
  let matchers = kept.get(policy);
  if (matchers === undefined) {
    matchers = policy.masks.flatMap(({ mask }) => mask.columns.map(compilePattern));
    kept.set(policy, matchers);
  }
  return matchers;
}

/**
 * Whether some mask of a policy that `holds`, and that may hold where `policy` does, surely hides a column.
 * @param column `schema.table.column`, or a pattern for several, all of which must be hidden
 */
export function isMasked(
  column: string,
  policy: PolicyUnit,
  world: World,
  holds: (policy: Policy) => boolean = () => true,
): boolean {
  return world.policies.some(
    (other) =>
      other.masks.length > 0 &&
      holds(other.policy) &&
      !scopesDisjoint(policy.policy.applies, other.policy.applies) &&
      matchersOf(other).some((matches) => matches(column)),
  );
}
