import type { MaskKind } from '@gatehouse/policy-schema/model/policy.ts';
import type { Operand } from '@gatehouse/policy-schema/vocabulary/sql/postgres/lineage/lineage.ts';
import type { Tokens } from './tokens.ts';

/** A value of the client that meets a masked column, as the judge names it. */
export interface MetOperand {
  /** `compared`: it must be a token. `written`: a token is turned back, and what a mask shows in a value's place is refused. */
  readonly how: 'compared' | 'written';
  readonly operand: Extract<Operand, { readonly kind: 'literal' | 'array-literal' | 'parameter' }>;
  readonly mask: { readonly with: MaskKind };
  /** OID of the column's type, of a domain its base type's (`LineageColumn.type`). */
  readonly type: number;
  /** The column for people, as policies name it: `public.customers.email`. */
  readonly name: string;
}

/** In the parts of a denial. Never quotes a value. */
export interface NoToken {
  readonly kind: 'refused';
  readonly message: string;
  readonly hint: string;
}

export interface TurnedText {
  readonly kind: 'turned';
  /** The text to send: the same one where nothing was turned back. */
  readonly text: string;
  /**
   * Where a place in `text` lies in the client's text. Both count characters from 1, as field `P` of an error does; a
   * place inside a value that was turned back is the beginning of its token.
   */
  readonly clientPosition: (position: number) => number;
}

/**
 * Put values for tokens in the text of a statement (or several), where constants stand. Operands that are parameters are
 * left to {@link detokenizeBind}. Pure.
 *
 * A value goes in as `'…'` with its single quotes doubled, which is the whole value because standard_conforming_strings
 * is on. Casts around it stay.
 */
export function detokenizeText(
  _text: string,
  _operands: readonly MetOperand[],
  _tokens: Tokens,
): NoToken | TurnedText {
  return { kind: 'refused', message: 'Gatehouse: tokens cannot be turned back yet', hint: '' };
}

/**
 * The Bind message with values for tokens, in the formats that it came in; the same Buffer where nothing was turned back.
 * Operands that are constants are left to {@link detokenizeText}. Pure.
 * @param frame One whole Bind message.
 * @param parameterTypes What its Parse gave; 0 or absent: the column's type, and of a parameter for = ANY an array of it.
 * @throws ProtocolFault `malformed` when it is no Bind message.
 */
export function detokenizeBind(
  _frame: Buffer,
  _operands: readonly MetOperand[],
  _parameterTypes: readonly number[],
  _tokens: Tokens,
): NoToken | { readonly kind: 'turned'; readonly frame: Buffer } {
  return { kind: 'refused', message: 'Gatehouse: tokens cannot be turned back yet', hint: '' };
}
