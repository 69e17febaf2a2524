import type { AppliedMask } from '@gatehouse/policy-schema/evaluate/decision.ts';
import type { BaseColumn } from '@gatehouse/policy-schema/vocabulary/sql/postgres/lineage/lineage.ts';

/** A mask as a policy applies it. */
export interface Mask extends Omit<AppliedMask, 'with'> {
  readonly with: AppliedMask['with'] | 'tokenize' | 'range';
  /** Functions as `schema.name`, of which a result may be seen. */
  readonly harmless?: readonly string[];
}

/** What the judge asks about columns. */
export interface Masks {
  /**
   * The one mask of a column, or none; of attribute 0 those of every column of the row.
   * `anything`: nobody knows what the relation holds, so it may hold values of every masked column.
   */
  of(column: BaseColumn): readonly Mask[] | 'anything';
  /** The column for people, as policies name it: `public.customers.email`. */
  nameOf(column: BaseColumn): string;
}
