/** What the language server says of tests; see docs/editor.md. Lines and columns begin at 0. */

export interface WireRange {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

export interface WireCase {
  /** Unique in the file. */
  readonly id: string;
  readonly name: string;
  readonly matrix?: string;
  readonly range: WireRange;
}

export interface WireFile {
  readonly uri: string;
  readonly label: string;
  readonly cases: readonly WireCase[];
  /** The file cannot be read, and `cases` is empty. */
  readonly problem?: { readonly message: string; readonly range: WireRange };
}

export interface WireFolder {
  readonly uri: string;
  readonly files: readonly WireFile[];
}

export interface WireResult {
  readonly uri: string;
  readonly id: string;
  readonly milliseconds: number;
  readonly outcome: 'passed' | 'failed' | 'broken';
  readonly message?: string;
  readonly differences?: readonly {
    readonly what: string;
    readonly expected: string;
    readonly actual: string;
    readonly range: WireRange;
  }[];
  readonly explanation?: readonly string[];
  readonly decidedBy?: readonly { readonly name: string; readonly uri: string; readonly range: WireRange }[];
}

export interface WireRule {
  /** As `policy/rule`. */
  readonly name: string;
  readonly range: WireRange;
  readonly deciding: number;
  readonly contributing: number;
  /** The condition as a whole, then its parts where it has several. */
  readonly condition: readonly {
    readonly text: string;
    readonly range: WireRange;
    readonly true: number;
    readonly false: number;
  }[];
}

export interface WireCoverage {
  readonly uri: string;
  readonly rules: readonly WireRule[];
}

export interface WireRun {
  readonly results: readonly WireResult[];
  readonly coverage: readonly WireCoverage[];
}

/** What to write so that a test holds a recorded decision. */
export type WireNewTest =
  | {
      readonly ok: true;
      readonly uri: string;
      readonly isNew: boolean;
      readonly edit: { readonly range: WireRange; readonly newText: string };
      readonly line: number;
    }
  | { readonly ok: false; readonly message: string };
