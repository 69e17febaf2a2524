/**
 * What a vocabulary is. A protocol's vocabulary declares, once, every fact that a rule may name; the JSON Schema, the
 * CEL types, completion, hover and docs all follow from these declarations.
 */

/** The CEL type of a fact, in CEL's own spelling (`list<string>`, `int`, …). */
export type FactType =
  | 'bool'
  | 'int'
  | 'double'
  | 'string'
  | 'timestamp'
  | 'list<string>'
  | 'map<string, string>';

/** A fact's value as the evaluator holds it. Integers are BigInt, as CEL's `int` is 64 bits wide. */
export type FactValue =
  | boolean
  | bigint
  | number
  | string
  | Date
  | null
  | readonly string[]
  | Readonly<Record<string, string>>;

export interface FactDeclaration {
  readonly type: FactType;
  /** One English sentence; shown in hover and docs. */
  readonly doc: string;
  /** `plan`: known only once the server has said what it would do, which it is asked only where a policy reads it. */
  readonly from?: 'plan';
}

export interface SelectorDeclaration<Kind extends string = string> {
  /** The key in {@link Action.facts} that the patterns are held against. */
  readonly fact: string;
  /** `one`: the fact is a string. `many`: a list; see {@link Action} for how lists match. */
  readonly holds: 'one' | 'many';
  /** The kinds of action that may carry the fact, all of them: on others the patterns never match. */
  readonly on: readonly Kind[];
  /** How many dotted segments every canonical value has. A pattern without `*` and of another shape is an error. */
  readonly segments?: number;
  readonly doc: string;
  readonly examples: readonly string[];
}

export interface Vocabulary<Name extends string = string, Kind extends string = string> {
  readonly name: Name;
  readonly title: string;
  /** Every action kind that a rule may name under `actions`, with its meaning. */
  readonly actions: Readonly<Record<Kind, string>>;
  /** The further keys of a rule's block (`tables`, `functions`, …). */
  readonly selectors: Readonly<Record<string, SelectorDeclaration<Kind>>>;
  /** The fields of `request.<name>` in a condition. */
  readonly facts: Readonly<Record<string, FactDeclaration>>;
}

export type VocabularyName = 'sql';

/**
 * One effect of a request in its protocol's own words.
 *
 * A rule's list selector (`columns`) *restricts on any and grants on all*: a deny or approve rule matches when any
 * value matches, an allow rule covers the action only when every value matches. The value `*` stands for "all of
 * them, or unknown which": every restricting pattern matches it, and only the pattern `*` grants it.
 * A selector whose fact is absent from the action does not match.
 */
export interface Action {
  readonly vocabulary: VocabularyName;
  readonly kind: string;
  readonly facts: Readonly<Record<string, string | readonly string[]>>;
  /**
   * What the server does on its own account because of another action (a view reads its tables, a parent its
   * partitions). Deny and approve rules hold for it; it needs no allow rule of its own.
   */
  readonly implied?: boolean;
}

/** Why a request cannot be decided. Such a request is denied, whatever the policy says. */
export interface Undecidable {
  /** `syntax` carries the server's own words, so that a client sees the error that the server would have sent. */
  readonly code: 'syntax' | 'oversized' | 'encoding' | 'unsupported' | 'unresolved' | 'deadline';
  readonly message: string;
  readonly hint?: string;
  /** The server's own code for it (a SQLSTATE), where it would have refused the request itself. */
  readonly native?: string;
  /** 1-based character position in the text, where one is known. */
  readonly position?: number;
}

/** One thing that an agent asks in a session. */
export interface Request {
  readonly vocabulary: VocabularyName;
  /** The text as asked, for people: a statement, a command line, a method and path. */
  readonly text: string;
  readonly actions: readonly Action[];
  /** The fields of `request.<vocabulary>`. */
  readonly facts: Readonly<Record<string, FactValue>>;
  readonly undecidable?: Undecidable;
}
