import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Principal } from '@gatehouse/policy-schema/evaluate/decision.ts';
import { ConfigFault } from '../core/faults.ts';
import type { TokenVerdict } from '../core/listener.ts';
import { FailedAttempts } from './attempts.ts';

/** 256 random bits behind a prefix by which scanners and people know what this is. */
const prefix = 'gha_';
const tokenShape = /^gha_[A-Za-z0-9_-]{43}$/;
const longestTtl = 24 * 60 * 60 * 1000;
const maxTokens = 10_000;

export interface Grant {
  readonly principal: Principal;
  readonly resource: string;
  /** Milliseconds from now, at most a day. */
  readonly ttl: number;
}

interface Kept {
  readonly digest: Buffer;
  /** One object for the life of the token: deciding keeps what it prepares by its identity. */
  readonly principal: Principal;
  readonly resource: string;
  /** Unix milliseconds. */
  readonly expires: number;
}

/**
 * The short-lived tokens that agents log in with. Only their SHA-256 is kept, and in memory: after a restart agents
 * need new ones.
 */
export class Tokens {
  readonly #kept = new Map<string, Kept>();
  readonly #failures = new FailedAttempts();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** @throws ConfigFault `usage` for a lifetime that is not 1 ms to a day, or when too many tokens live. */
  mint(grant: Grant): { readonly token: string; readonly expires: Date } {
    const { principal, resource, ttl } = grant;
    if (!(ttl > 0 && ttl <= longestTtl)) {
      throw new ConfigFault('usage', 'A token lives for more than nothing and at most a day.');
    }
    this.#forgetExpired();
    if (this.#kept.size >= maxTokens) {
      throw new ConfigFault('usage', `${maxTokens} tokens are in use; wait for some to expire.`);
    }
    const token = prefix + randomBytes(32).toString('base64url');
    const expires = this.#now() + ttl;
    const digest = digestOf(token);
    this.#kept.set(digest.toString('hex'), {
      digest,
      principal: Object.freeze({ ...principal }),
      resource,
      expires,
    });
    return { token, expires: new Date(expires) };
  }

  /**
   * Who a token stands for on a resource. A valid token is answered whatever others did: peers on loopback share an
   * address, and one that guesses must not shut out the rest.
   * @param peer the caller's address, for slowing down guesses
   */
  verify(token: string, resource: string, peer: string): TokenVerdict {
    const kept = this.#find(token);
    const now = this.#now();
    if (kept !== undefined && kept.expires > now && kept.resource === resource) {
      return { ok: true, principal: kept.principal };
    }
    if (!this.#failures.take(peer, now)) {
      return {
        ok: false,
        message: 'Too many failed logins from this address. Wait a moment, then use a fresh token.',
      };
    }
    const renew = `Get one with \`gatehouse env ${resource}\`.`;
    if (kept === undefined) {
      return {
        ok: false,
        message: `The password is not a token of this Gatehouse, or the daemon was restarted since it was made. ${renew}`,
      };
    }
    if (kept.expires <= now) return { ok: false, message: `The token has expired. ${renew}` };
    return { ok: false, message: `The token is for another resource. ${renew}` };
  }

  /** Who a live token stands for, on whatever resource. */
  identify(token: string): { readonly principal: Principal; readonly resource: string } | undefined {
    const kept = this.#find(token);
    return kept !== undefined && kept.expires > this.#now() ? kept : undefined;
  }

  #find(token: string): Kept | undefined {
    if (!tokenShape.test(token)) return undefined;
    const digest = digestOf(token);
    const kept = this.#kept.get(digest.toString('hex'));
    return kept !== undefined && timingSafeEqual(kept.digest, digest) ? kept : undefined;
  }

  #forgetExpired(): void {
    const now = this.#now();
    for (const [key, kept] of this.#kept) {
      if (kept.expires <= now) this.#kept.delete(key);
    }
  }
}

function digestOf(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}
