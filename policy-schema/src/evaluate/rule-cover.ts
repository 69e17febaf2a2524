/** When one rule makes another one needless. As in cover.ts, `true` is proven and `false` also means "not known". */
import type { Approval, Policy, Rule } from '../model/policy.ts';
import { defaultApproval } from './compile.ts';
import {
  approversCover,
  holdsLists,
  restrictionCovers,
  sameCondition,
  scopeCovers,
  selectorCovers,
} from './cover.ts';

/** A rule with the policy that it stands in. */
export interface Placed {
  readonly policy: Policy;
  readonly rule: Rule;
}

export const approvalOf = ({ approval }: Rule): Approval => approval ?? defaultApproval;

/** Whether `by` holds back all that `held` holds back, at least as hard. */
export function restrains(by: Placed, held: Placed): boolean {
  if (by.rule.effect === 'allow') return false;
  if (!restrictionCovers(by.rule, held.rule) || !scopeCovers(by.policy.applies, held.policy.applies))
    return false;
  const same = sameCondition(by.rule.when, held.rule.when);
  if (by.rule.effect === 'deny') return same || by.rule.when === undefined;
  // Without its condition an approve rule asks more often, but no longer denies where the condition fails.
  if (held.rule.effect !== 'approve' || !same) return false;
  const [own, other] = [approvalOf(by.rule), approvalOf(held.rule)];
  return (
    approversCover(other.by, own.by) &&
    own.within <= other.within &&
    (other.counts === undefined || own.counts === other.counts)
  );
}

/** Whether `by` lets through all that `let through` does. An approve rule does, as its asking is compared apart. */
export function admits(by: Placed, admitted: Placed): boolean {
  return (
    by.rule.effect !== 'deny' &&
    selectorCovers(by.rule, admitted.rule) &&
    scopeCovers(by.policy.applies, admitted.policy.applies) &&
    (by.rule.when === undefined || sameCondition(by.rule.when, admitted.rule.when)) &&
    !(by.rule.effect === 'approve' && admitted.rule.effect === 'allow' && holdsLists(by.rule))
  );
}

/**
 * Why a rule has no effect beside another: `denied`: the other denies all that it speaks of; `asked`: a person is asked for
 * all that it allows; `said`: the other says the same.
 */
export type Needless = 'denied' | 'asked' | 'said';

/**
 * Why no request gets another effect, approval or observed effect where `held` is gone and `by` stays; undefined where that
 * is not proven. Messages and names have no meaning here, nor what is told before a plan is known.
 */
export function needless(by: Placed, held: Placed): Needless | undefined {
  // What only observes has no part in what is enforced.
  if (by.policy.mode === 'observe' && held.policy.mode === 'enforce') return undefined;
  if (held.rule.effect !== 'allow') {
    if (!restrains(by, held)) return undefined;
    return by.rule.effect === held.rule.effect ? 'said' : 'denied';
  }
  if (by.rule.effect !== 'deny') {
    if (!admits(by, held)) return undefined;
    return by.rule.effect === 'allow' ? 'said' : 'asked';
  }
  const denies =
    selectorCovers(by.rule, held.rule) &&
    !holdsLists(by.rule) &&
    (by.rule.when === undefined || sameCondition(by.rule.when, held.rule.when)) &&
    scopeCovers(by.policy.applies, held.policy.applies);
  return denies ? 'denied' : undefined;
}
