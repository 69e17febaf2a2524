import type { VocabularyName } from '../vocabulary/vocabulary.ts';

/** Where something stands in a file: 1-based line and column (UTF-16 code units), as editors show them. */
export interface Location {
  /** Path relative to the workspace folder, with `/`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type Effect = 'allow' | 'approve' | 'deny';

export interface Approval {
  /** Who may answer: `group:NAME`, `person:NAME`, or `*`. Never the agent. */
  readonly by: readonly string[];
  /** How long a held request waits, in milliseconds. */
  readonly within: number;
  /** `rows`: the rows of an UPDATE or DELETE are counted first, for the person who is asked. */
  readonly counts?: 'rows';
}

export interface Rule {
  readonly name: string;
  readonly effect: Effect;
  /** Absent: the rule speaks of every action of every protocol. */
  readonly vocabulary?: VocabularyName;
  /** Patterns by selector key (`actions`, `tables`, …). Every key must match; in a list, any pattern. */
  readonly selector: Readonly<Record<string, readonly string[]>>;
  /** A CEL condition over the whole request. */
  readonly when?: string;
  readonly message?: string;
  readonly approval?: Approval;
  readonly location: Location;
}

export type MaskKind = 'redact' | 'partial' | 'hash' | 'range' | 'tokenize' | 'null';

/** Units of the calendar that dates and times are cut down to, from fine to coarse. */
export const timeSteps = ['day', 'week', 'month', 'quarter', 'year', 'decade'] as const;
export type TimeStep = (typeof timeSteps)[number];

export interface Mask {
  /** Patterns over `schema.table.column`. */
  readonly columns: readonly string[];
  readonly with: MaskKind;
  /** For `partial`: how many characters stay at each end. */
  readonly keep?: { readonly first: number; readonly last: number };
  /** For `range`: how wide a bucket is. A number, above 0, is for numbers; a unit for dates and timestamps. */
  readonly step?: number | TimeStep;
  /** Functions of pg_catalog, by bare name and each once: what they make of the column passes. `count` always does. */
  readonly harmless?: readonly string[];
  /**
   * For `tokenize` and `hash`: clients may put values of their own into the columns. They can then compare what becomes of
   * them with what became of others.
   */
  readonly writable?: true;
  /**
   * For `tokenize`: the set that the tokens are of. Equal values have equal tokens within a set, and nothing in common across
   * sets; absent: the set that has no name.
   */
  readonly tokens?: string;
  /** Principals for whom the mask does not apply. */
  readonly unless?: { readonly groups?: readonly string[]; readonly people?: readonly string[] };
  readonly location: Location;
}

/** Numbers, where given, are positive. The smallest of all policies that apply wins. */
export interface Limits {
  /** Rows that one request may return. */
  readonly rows?: number;
  /** Bytes that one request may return. */
  readonly bytes?: number;
  /** Wall time of one request in milliseconds. */
  readonly duration?: number;
  readonly statementsPerMinute?: number;
  /** What the server's planner expects one request to cost, in its own units. */
  readonly cost?: number;
  /** Rows that the server's planner expects one request to return or to write. */
  readonly estimatedRows?: number;
}

/** What a budget is counted over: one session, one agent in a day, everyone in a day. Days are those of UTC. */
export type BudgetScope = 'session' | 'agent' | 'day';

/** What all requests together may use up. Numbers, where given, are positive. */
export interface Budget {
  readonly rows?: number;
  readonly bytes?: number;
  readonly cost?: number;
}

export type Budgets = { readonly [Scope in BudgetScope]?: Budget };

export interface Applies {
  /** Resource names or `label=value` pairs, with `*`. */
  readonly to: readonly string[];
  readonly agents: readonly string[];
  /** Groups of the person; absent: everyone. */
  readonly groups?: readonly string[];
}

export interface Policy {
  readonly name: string;
  readonly mode: 'enforce' | 'observe';
  /** Who answers for it: `group:NAME` or `person:NAME`. Has no meaning. */
  readonly owner?: string;
  readonly applies: Applies;
  readonly rules: readonly Rule[];
  readonly masks: readonly Mask[];
  readonly limits: Limits;
  readonly budgets: Budgets;
  /** Where each limit and budget stands, by its path (`limits.rows`, `budgets.day.cost`). Has no meaning. */
  readonly boundPlaces?: Readonly<Record<string, Location>>;
  readonly location: Location;
}

/** All policies of a workspace, as they stand in its files. */
export interface PolicySet {
  readonly policies: readonly Policy[];
  /** SHA-256, hex, over the policies' meaning (see model/digest.ts): the same for every order of files and rules. */
  readonly digest: string;
}
