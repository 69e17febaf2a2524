/** What a change of policy could newly allow, and what it could newly refuse. */
import type { Mask, Policy, PolicySet } from '../model/policy.ts';
import { maskCovers, patternsCover, sameCondition, scopeCovers, scopesDisjoint } from './cover.ts';
import { maskWords } from './mask-strength.ts';
import { admits, approvalOf, type Placed, restrains } from './rule-cover.ts';

export interface Comparison {
  /** One line for each thing that `after` may let through and `before` does not. Empty: surely nothing. */
  readonly loosens: readonly string[];
  /** One line for each thing that `after` may hold back and `before` does not. */
  readonly tightens: readonly string[];
}

/** Something that `to` may allow and `from` does not, in words for a change that way and for the way back. */
interface Finding {
  readonly loosens: string;
  readonly tightens: string;
}

const enforcing = (set: PolicySet): readonly Policy[] =>
  set.policies.filter(({ mode }) => mode === 'enforce');
const observing = (set: PolicySet): readonly Policy[] =>
  set.policies.filter(({ mode }) => mode === 'observe');
const rulesOf = (policies: readonly Policy[]): readonly Placed[] =>
  policies.flatMap((policy) => policy.rules.map((rule) => ({ policy, rule })));

/** In what two rules differ, in few words; empty: in nothing that has meaning. */
export function differences(from: Placed, to: Placed): string {
  const parts: string[] = [];
  if (from.rule.effect !== to.rule.effect) parts.push(`${from.rule.effect} becomes ${to.rule.effect}`);
  if (from.policy.mode !== to.policy.mode) parts.push(`${from.policy.mode} becomes ${to.policy.mode}`);
  if (JSON.stringify(from.policy.applies) !== JSON.stringify(to.policy.applies)) parts.push('applies');
  if (from.rule.vocabulary !== to.rule.vocabulary) parts.push('what it speaks of');
  for (const key of new Set([...Object.keys(from.rule.selector), ...Object.keys(to.rule.selector)])) {
    const [was, is] = [from.rule.selector[key], to.rule.selector[key]];
    if (was === undefined || is === undefined)
      parts.push(`${key} ${was === undefined ? 'added' : 'removed'}`);
    else if (!patternsCover(was, is) || !patternsCover(is, was)) parts.push(`${key} ${changed(was, is)}`);
  }
  if (!sameCondition(from.rule.when, to.rule.when)) {
    parts.push(
      from.rule.when === undefined
        ? 'when added'
        : to.rule.when === undefined
          ? 'when removed'
          : 'when changed',
    );
  }
  if (JSON.stringify(approvalOf(from.rule)) !== JSON.stringify(approvalOf(to.rule))) parts.push('approval');
  return parts.join(', ');
}

function changed(was: readonly string[], is: readonly string[]): string {
  const more = is.filter((pattern) => !was.includes(pattern)).map((pattern) => `+${pattern}`);
  const less = was.filter((pattern) => !is.includes(pattern)).map((pattern) => `-${pattern}`);
  return [...more, ...less].join(' ');
}

const twin = (of: Placed, among: readonly Placed[]): Placed | undefined =>
  among.find(({ policy, rule }) => policy.name === of.policy.name && rule.name === of.rule.name);

/** Words about a rule that one side has and the other does not make up for. */
function ruleFinding(own: Placed, twinned: Placed | undefined, has: 'from' | 'to'): Finding {
  const subject = `policy ${own.policy.name}: ${own.rule.effect} rule ${own.rule.name}`;
  if (twinned === undefined) {
    const [loosens, tightens] = has === 'from' ? ['is gone', 'is new'] : ['is new', 'is gone'];
    return { loosens: `${subject} ${loosens}`, tightens: `${subject} ${tightens}` };
  }
  const [from, to] = has === 'from' ? [own, twinned] : [twinned, own];
  const [looser, tighter] =
    has === 'from' ? ['restricts less', 'restricts more'] : ['allows more', 'allows less'];
  const words = (difference: string) => (difference === '' ? '' : ` (${difference})`);
  return {
    loosens: `${subject} ${looser}${words(differences(from, to))}`,
    tightens: `${subject} ${tighter}${words(differences(to, from))}`,
  };
}

