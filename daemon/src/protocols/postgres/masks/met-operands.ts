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
  readonly mask: {
    readonly with: MaskKind;
    readonly writable?: true | undefined;
    readonly tokens?: string | undefined;
  };
  /** OID of the column's type, of a domain its base type's (`LineageColumn.type`); 0: not known. */
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
export const ownValueWords = 'a value of your own could be compared with others once it is masked';

/** @param isToken tokens may be written: they are told from values of the client's own */
export function ownValueHint(isToken: boolean): string {
  const instead = isToken
    ? 'Leave the column out, write a token that a SELECT gave you'
    : 'Leave the column out, write NULL, copy it as it is from a column of the same table under the same mask';
  return `${instead}, or ask for \`writable: true\` in the policy.`;
}

function ownValue(met: MetOperand, isToken: boolean): NoToken {
  const everyValue = met.mask.with === 'tokenize' && !isToken;
  return refuse(
    met,
    everyValue ? `${ownValueWords}: every value of its type is a token of another` : ownValueWords,
    ownValueHint(isToken),
  );
}

/** Whether a client may put values of its own there. */
export function takesOwnValues({ with: kind, writable }: MetOperand['mask']): boolean {
  return writable === true || (kind !== 'tokenize' && kind !== 'hash');
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
      takesOwnValues(met.mask)
        ? 'Leave the column out, so that it keeps its value, or write a value of your own.'
        : 'Leave the column out, so that it keeps its value.',
    );
  }
  if (met.mask.with === 'hash') return takesOwnValues(met.mask) ? undefined : ownValue(met, false);
  if (met.mask.with !== 'tokenize') return undefined;
  if (!tokens.covers(met.type)) {
    // Of other types nothing can be compared; of 0, nobody knows which column it goes into.
    if (met.how === 'written')
      return met.type !== 0 || takesOwnValues(met.mask) ? undefined : ownValue(met, false);
    return refuse(
      met,
      'values of its type have no tokens that could be compared with',
      'Choose rows by another column, or ask for IS NULL.',
    );
  }
  // Every number is a token, so that nobody can tell a token from a value of the client's own.
  if (met.how === 'written' && !tokens.tellsTokens(met.type))
    return takesOwnValues(met.mask) ? undefined : ownValue(met, false);
  const value = turned();
  if (value !== undefined) return { kind: 'turned', value };
  if (text === undefined || mentionsToken(text)) {
    return refuse(
      met,
      'this is no token of it',
      `Give the token ${asGiven}; a token of another type is none of this one.`,
    );
  }
  if (met.how === 'written') return takesOwnValues(met.mask) ? undefined : ownValue(met, true);
  return refuse(
    met,
    'what it is compared with is no token, so it would be a guess',
    `Compare with a token that a SELECT gave you, ${asGiven}.`,
  );
}
