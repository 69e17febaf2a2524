/**
 * Which parts of policies are needless beside which others, over all files. Only pairs that an edit may have changed are
 * judged again, since thousands of rules are held against each other.
 */
import type { PolicyUnit, World } from '../check.ts';
import { appliesWherever } from './scopes.ts';

/** A part of a policy: a rule, a mask, a limit. The same object while its policy's unit stays. */
export interface Part {
  readonly policy: PolicyUnit;
  /** Its place among the parts of its policy. */
  readonly index: number;
}

export interface Kind<Own extends Part, Why> {
  parts(policy: PolicyUnit): readonly Own[];
  /** Words under which a part is found that may make others needless. */
  shelves(part: Own): readonly string[];
  /** The words under which to look for what may make a part needless. */
  sought(part: Own): readonly string[];
  /** Why `held` is needless beside `by`, whose policy applies wherever that of `held` does. */
  judge(by: Own, held: Own): Why | undefined;
  /** Of several reasons, the one with the smallest number is told. */
  rank(why: Why): number;
}

/** `held` has no effect, because of `by`. */
export interface Covering<Own, Why> {
  readonly held: Own;
  readonly by: Own;
  readonly why: Why;
}

/** Whether a part stands before another, in the order of files and places: of two that say the same, the first stays. */
export function standsBefore(a: Part, b: Part): boolean {
  const [file, other] = [a.policy.file, b.policy.file];
  return file === other ? a.index < b.index : file < other;
}

type Shelves<Own> = ReadonlyMap<string, readonly Own[]>;

/** Finds what is needless in a policy of a world. What was found for the last world is kept for the next. */
export function coverings<Own extends Part, Why>(
  kind: Kind<Own, Why>,
): (policy: PolicyUnit, world: World) => readonly Covering<Own, Why>[] {
  let policies: ReadonlySet<PolicyUnit> = new Set();
  let seen: World['policies'] | undefined;
  const parts = new WeakMap<PolicyUnit, readonly Own[]>();
  const shelves = new WeakMap<PolicyUnit, Shelves<Own>>();
  const sought = new WeakMap<Own, readonly string[]>();
  const found = new Map<Own, Covering<Own, Why>>();

  const partsOf = (policy: PolicyUnit): readonly Own[] => {
    let own = parts.get(policy);
    if (own === undefined) {
      own = kind.parts(policy);
      parts.set(policy, own);
    }
    return own;
  };
  const shelvesOf = (policy: PolicyUnit): Shelves<Own> => {
    let own = shelves.get(policy);
    if (own === undefined) {
      const made = new Map<string, Own[]>();
      for (const part of partsOf(policy)) {
        for (const word of kind.shelves(part)) {
          const shelf = made.get(word);
          if (shelf) shelf.push(part);
          else made.set(word, [part]);
        }
      }
      own = made;
      shelves.set(policy, own);
    }
    return own;
  };
  const soughtBy = (held: Own): readonly string[] => {
    let words = sought.get(held);
    if (words === undefined) {
      words = kind.sought(held);
      sought.set(held, words);
    }
    return words;
  };
  const isBetter = (one: Covering<Own, Why>, than: Covering<Own, Why> | undefined): boolean => {
    if (than === undefined) return true;
    const [rank, other] = [kind.rank(one.why), kind.rank(than.why)];
    return rank === other ? standsBefore(one.by, than.by) : rank < other;
  };
  /** @param among Policies that apply wherever that of `held` does */
  const seek = (held: Own, among: readonly PolicyUnit[]): void => {
    const words = soughtBy(held);
    for (const policy of among) {
      for (const word of words) {
        for (const by of shelvesOf(policy).get(word) ?? []) {
          if (by === held) continue;
          const why = kind.judge(by, held);
          if (why === undefined) continue;
          const covering = { held, by, why };
          if (isBetter(covering, found.get(held))) found.set(held, covering);
        }
      }
    }
  };

  const update = (world: World): void => {
    if (world.policies === seen) return;
    seen = world.policies;
    // What a broken file says besides is not known, so it proves nothing.
    const now = new Set(world.policies.filter(({ partial }) => partial !== true));
    const come = [...now].filter((policy) => !policies.has(policy));
    policies = now;
    const lost: Own[] = [];
    for (const [held, { by }] of found) {
      if (now.has(held.policy) && now.has(by.policy)) continue;
      found.delete(held);
      if (now.has(held.policy)) lost.push(held);
    }
    const among = (held: PolicyUnit, ones: Iterable<PolicyUnit>): readonly PolicyUnit[] =>
      [...ones].filter((each) => appliesWherever(each, held));
    for (const held of lost) seek(held, among(held.policy, now));
    const isFresh = new Set(come);
    for (const policy of now) {
      // By policies first: most of them have nothing to do with each other.
      const by = among(policy, isFresh.has(policy) ? now : come);
      if (by.length > 0) for (const held of partsOf(policy)) seek(held, by);
    }
  };

  return (policy, world) => {
    update(world);
    return partsOf(policy).flatMap((held) => found.get(held) ?? []);
  };
}
