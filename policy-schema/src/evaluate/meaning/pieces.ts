/** Two policy sets taken apart into what has meaning, each part with the sets that hold it. */
import type {
  Applies,
  Approval,
  Budgets,
  Limits,
  Mask,
  Policy,
  PolicySet,
  Rule,
} from '../../model/policy.ts';
import { defaultApproval } from '../compile.ts';

/** Which of the two sets: one bit each. */
export const sides = { before: 1, after: 2 } as const;
export type Side = keyof typeof sides;

/** A rule that enforces, with where it applies. Two rules that mean the same are one piece. */
export interface Piece {
  readonly index: number;
  readonly scope: number;
  readonly rule: Rule;
  readonly approval: Approval;
  /** Made of a bound that is held against the plan, and compared as such elsewhere. */
  readonly isBound: boolean;
  in: number;
}

export interface MaskPiece {
  readonly scope: number;
  readonly mask: Mask;
  readonly policy: string;
  in: number;
}

export interface BoundPiece {
  readonly scope: number;
  readonly name: string;
  readonly bound: number;
  in: number;
}

/** Where policies apply. */
export interface Scope {
  readonly applies: Applies;
  /** Sets with a policy here that enforces, and with one that observes. */
  enforcing: number;
  observing: number;
}

export interface Taken {
  readonly scopes: readonly Scope[];
  readonly pieces: readonly Piece[];
  readonly masks: readonly MaskPiece[];
  readonly bounds: readonly BoundPiece[];
  /** The sets without the rules that both hold. */
  readonly changed: Readonly<Record<Side, PolicySet>>;
}

export const both = sides.before | sides.after;

const sorted = (list: readonly string[]): readonly string[] => [...new Set(list)].sort();

function scopeKey({ to, agents, groups }: Applies): string {
  return JSON.stringify([sorted(to), sorted(agents), groups && sorted(groups)]);
}

function ruleKey({ effect, vocabulary, selector, when }: Rule, approval: Approval): string {
  const keys = Object.entries(selector).map(([key, patterns]) => [key, sorted(patterns)] as const);
  const need = effect === 'approve' ? [sorted(approval.by), approval.within, approval.counts] : [];
  keys.sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([effect, vocabulary, keys, when?.trim(), need]);
}

function maskKey(mask: Mask): string {
  const { columns, with: kind, keep, step, harmless, writable, tokens, unless } = mask;
  return JSON.stringify([
    sorted(columns),
    kind,
    keep && [keep.first, keep.last],
    step,
    sorted(harmless ?? []),
    writable,
    tokens,
    sorted(unless?.groups ?? []),
    sorted(unless?.people ?? []),
  ]);
}

/** Bounds by name, as {@link boundsOf} in laxer.ts names them. */
function boundEntries(limits: Limits, budgets: Budgets): readonly (readonly [string, number])[] {
  return [
    ...Object.entries(limits).map(([key, bound]) => [`limit ${key}`, bound] as const),
    ...Object.entries(budgets).flatMap(([per, budget]) =>
      Object.entries(budget).map(([of, bound]) => [`budget ${per} ${of}`, bound as number] as const),
    ),
  ];
}

const decimal = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));

/** What a bound that reads the plan denies, as a rule would. Both facts are asked, as both come with a plan. */
function planRule(name: string, bound: number): string | undefined {
  const [cost, rows] = ['request.sql.plannerCost', 'request.sql.estimatedRows'];
  if (name === 'limit cost') return `${cost} > ${decimal(bound)} || ${rows} < 0`;
  if (name === 'limit estimatedRows') return `${rows} > ${Math.floor(bound)} || ${cost} < 0.0`;
  return /^budget \w+ cost$/.test(name) ? `${cost} < 0.0 || ${rows} < 0` : undefined;
}

class Taking {
  readonly scopes: Scope[] = [];
  readonly pieces: Piece[] = [];
  readonly masks: MaskPiece[] = [];
  readonly bounds: BoundPiece[] = [];
  readonly pieceOf = new Map<Rule, Piece>();
  readonly #scopes = new Map<string, number>();
  readonly #known = new Map<string, { in: number }>();

