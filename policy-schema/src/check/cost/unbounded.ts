/** Resources of production that agents may reach, and which bounds hold there. */
import type { Resource } from '../../model/workspace.ts';
import type { Fix, TextRange } from '../../syntax/diagnostic.ts';
import { addEntry } from '../../syntax/edits.ts';
import { entryOf, type SyntaxNode } from '../../syntax/tree.ts';
import type { PolicyUnit, RuleUnit, World } from '../check.ts';
import { isProduction, resourcesOf } from '../risk/places.ts';
import { isAny, namedActions, narrowingKeys } from '../rule-parts.ts';

/** What is let through: rows that are read, or anything at all. */
export type Passage = 'reads' | 'anything';

interface Own {
  /** The first rule that lets it through. */
  readonly rules: Readonly<Record<Passage, RuleUnit | undefined>>;
  /** `limits.rows`, `budgets.day.cost`, … */
  readonly bounds: readonly string[];
}

const ownOf = new WeakMap<PolicyUnit, Own>();

function reads({ rule: { selector, vocabulary } }: RuleUnit): boolean {
  if (vocabulary !== undefined && vocabulary !== 'sql') return false;
  return selector.actions === undefined || selector.actions.some((kind) => kind === 'select' || isAny(kind));
}

/** A rule that names tables of the server's own catalog alone lets no rows of anybody through. */
function onlyCatalog({ rule: { selector } }: RuleUnit): boolean {
  return selector.tables?.every((pattern) => /^(pg_catalog|information_schema)\./.test(pattern)) === true;
}

function own(policy: PolicyUnit): Own {
  let known = ownOf.get(policy);
  if (known === undefined) {
    const { mode, limits, budgets } = policy.policy;
    const enforced = mode === 'enforce';
    const granting = enforced ? policy.rules.filter(({ rule }) => rule.effect === 'allow') : [];
    const bounds = enforced
      ? [
          ...Object.keys(limits).map((key) => `limits.${key}`),
          ...Object.entries(budgets).flatMap(([scope, budget]) =>
            Object.keys(budget).map((key) => `budgets.${scope}.${key}`),
          ),
        ]
      : [];
    const rules = {
      reads: granting.find((unit) => reads(unit) && !onlyCatalog(unit)),
      anything: granting.find((unit) => narrowingKeys(unit.rule).length > 0 || reads(unit)),
    };
    known = { rules, bounds };
    ownOf.set(policy, known);
  }
  return known;
}

interface Reached {
  readonly resource: Resource;
  readonly bounds: ReadonlySet<string>;
  readonly first: Readonly<Record<Passage, RuleUnit | undefined>>;
}

const reachedIn = new WeakMap<World, readonly Reached[]>();

/** Each resource of production once, with the bounds of all policies that apply to it. */
function reached(world: World): readonly Reached[] {
  let known = reachedIn.get(world);
  if (known === undefined) {
    const found = new Map<Resource, { bounds: Set<string>; first: Record<Passage, RuleUnit | undefined> }>();
    for (const policy of world.policies) {
      for (const resource of resourcesOf(policy, world) ?? []) {
        if (!isProduction(resource)) continue;
        const each = found.get(resource) ?? {
          bounds: new Set(),
          first: { reads: undefined, anything: undefined },
        };
        found.set(resource, each);
        const { rules, bounds } = own(policy);
        for (const bound of bounds) each.bounds.add(bound);
        each.first.reads ??= rules.reads;
        each.first.anything ??= rules.anything;
      }
    }
    known = [...found].map(([resource, each]) => ({ resource, ...each }));
    reachedIn.set(world, known);
  }
  return known;
}

export interface Unbounded {
  /** `` `shop-db` and 2 more resources ``. */
  readonly places: string;
  readonly range: TextRange;
  readonly fixes: readonly Fix[];
}

/**
 * Where this policy is the first to let something through to a resource of production that none of these bounds holds for.
 * @param bounds Paths as patterns
 * @param fix Adds a bound to the policy's limits
 */
export function unbounded(
  policy: PolicyUnit,
  world: World,
  passage: Passage,
  bounds: RegExp,
  fix: { readonly title: string; readonly key: string; readonly value: string },
): Unbounded | undefined {
  if (world.partial || own(policy).rules[passage] === undefined) return undefined;
  const here = reached(world).filter(
    (each) => each.first[passage]?.policy === policy && ![...each.bounds].some((bound) => bounds.test(bound)),
  );
  const rule = here[0]?.first[passage];
  if (here[0] === undefined || rule === undefined) return undefined;
  const more = here.length - 1;
  const name = `\`${here[0].resource.name}\``;
  return {
    places: more === 0 ? name : `${name} and ${more} more ${more === 1 ? 'resource' : 'resources'}`,
    range: placeOfRule(rule),
    fixes: [{ title: fix.title, safety: 'unsafe', edits: [addedLimit(policy, fix.key, fix.value)] }],
  };
}

function placeOfRule(rule: RuleUnit): TextRange {
  const effect: SyntaxNode | undefined = entryOf(rule.node, 'effect')?.value;
  return namedActions(rule, ['select'])[0]?.range ?? effect?.range ?? rule.node.range;
}

function addedLimit({ source, root }: PolicyUnit, key: string, value: string): Fix['edits'][number] {
  const limits = entryOf(root, 'limits')?.value;
  return limits?.kind === 'mapping'
    ? addEntry(source, limits, key, value)
    : addEntry(source, root, 'limits', `{ ${key}: ${value} }`);
}
