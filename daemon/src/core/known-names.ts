/** What a resource holds, by name, for people who write policies. Values are never a part of it. */
export interface KnownNames {
  readonly tables: readonly KnownTable[];
  /** There is more than what was read, so nothing can be said about a name that is missing. */
  readonly partial: boolean;
}

export interface KnownTable {
  /** `schema.table`, as policies write it. */
  readonly name: string;
  readonly kind: 'table' | 'view';
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}
