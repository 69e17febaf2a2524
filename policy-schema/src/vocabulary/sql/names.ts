/**
 * What the meaning of a name is taken from: the real catalog in the daemon, nothing at all on a desk. Kept apart from
 * parsing, so that one parse serves sessions with different search paths.
 */

/** A relation that is read when another one is. */
export interface ReadRelation {
  readonly schema: string;
  readonly name: string;
  /** `same`: a partition or a child, which has its parent's columns. Absent: any column may be read. */
  readonly columns?: 'same';
}

/** A relation as the catalog knows it. */
export interface RelationName {
  readonly schema: string;
  readonly name: string;
  /** Names of its columns, in order. Absent when not known. */
  readonly columns?: readonly string[];
  /** Relations that are read when this one is: a view's tables, a parent's partitions. Direct ones only. */
  readonly reads?: readonly ReadRelation[];
}

export interface FunctionName {
  readonly schema: string;
  readonly name: string;
  /** It is only taken to be there: nobody looked, or nothing was found. */
  readonly assumed?: boolean;
}

/** `undefined`: there is no such name. A lookup never throws. */
export interface Names {
  /** Where an unqualified name is created: the first schema of the search path. Absent: `public`. */
  readonly defaultSchema?: string;
  /** Resolve as the server would, with the session's search path when `schema` is absent. */
  relation(schema: string | undefined, name: string): RelationName | undefined;
  /** Every function that the call could mean. Empty: no such function. */
  functions(schema: string | undefined, name: string): readonly FunctionName[];
}
