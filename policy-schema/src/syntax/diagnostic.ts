/** A half-open range of UTF-16 offsets in a file's text. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** A range of a file. `file` is a path relative to the workspace folder, with `/`. */
export interface FileRange extends TextRange {
  readonly file: string;
}

/** Text that takes the place of a range; an empty range inserts. */
export interface TextEdit extends FileRange {
  readonly text: string;
}

export type Severity = 'error' | 'warning' | 'information';

/** Another place that has to do with a finding, and how. */
export interface RelatedPlace extends FileRange {
  readonly message: string;
}

/**
 * A change that mends a finding. `safe`: no request gets another answer than before, or what changes is surely what was
 * meant. `unsafe`: a person should look at it.
 */
export interface Fix {
  readonly title: string;
  readonly safety: 'safe' | 'unsafe';
  /** In any order; they never overlap. */
  readonly edits: readonly TextEdit[];
}

/** Something to say about a place in a file. `code` is closed and kebab-case, as docs/checks names its pages. */
export interface Diagnostic {
  readonly file: string;
  readonly range: TextRange;
  /** 1-based, of the range's start and end. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly severity: Severity;
  readonly code: string;
  /** What is wrong and what to do. */
  readonly message: string;
  readonly related?: readonly RelatedPlace[];
  readonly fixes?: readonly Fix[];
  /** What stands there has no effect; editors fade it. */
  readonly unnecessary?: true;
}
