/** How two decisions about one request differ, seen from the first. */
import { compilePatterns } from '../../model/pattern.ts';
import type { Effect, Limits } from '../../model/policy.ts';
import { approversCover } from '../cover.ts';
import type { AppliedBudget, AppliedMask, ApprovalNeed, Decision } from '../decision.ts';
import { hidesAsMuch, strictestMask } from '../mask-strength.ts';

export const strictness: Readonly<Record<Effect, number>> = { allow: 0, approve: 1, deny: 2 };

/** Whether `to` asks less of approvers than `from`, or of others. */
export function asksLess(from: ApprovalNeed, to: ApprovalNeed): boolean {
  return (
    to.within > from.within ||
    (from.counts !== undefined && to.counts === undefined) ||
    from.by.some((list) => !to.by.some((own) => approversCover(list, own)))
  );
}

/** Of all masks that are on a column, the one that shows no more than each. */
export function maskOn(masks: readonly AppliedMask[], column: string): AppliedMask | undefined {
  return strictestMask(masks.filter(({ columns }) => compilePatterns(columns)(column)));
}

/** Whether `to` shows of a column what `from` does not. */
export function showsMore(from: AppliedMask | undefined, to: AppliedMask | undefined): boolean {
  return from !== undefined && (to === undefined || !hidesAsMuch(to, from));
}

/** Bounds by their names: `limit rows`, `budget day cost`. */
export function boundsOf(limits: Limits, budgets: readonly AppliedBudget[]): ReadonlyMap<string, number> {
  return new Map([
    ...Object.entries(limits).map(([key, bound]) => [`limit ${key}`, bound] as const),
    ...budgets.map(({ per, of, bound }) => [`budget ${per} ${of}`, bound] as const),
  ]);
}

/** The bounds that `to` does not have, or has larger. */
export function largerBounds(
  from: ReadonlyMap<string, number>,
  to: ReadonlyMap<string, number>,
): readonly string[] {
  return [...from].flatMap(([name, bound]) =>
    (to.get(name) ?? Number.POSITIVE_INFINITY) > bound ? [name] : [],
  );
}

/** In what a decision is laxer than another. */
export type Laxity =
  | { readonly kind: 'effect' }
  | { readonly kind: 'approval' }
  | { readonly kind: 'mask'; readonly column: string }
  | { readonly kind: 'bound'; readonly name: string };

/**
 * In what `to` is laxer than `from`, the gravest first; undefined: in nothing. What is denied has nothing to mask or to bound.
 * @param columns names to look at masks on, `schema.table.column`
 */
export function laxity(from: Decision, to: Decision, columns: readonly string[]): Laxity | undefined {
  if (strictness[to.effect] < strictness[from.effect]) return { kind: 'effect' };
  if (to.effect === 'deny') return undefined;
  if (from.approval && to.approval && asksLess(from.approval, to.approval)) return { kind: 'approval' };
  const column = columns.find((name) => showsMore(maskOn(from.masks, name), maskOn(to.masks, name)));
  if (column !== undefined) return { kind: 'mask', column };
  const [name] = largerBounds(boundsOf(from.limits, from.budgets), boundsOf(to.limits, to.budgets));
  return name === undefined ? undefined : { kind: 'bound', name };
}
