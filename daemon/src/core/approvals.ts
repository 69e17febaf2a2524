import { randomBytes } from 'node:crypto';
import type { ApprovalNeed } from '@gatehouse/policy-schema/evaluate/decision.ts';
import type { HeldApproval } from './held-approval.ts';

/** Who answers. */
export interface Approver {
  readonly person: string;
  readonly groups: readonly string[];
}

/** How a held request ended. */
export type Verdict =
  | { readonly kind: 'approved'; readonly by: string; readonly reason?: string; readonly scope?: 'shape' }
  | { readonly kind: 'denied'; readonly by: string; readonly reason?: string }
  | { readonly kind: 'expired' }
  | { readonly kind: 'withdrawn' };

/** What is held: all that the answer is bound to, and what the person who answers sees. */
export type Holding = Omit<HeldApproval, 'id' | 'asked' | 'expires' | 'by'> & { readonly need: ApprovalNeed };

export interface Ticket {
  readonly id: string;
  readonly expires: Date;
  /** Settles exactly once; never rejects. */
  readonly verdict: Promise<Verdict>;
}

/** A refusal to take an answer, in words for the person who gave it. */
export class AnswerRefused extends Error {}

/** Milliseconds (24.8 days); a longer timer would fire at once. */
const longestTimer = 0x7fffffff;

/** 32 letters and digits without look-alikes: an id is read aloud and typed. */
const idAlphabet = '23456789abcdefghjkmnpqrstuvwxyz';

function newId(): string {
  return Array.from(randomBytes(6), (byte) => idAlphabet[byte % idAlphabet.length]).join('');
}

/** `group:NAME`, `person:NAME` or `*`. */
function names(list: readonly string[], approver: Approver): boolean {
  return list.some(
    (entry) =>
      entry === '*' ||
      entry === `person:${approver.person}` ||
      approver.groups.some((group) => entry === `group:${group}`),
  );
}

interface Pending {
  readonly held: HeldApproval;
  readonly settle: (verdict: Verdict) => void;
}

/**
 * Requests that wait for a person. An approval is a ticket for one waiting request: it is single use because the
 * waiting request is there once, and it cannot outlive it.
 */
export class Approvals {
  readonly #pending = new Map<string, Pending>();
  readonly #listeners = new Set<() => void>();
  readonly #now: () => Date;

  constructor(now: () => Date = () => new Date()) {
    this.#now = now;
  }

  /** Hold a request until it is answered, expires, or `signal` aborts (the client went away or cancelled). */
  hold(holding: Holding, signal: AbortSignal): Ticket {
    const { need, ...rest } = holding;
    const asked = this.#now();
    const expires = new Date(asked.getTime() + need.within);
    let id = newId();
    while (this.#pending.has(id)) id = newId();
    const held: HeldApproval = {
      ...rest,
      id,
      by: need.by,
      asked: asked.toISOString(),
      expires: expires.toISOString(),
    };
    const verdict = new Promise<Verdict>((resolve) => {
      const timer = setTimeout(() => settle({ kind: 'expired' }), Math.min(need.within, longestTimer));
      const withdraw = () => settle({ kind: 'withdrawn' });
      const settle = (outcome: Verdict) => {
        if (!this.#pending.delete(id)) return;
        clearTimeout(timer);
        signal.removeEventListener('abort', withdraw);
        resolve(outcome);
        this.#changed();
      };
      this.#pending.set(id, { held, settle });
      signal.addEventListener('abort', withdraw);
      if (signal.aborted) withdraw();
    });
    this.#changed();
    return { id, expires, verdict };
  }

  /** What waits now, oldest first. */
  list(): readonly HeldApproval[] {
    return [...this.#pending.values()].map((pending) => pending.held);
  }

  /**
   * Answer a held request, by its id or an unambiguous prefix of it.
   * @throws AnswerRefused when there is no such request or this person may not approve it.
   */
  answer(
    id: string,
    answer: 'approve' | 'deny',
    by: Approver,
    reason?: string,
    scope: 'once' | 'shape' = 'once',
  ): HeldApproval {
    const matches = [...this.#pending.keys()].filter(
      (key) => key === id || (id.length >= 3 && key.startsWith(id)),
    );
    const [key] = matches;
    const pending = key === undefined ? undefined : this.#pending.get(key);
    if (pending === undefined) {
      throw new AnswerRefused(
        `No request waits under "${id}". It may have been answered, expired or withdrawn.`,
      );
    }
    if (matches.length > 1)
      throw new AnswerRefused(`"${id}" is the start of several ids: ${matches.join(', ')}.`);
    if (answer === 'approve') {
      const missing = pending.held.by.find((list) => !names(list, by));
      if (missing !== undefined) {
        throw new AnswerRefused(
          `${by.person} may not approve this request; it needs one of: ${missing.join(', ')}.`,
        );
      }
    }
    if (scope === 'shape' && (answer !== 'approve' || pending.held.shape === undefined)) {
      throw new AnswerRefused(
        'Only an approval can cover all requests of a shape, and only of a request that has one. Approve this one by itself.',
      );
    }
    const words = { ...(reason === undefined ? {} : { reason }), ...(scope === 'shape' ? { scope } : {}) };
    pending.settle({ kind: answer === 'approve' ? 'approved' : 'denied', by: by.person, ...words });
    return pending.held;
  }

  /** Nobody can answer any more: what waits is withdrawn. */
  close(): void {
    for (const pending of [...this.#pending.values()]) pending.settle({ kind: 'withdrawn' });
  }

  /** Call back whenever the list changes. Returns the unsubscribe function. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
