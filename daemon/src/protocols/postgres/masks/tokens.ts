import type { FormatCode } from '../wire/codes.ts';

/** Tokens of one workspace: values to tokens and back, without a store. Make one by {@link tokensOf}. */
export interface Tokens {
  /**
   * The value that a token stands for, in the format and with the type that the token has. Undefined: it is no token of
   * a column of this type.
   * @param columnType OID of the column's type, of a domain its base type's.
   * @param wireType OID of the type that `bytes` has on the wire, where it may be another one (an int8 parameter for an
   *   int4 column); 0: the column's.
   */
  untokenize(columnType: number, format: FormatCode, bytes: Buffer, wireType?: number): Buffer | undefined;
  /** As {@link untokenize}, for the text of a constant as the server reads it. */
  untokenizeText(columnType: number, text: string): string | undefined;
  /** As {@link untokenizeText}, for `{a,b}`, each element of which stands for a value of the column. NULL stays NULL. */
  untokenizeArray(columnType: number, text: string): string | undefined;
}

/** @param key The mask key, 32 bytes. */
export function tokensOf(_key: Buffer): Tokens {
  return { untokenize: () => undefined, untokenizeText: () => undefined, untokenizeArray: () => undefined };
}
