import type { AppliedMask } from '@gatehouse/policy-schema/evaluate/decision.ts';
import type {
  BaseColumn,
  NamedColumn,
} from '@gatehouse/policy-schema/vocabulary/sql/postgres/lineage/lineage.ts';

/** What the judge asks about columns. */
export interface Masks {
  /**
   * The one mask of a column, or none; of attribute 0 those of every column of the row.
   * `anything`: nobody knows what the relation holds, so it may hold values of every masked column.
   */
  of(column: BaseColumn): readonly AppliedMask[] | 'anything';
  /** Those that speak of a column by this name, which is not there yet, or not known. */
  named(column: NamedColumn): readonly AppliedMask[];
  /** The column for people, as policies name it: `public.customers.email`. */
  nameOf(column: BaseColumn): string;
}
