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

type Shelves<Own> = Map<string, Set<Own>>;

/** Finds what is needless in a policy of a world. What was found for the last world is kept for the next. */
export function coverings<Own extends Part, Why>(
  kind: Kind<Own, Why>,
): (policy: PolicyUnit, world: World) => readonly Covering<Own, Why>[] {
  let policies: ReadonlySet<PolicyUnit> = new Set();
  let seen: World['policies'] | undefined;
  const parts = new WeakMap<PolicyUnit, readonly Own[]>();
  const shelves: Shelves<Own> = new Map();
  const found = new Map<Own, Covering<Own, Why>>();

  const partsOf = (policy: PolicyUnit): readonly Own[] => {
    let own = parts.get(policy);
    if (own === undefined) {
      own = kind.parts(policy);
      parts.set(policy, own);
    }
    return own;
  };
  const shelve = (own: Own, into: Shelves<Own>): void => {
    for (const word of kind.shelves(own)) {
      const shelf = into.get(word);
      if (shelf) shelf.add(own);
      else into.set(word, new Set([own]));
    }
  };
  const isBetter = (one: Covering<Own, Why>, than: Covering<Own, Why> | undefined): boolean => {
    if (than === undefined) return true;
    const [rank, other] = [kind.rank(one.why), kind.rank(than.why)];
    return rank === other ? standsBefore(one.by, than.by) : rank < other;
  };
  const seek = (held: Own, among: Shelves<Own>): void => {
    for (const word of kind.sought(held)) {
      for (const by of among.get(word) ?? []) {
        if (by === held || !appliesWherever(by.policy, held.policy)) continue;
        const why = kind.judge(by, held);
        if (why === undefined) continue;
        const covering = { held, by, why };
        if (isBetter(covering, found.get(held))) found.set(held, covering);
      }
    }
  };

  const update = (world: World): void => {
    if (world.policies === seen) return;
    seen = world.policies;
    // What a broken file says besides is not known, so it proves nothing.
    const now = new Set(world.policies.filter(({ partial }) => partial !== true));
    const gone = [...policies].filter((policy) => !now.has(policy));
    const come = [...now].filter((policy) => !policies.has(policy));
    policies = now;
    for (const own of gone.flatMap(partsOf)) {
      found.delete(own);
      for (const word of kind.shelves(own)) {
        const shelf = shelves.get(word);
        shelf?.delete(own);
        if (shelf?.size === 0) shelves.delete(word);
      }
    }
    const fresh: Shelves<Own> = new Map();
    for (const own of come.flatMap(partsOf)) {
      shelve(own, shelves);
      shelve(own, fresh);
    }
    const isFresh = new Set(come);
    for (const policy of now) {
      for (const held of partsOf(policy)) {
        const before = found.get(held);
        const isLost = before !== undefined && !now.has(before.by.policy);
        if (isLost) found.delete(held);
        seek(held, isLost || isFresh.has(policy) ? shelves : fresh);
      }
    }
  };

  return (policy, world) => {
    update(world);
    return partsOf(policy).flatMap((held) => found.get(held) ?? []);
  };
}
