/** A half-open range of UTF-16 offsets in a file's text. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

export type Severity = 'error' | 'warning' | 'information';

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
}
