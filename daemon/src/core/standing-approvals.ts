import { hash } from 'node:crypto';
import type { Decision } from '@gatehouse/policy-schema/evaluate/decision.ts';
import type { Plan, RowCount } from './passage.ts';

/** How long an approval of a shape lasts at the most, in milliseconds. */
const lastsMs = 60 * 60_000;
/** More than a person gives in a session. */
const maxOfSession = 200;

/** What the person saw of the request that they approved, and what its like may come to at most. */
export interface Shown {
  readonly plan: Plan | undefined;
  readonly count: RowCount | undefined;
}

interface Standing {
  readonly id: string;
  readonly shown: Shown;
  /** Unix milliseconds. */
  readonly until: number;
}

/**
 * Approvals of a shape, for the session in which they were given. One covers a request only if everything but the values of
 * literals and parameters is as the person saw it: the text, every action with its names as they were resolved, the rules
 * that asked, the policy; and if the server expects no more rows and no more cost than was shown. They lift no deny, no
 * mask, no limit and no budget: each request is decided anew before one is looked for.
 */
export class StandingApprovals {
  readonly #sessions = new Map<string, Map<string, Standing>>();
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** Keep what was approved as `id`. */
  add(session: string, shape: string, decision: Decision, id: string, shown: Shown): void {
    const kept = this.#sessions.get(session) ?? new Map<string, Standing>();
    this.#sessions.set(session, kept);
    if (kept.size >= maxOfSession) kept.delete(kept.keys().next().value ?? '');
    kept.set(keyOf(shape, decision), { id, shown, until: this.#now().getTime() + lastsMs });
  }

  /**
   * The approval that covers a request, if there is one.
   * @param count called only where the person was shown a count
   */
  async covering(
    session: string,
    shape: string,
    decision: Decision,
    plan: Plan | undefined,
    count: () => Promise<RowCount | undefined>,
  ): Promise<string | undefined> {
    const kept = this.#sessions.get(session);
    if (kept === undefined) return undefined;
    const key = keyOf(shape, decision);
    const standing = kept.get(key);
    if (standing === undefined) return undefined;
    if (standing.until <= this.#now().getTime()) {
      kept.delete(key);
      return undefined;
    }
    const { shown, id } = standing;
    if (shown.plan !== undefined) {
      if (plan === undefined || plan.rows > shown.plan.rows || plan.cost > shown.plan.cost) return undefined;
    }
    if (shown.count?.kind === 'counted') {
      const counted = await count();
      if (counted?.kind !== 'counted' || counted.rows > shown.count.rows) return undefined;
    }
    return id;
  }

  /** The session has ended. */
  forget(session: string): void {
    this.#sessions.delete(session);
  }
}

/** Whatever has to be the same. */
function keyOf(shape: string, { policyDigest, actions, masks }: Decision): string {
  const what = actions.map(({ action, effect, rules }) => [
    action.kind,
    action.facts,
    effect,
    rules.map(({ policy, rule }) => [policy, rule]),
  ]);
  return hash('sha256', JSON.stringify([policyDigest, shape, what, masks]));
}