function laxerRules(from: PolicySet, to: PolicySet): Finding[] {
  const [were, are] = [rulesOf(enforcing(from)), rulesOf(enforcing(to))];
  const [allWere, allAre] = [rulesOf(from.policies), rulesOf(to.policies)];
  const findings: Finding[] = [];
  for (const held of were) {
    if (held.rule.effect === 'allow' || are.some((by) => restrains(by, held))) continue;
    findings.push(ruleFinding(held, twin(held, allAre), 'from'));
  }
  for (const admitted of are) {
    if (admitted.rule.effect === 'deny' || were.some((by) => admits(by, admitted))) continue;
    const scope = admitted.policy.applies;
    // Where policies only observed, everything passed.
    const unguarded =
      observing(from).some(({ applies }) => scopeCovers(applies, scope)) &&
      enforcing(from).every(({ applies }) => scopesDisjoint(applies, scope));
    if (!unguarded) findings.push(ruleFinding(admitted, twin(admitted, allWere), 'to'));
  }
  return findings;
}

function laxerModes(from: PolicySet, to: PolicySet): Finding[] {
  const findings: Finding[] = [];
  const watched = observing(to);
  for (const { name, applies } of enforcing(from)) {
    if (watched.length === 0 || enforcing(to).some((policy) => scopeCovers(policy.applies, applies)))
      continue;
    findings.push({
      loosens: `policy ${name}: no longer enforces all that it did, and where policies only observe, everything passes`,
      tightens: `policy ${name}: enforces where policies may only have observed`,
    });
  }
  for (const { name, applies } of watched) {
    const covered = [...observing(from), ...enforcing(to)].some((policy) =>
      scopeCovers(policy.applies, applies),
    );
    if (covered) continue;
    findings.push({
      loosens: `policy ${name}: observes where nothing may have applied, so everything passes there`,
      tightens: `policy ${name}: no longer observes, so what nothing allows is denied`,
    });
  }
  return findings;
}

export function wordsFor(mask: Mask): string {
  const { groups = [], people = [] } = mask.unless ?? {};
  const unless = groups.length + people.length === 0 ? '' : ` unless ${[...groups, ...people].join(', ')}`;
  return `mask ${maskWords(mask)} on ${mask.columns.join(', ')}${unless}`;
}

function laxerMasks(from: PolicySet, to: PolicySet): Finding[] {
  const are = enforcing(to).flatMap(({ applies, masks }) => masks.map((mask) => ({ applies, mask })));
  return enforcing(from).flatMap(({ name, applies, masks }) =>
    masks
      .filter((mask) => !are.some((by) => scopeCovers(by.applies, applies) && maskCovers(by.mask, mask)))
      .map((mask) => ({
        loosens: `policy ${name}: ${wordsFor(mask)} is gone or hides less`,
        tightens: `policy ${name}: ${wordsFor(mask)} is new or hides more`,
      })),
  );
}

/** Every limit and budget of a policy by its name in words. */
function boundsOf({ limits, budgets }: Policy): ReadonlyMap<string, number> {
  const named: readonly (readonly [string, number | undefined])[] = [
    ...Object.entries(limits).map(([key, bound]) => [`limit ${key}`, bound] as const),
    ...Object.entries(budgets).flatMap(([scope, budget]) =>
      Object.entries(budget).map(([key, bound]) => [`budget ${scope} ${key}`, bound] as const),
    ),
  ];
  return new Map(named.flatMap(([key, bound]) => (bound === undefined ? [] : [[key, bound] as const])));
}

function laxerBounds(from: PolicySet, to: PolicySet): Finding[] {
  const are = enforcing(to).map((policy) => ({ applies: policy.applies, bounds: boundsOf(policy) }));
  return enforcing(from).flatMap((policy) =>
    [...boundsOf(policy)].flatMap(([key, bound]): Finding[] => {
      const kept = are.some(
        (by) =>
          (by.bounds.get(key) ?? Number.POSITIVE_INFINITY) <= bound &&
          scopeCovers(by.applies, policy.applies),
      );
      if (kept) return [];
      return [
        {
          loosens: `policy ${policy.name}: ${key} of ${bound} is gone or larger`,
          tightens: `policy ${policy.name}: ${key} of ${bound} is new or smaller`,
        },
      ];
    }),
  );
}

function laxer(from: PolicySet, to: PolicySet): Finding[] {
  return [laxerRules, laxerModes, laxerMasks, laxerBounds].flatMap((compare) => compare(from, to));
}

const lines = (all: readonly string[]): readonly string[] => [...new Set(all)].sort();

/**
 * Compare two policy sets. Sound for loosening: where `loosens` is empty, no request of anyone can get a laxer
 * effect, an easier approval, fewer masks, larger limits or larger budgets under `after` than under `before`. Names, messages and
 * places have no meaning here.
 */
export function compareSets(before: PolicySet, after: PolicySet): Comparison {
  return {
    loosens: lines(laxer(before, after).map(({ loosens }) => loosens)),
    tightens: lines(laxer(after, before).map(({ tightens }) => tightens)),
  };
}