  /** Policies that stand in both sets as they are: their parts need not be held against others. */
  policy(policy: Policy, bit: number, isShared = false): void {
    const scope = this.#scope(policy.applies);
    const at = this.scopes[scope] as Scope;
    if (policy.mode === 'observe') {
      at.observing |= bit;
      return;
    }
    at.enforcing |= bit;
    for (const rule of policy.rules) {
      if (isShared) this.#add(rule, scope, bit, false);
      else this.#rule(rule, scope, bit, false);
    }
    for (const mask of policy.masks) {
      this.#put(`mask ${scope} ${maskKey(mask)}`, bit, () => {
        const piece = { scope, mask, policy: policy.name, in: 0 };
        this.masks.push(piece);
        return piece;
      });
    }
    for (const [name, bound] of boundEntries(policy.limits, policy.budgets)) {
      this.#put(`bound ${scope} ${name} ${bound}`, bit, () => {
        const piece = { scope, name, bound, in: 0 };
        this.bounds.push(piece);
        return piece;
      });
      const when = planRule(name, bound);
      if (when === undefined) continue;
      const { location } = policy;
      this.#rule({ name, effect: 'deny', selector: {}, when, location }, scope, bit, true);
    }
  }

  #rule(rule: Rule, scope: number, bit: number, isBound: boolean): void {
    const approval = rule.approval ?? defaultApproval;
    const key = `rule ${scope} ${isBound} ${ruleKey(rule, approval)}`;
    this.pieceOf.set(
      rule,
      this.#put(key, bit, () => this.#add(rule, scope, 0, isBound)),
    );
  }

  #add(rule: Rule, scope: number, bit: number, isBound: boolean): Piece {
    const approval = rule.approval ?? defaultApproval;
    const piece: Piece = { index: this.pieces.length, scope, rule, approval, isBound, in: bit };
    this.pieces.push(piece);
    return piece;
  }

  #put<Made extends { in: number }>(key: string, bit: number, make: () => Made): Made {
    // A key begins with the kind of what it stands for.
    let piece = this.#known.get(key) as Made | undefined;
    if (piece === undefined) {
      piece = make();
      this.#known.set(key, piece);
    }
    piece.in |= bit;
    return piece;
  }

  #scope(applies: Applies): number {
    const key = scopeKey(applies);
    let scope = this.#scopes.get(key);
    if (scope === undefined) {
      scope = this.scopes.length;
      this.scopes.push({ applies, enforcing: 0, observing: 0 });
      this.#scopes.set(key, scope);
    }
    return scope;
  }
}

/** The same for policies that differ in names, messages and places alone, as far as a glance tells. */
function glance({ mode, applies, rules, masks, limits, budgets }: Policy): string {
  return JSON.stringify([mode, applies, rules, masks, limits, budgets], (key, value: unknown) =>
    key === 'location' || key === 'message' || key === 'name' ? undefined : value,
  );
}

const glances = new WeakMap<Policy, string>();

function glanced(policy: Policy): string {
  let text = glances.get(policy);
  if (text === undefined) {
    text = glance(policy);
    glances.set(policy, text);
  }
  return text;
}

export function takeApart(before: PolicySet, after: PolicySet): Taken {
  const taking = new Taking();
  const byName = new Map(before.policies.map((policy) => [policy.name, policy]));
  const shared = new Set<Policy>();
  for (const policy of after.policies) {
    const was = byName.get(policy.name);
    if (was === undefined || shared.has(was)) continue;
    if (was !== policy && glanced(was) !== glanced(policy)) continue;
    shared.add(was).add(policy);
    taking.policy(policy, both, true);
  }
  for (const policy of before.policies) if (!shared.has(policy)) taking.policy(policy, sides.before);
  for (const policy of after.policies) if (!shared.has(policy)) taking.policy(policy, sides.after);
  const changedOnly = (set: PolicySet): PolicySet => ({
    ...set,
    policies: set.policies.map((policy) => ({
      ...policy,
      rules: policy.rules.filter((rule) => (taking.pieceOf.get(rule)?.in ?? both) !== both),
    })),
  });
  const { scopes, pieces, masks, bounds } = taking;
  return {
    scopes,
    pieces,
    masks,
    bounds,
    changed: { before: changedOnly(before), after: changedOnly(after) },
  };
}

/** Whether some text may match both. Never false where one does. */
export function mayMeet(a: string, b: string): boolean {
  const [first, second] = [a.indexOf('*'), b.indexOf('*')];
  if (first === -1 && second === -1) return a === b;
  const headsFit = (one: string, other: string) => one.startsWith(other) || other.startsWith(one);
  const head = (text: string, star: number) => (star === -1 ? text : text.slice(0, star));
  const tail = (text: string) => text.slice(text.lastIndexOf('*') + 1);
  const [headA, headB] = [head(a, first), head(b, second)];
  if (first === -1) return a.startsWith(headB) && a.endsWith(tail(b));
  if (second === -1) return b.startsWith(headA) && b.endsWith(tail(a));
  const [tailA, tailB] = [tail(a), tail(b)];
  return headsFit(headA, headB) && (tailA.endsWith(tailB) || tailB.endsWith(tailA));
}

const anyMeets = (a: readonly string[], b: readonly string[]): boolean =>
  a.some((own) => b.some((other) => mayMeet(own, other)));

export function scopesMayMeet(a: Applies, b: Applies): boolean {
  // A label says nothing about a name, nor about another label.
  const targets = (to: readonly string[], other: readonly string[]) =>
    to.some((own) => other.some((each) => own.includes('=') || each.includes('=') || mayMeet(own, each)));
  return targets(a.to, b.to) && anyMeets(a.agents, b.agents);
}

/** Whether some action may be matched by both; what restricts meets on the value `*` too. */
export function rulesMayMeet(a: Rule, b: Rule): boolean {
  if (a.vocabulary !== undefined && b.vocabulary !== undefined && a.vocabulary !== b.vocabulary) return false;
  const restricts = a.effect !== 'allow' && b.effect !== 'allow';
  return Object.entries(a.selector).every(([key, patterns]) => {
    const other = Object.hasOwn(b.selector, key) ? b.selector[key] : undefined;
    return (
      other === undefined ||
      (restricts && key !== 'actions') ||
      key === 'columns' ||
      anyMeets(patterns, other)
    );
  });
}
