import type { MaskKind } from '@gatehouse/policy-schema/model/policy.ts';
import type { Operand } from '@gatehouse/policy-schema/vocabulary/sql/postgres/lineage/lineage.ts';
import type { Tokens } from './tokens.ts';
import { looksLikePlaceholder, mentionsToken } from './placeholders.ts';

/** A value of the client that meets a masked column, as the judge names it. */
export interface MetOperand {
  /**
   * `compared`: it must be a token. `written`: a token is turned back; what a mask shows in a value's place is refused, and so
   * is any other value where what becomes of it could be compared, unless the mask is `writable`.
   */
  readonly how: 'compared' | 'written';
  readonly operand: Extract<Operand, { readonly kind: 'literal' | 'array-literal' | 'parameter' }>;
  readonly mask: { readonly with: MaskKind; readonly writable?: true | undefined };
  /** OID of the column's type, of a domain its base type's (`LineageColumn.type`). */
  readonly type: number;
  /** The column for people, as policies name it: `public.customers.email`. */
  readonly name: string;
}

/** Why a value of the client may not go on, in the parts of a denial. Never quotes it. */
export interface NoToken {
  readonly kind: 'refused';
  readonly message: string;
  readonly hint: string;
  readonly operand: MetOperand;
}

function refuse(met: MetOperand, happens: string, hint: string): NoToken {
  const message = `Gatehouse: ${met.name} is masked (${met.mask.with}), and ${happens}`;
  return { kind: 'refused', message, hint, operand: met };
}

const asGiven = 'exactly as a SELECT of the column gave it, neither cut nor changed';

export function ambiguous(met: MetOperand): NoToken {
  return refuse(
    met,
    'the same value meets another column, for which it is another token',
    'Give the value twice, each time the token that a SELECT of that column gave you.',
  );
}

export function unreadable(met: MetOperand): NoToken {
  return refuse(
    met,
    'its token is written in a way that cannot be replaced',
    "Write the token in plain single quotes ('…'), or give it as a parameter.",
  );
}

/** A dictionary for guesses: what is written can be read back. */
function ownValue(met: MetOperand): NoToken {
  return refuse(
    met,
    'a value of your own could be compared with others once it is masked',
    'Leave the column out, write a token that a SELECT gave you, or ask for `writable: true` in the policy.',
  );
}

/**
 * What becomes of a value.
 * @param text The value as text; undefined: it cannot be read.
 * @param turned What it stands for if it is a token, undefined if it is none.
 * @returns `turned`, a refusal, or undefined where the value passes as it is.
 */
export function outcomeOf<Value>(
  met: MetOperand,
  tokens: Tokens,
  text: string | undefined,
  turned: () => Value | undefined,
): NoToken | { readonly kind: 'turned'; readonly value: Value } | undefined {
  if (met.how === 'written' && text !== undefined && looksLikePlaceholder(text)) {
    return refuse(
      met,
      'what would be written to it is what a mask shows in the place of a value',
      'Leave the column out, so that it keeps its value, or write a value of your own.',
    );
  }
  if (met.mask.with === 'hash') return met.mask.writable === true ? undefined : ownValue(met);
  if (met.mask.with !== 'tokenize') return undefined;
  if (!tokens.covers(met.type)) {
    if (met.how === 'written') return undefined;
    return refuse(
      met,
      'values of its type have no tokens that could be compared with',
      'Choose rows by another column, or ask for IS NULL.',
    );
  }
  // Every number is a token, so that nobody can tell a token from a value of the client's own.
  if (met.how === 'written' && !tokens.tellsTokens(met.type))
    return met.mask.writable === true ? undefined : ownValue(met);
  const value = turned();
  if (value !== undefined) return { kind: 'turned', value };
  if (text === undefined || mentionsToken(text)) {
    return refuse(
      met,
      'this is no token of it',
      `Give the token ${asGiven}; a token of another type is none of this one.`,
    );
  }
  if (met.how === 'written') return met.mask.writable === true ? undefined : ownValue(met);
  return refuse(
    met,
    'what it is compared with is no token, so it would be a guess',
    `Compare with a token that a SELECT gave you, ${asGiven}.`,
  );
}
