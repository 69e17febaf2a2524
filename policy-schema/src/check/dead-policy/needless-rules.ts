import { type Needless, needless } from '../../evaluate/rule-cover.ts';
import type { Rule } from '../../model/policy.ts';
import type { Fix, RelatedPlace, TextRange } from '../../syntax/diagnostic.ts';
import { removeItem } from '../../syntax/edits.ts';
import { entryOf } from '../../syntax/tree.ts';
import type { PolicyUnit, RuleUnit, World } from '../check.ts';
import { type Covering, coverings, standsBefore } from './coverings.ts';

/** As {@link Needless}; `repeated`: the other is the same rule, names and messages aside. */
export type NeedlessRule = Needless | 'repeated';

const ranks: Readonly<Record<NeedlessRule, number>> = { repeated: 0, denied: 1, said: 2, asked: 3 };

function bodyOf({ name: _, message: __, location: ___, ...body }: Rule): string {
  const selector = Object.entries(body.selector)
    .map(([key, patterns]) => [key, [...new Set(patterns)].sort()] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([body.effect, body.vocabulary, selector, body.when, body.approval]);
}

const bodies = new WeakMap<RuleUnit, string>();

/** All that a rule does, as a text. */
function body(unit: RuleUnit): string {
  let text = bodies.get(unit);
  if (text === undefined) {
    text = bodyOf(unit.rule);
    bodies.set(unit, text);
  }
  return text;
}

const maxKnown = 200_000;
const meanings = new Map<string, number>();
const meaningNumbers = new WeakMap<RuleUnit, number>();
/** By the rule that may be needless, then by the other: small numbers are what maps find fastest. */
const known = new Map<number, Map<number, Needless | 'no'>>();
let knownPairs = 0;
let nextMeaning = 0;

/** The same for all rules that say the same in policies of the same scope and mode. */
function meaningNumber(unit: RuleUnit): number {
  let number = meaningNumbers.get(unit);
  if (number === undefined) {
    const { mode, applies } = unit.policy.policy;
    const text = JSON.stringify([mode, applies, bodyOf(unit.rule)]);
    if (meanings.size >= maxKnown) meanings.clear();
    number = meanings.get(text) ?? nextMeaning++;
    meanings.set(text, number);
    meaningNumbers.set(unit, number);
  }
  return number;
}

/** {@link needless}, remembered: a keystroke in a file leaves all of its rules but one as they were. */
function isNeedless(by: RuleUnit, held: RuleUnit): Needless | undefined {
  const number = meaningNumber(held);
  let others = known.get(number);
  const before = others?.get(meaningNumber(by));
  if (before !== undefined) return before === 'no' ? undefined : before;
  const place = (unit: RuleUnit) => ({ policy: unit.policy.policy, rule: unit.rule });
  const why = needless(place(by), place(held));
  if (knownPairs++ >= maxKnown) {
    known.clear();
    knownPairs = 0;
    others = undefined;
  }
  if (others === undefined) {
    others = new Map();
    known.set(number, others);
  }
  others.set(meaningNumber(by), why ?? 'no');
  return why;
}

function judge(by: RuleUnit, held: RuleUnit): NeedlessRule | undefined {
  const why = isNeedless(by, held);
  if (why !== 'said') return why;
  // Of two rules that make each other needless, the first stays.
  const isMutual = isNeedless(held, by) === 'said';
  if (isMutual && !standsBefore(by, held)) return undefined;
  if (isMutual && body(by) === body(held)) return 'repeated';
  // Whoever is refused or asked reads the rule's own words.
  const { effect, message } = held.rule;
  return effect === 'allow' || message === undefined || message === by.rule.message ? 'said' : undefined;
}

const any = '*';

/** Kinds of action that a rule names, as the first step of finding what speaks of the same. */
function kindsOf({ selector }: Rule): readonly string[] {
  const { actions } = selector;
  return actions === undefined || actions.includes(any) ? [any] : actions;
}

/** A rule with more tables than that is held against every other one, so that nobody's lists fill the memory. */
const maxShelved = 50;

/** Of tables: a pattern without `*` covers itself alone, and another only what begins as it does. */
function tableShelves({ selector: { tables } }: Rule): readonly string[] {
  if (tables === undefined || tables.length > maxShelved) return [any];
  return tables.map((pattern) => {
    if (!pattern.includes(any)) return pattern;
    const dot = pattern.slice(0, pattern.indexOf(any)).indexOf('.');
    return dot === -1 ? any : `${pattern.slice(0, dot)}.${any}`;
  });
}

/** What covers all tables of a rule covers the first of them. */
function tablesSought({ selector: { tables } }: Rule): readonly string[] {
  const first = tables?.[0];
  if (first === undefined) return [any];
  const dot = first.indexOf('.');
  return dot === -1 ? [any, first] : [any, first, `${first.slice(0, dot)}.${any}`];
}

/** Each kind of action with each table. */
function words(kinds: readonly string[], tables: readonly string[]): readonly string[] {
  const all = kinds.flatMap((kind) => tables.map((table) => `${kind} ${table}`));
  return [...new Set(all)];
}

/** The rules of a policy that have no effect, each with the rule that is to blame. */
export const needlessRules: (
  policy: PolicyUnit,
  world: World,
) => readonly Covering<RuleUnit, NeedlessRule>[] = coverings<RuleUnit, NeedlessRule>({
  parts: ({ rules }) => rules,
  shelves: ({ rule }) => words(kindsOf(rule), tableShelves(rule)),
  sought: ({ rule }) => words([any, ...kindsOf(rule).slice(0, 1)], tablesSought(rule)),
  judge,
  rank: (why) => ranks[why],
});

/** Where a rule's name stands. */
export function nameRange({ node }: RuleUnit): TextRange {
  return entryOf(node, 'name')?.value.range ?? node.range;
}

/** `the rule X`, with its policy where that is another. */
export function ruleWords({ rule, policy }: RuleUnit, from: RuleUnit): string {
  return policy === from.policy
    ? `the rule \`${rule.name}\``
    : `the rule \`${rule.name}\` of the policy \`${policy.policy.name}\``;
}

export function ruleAsPlace(unit: RuleUnit, message: string): RelatedPlace {
  return { file: unit.policy.file, ...nameRange(unit), message };
}

/** The fix that takes a rule out; none where it is the only one, as an empty list is an error. */
export function withoutRule(
  { policy, index }: RuleUnit,
  title: string,
  safety: Fix['safety'],
): readonly Fix[] {
  const rules = entryOf(policy.root, 'rules')?.value;
  if (rules?.kind !== 'sequence' || rules.items.length < 2) return [];
  return [{ title, safety, edits: [removeItem(policy.source, rules, index)] }];
}
