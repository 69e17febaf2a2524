import { type ConditionNode, nodesOf } from '../../../conditions/tree.ts';
import { replace } from '../../../syntax/edits.ts';
import type { Fix } from '../../../syntax/diagnostic.ts';
import type { Check, RuleUnit, World } from '../../check.ts';
import { placeOf, treeOf } from '../condition-parts.ts';

const same = 'Use the same zone';

type Call = Extract<ConditionNode, { kind: 'call' }>;

/** Smaller fields are the same in nearly all zones. */
const zoned: ReadonlySet<string> = new Set([
  'getHours',
  'getDate',
  'getDayOfWeek',
  'getDayOfMonth',
  'getDayOfYear',
  'getMonth',
  'getFullYear',
]);

const kept = new WeakMap<RuleUnit, readonly Call[]>();

function clocksOf(unit: RuleUnit): readonly Call[] {
  let calls = kept.get(unit);
  if (calls === undefined) {
    const tree = unit.condition?.source.includes('.get') ? treeOf(unit) : undefined;
    calls = tree
      ? [...nodesOf(tree)].filter(
          (node): node is Call =>
            node.kind === 'call' && zoned.has(node.name.text) && node.receiver?.type === 'timestamp',
        )
      : [];
    kept.set(unit, calls);
  }
  return calls;
}

function zoneOf({ arguments: [zone] }: Call): string | undefined {
  return zone?.kind === 'literal' && typeof zone.value === 'string' ? zone.value : undefined;
}

const zones = new WeakMap<World, { readonly zone: string | undefined }>();

/** A zone that other conditions of the workspace name. */
function usualZone(world: World): string | undefined {
  let found = zones.get(world);
  if (found === undefined) {
    found = { zone: readZone(world) };
    zones.set(world, found);
  }
  return found.zone;
}

function readZone(world: World): string | undefined {
  for (const { rules } of world.policies) {
    for (const unit of rules) {
      const zone = clocksOf(unit)
        .map(zoneOf)
        .find((each) => each !== undefined && !/^(UTC|Z|Etc\/UTC|[+-]00:?00)$/i.test(each));
      if (zone !== undefined) return zone;
    }
  }
  return undefined;
}

export const timeWithoutZone: Check<'rule'> = {
  code: 'time-without-zone',
  family: 'risk',
  severity: 'information',
  title: 'An hour or a day of UTC, where other conditions name a time zone.',
  unit: 'rule',
  reads: 'world',
  fixes: { [same]: 'unsafe' },
  check(unit, report, world) {
    const { condition, policy } = unit;
    const bare = clocksOf(unit).filter((call) => call.arguments.length === 0);
    if (bare.length === 0 || condition === undefined) return;
    const zone = usualZone(world);
    if (zone === undefined) return;
    for (const { name, end } of bare) {
      const message = `Without a zone this is the time of UTC, and other conditions use \`${zone}\`. Write \`${name.text}("${zone}")\`, or \`"UTC"\` if it is meant.`;
      const quote = condition.node.style === 'double-quoted' ? "'" : '"';
      const { start } = placeOf(condition, { start: end - 1, end });
      // A call ends with its parenthesis, unless the scalar could not be followed.
      const closes = policy.source.text[start] === ')';
      const edits = [replace(policy.source, { start, end: start }, `${quote}${zone}${quote}`)];
      const fixes: Fix[] = closes ? [{ title: same, safety: 'unsafe', edits }] : [];
      report(placeOf(condition, name), message, { fixes });
    }
  },
};
