/** What may be written at a place. */
export interface Suggestion {
  readonly label: string;
  readonly kind:
    | 'key'
    | 'value'
    | 'name'
    | 'list'
    | 'table'
    | 'column'
    | 'variable'
    | 'field'
    | 'function'
    | 'keyword'
    | 'snippet';
  /** A few words beside the label: a type, where a name comes from. */
  readonly detail?: string;
  /** Markdown. */
  readonly doc?: string;
  readonly insert: string;
  /** The text has places to fill: `$1`, `${1:word}`, `$0`. */
  readonly snippet?: true;
  /** What is replaced. */
  readonly start: number;
  readonly end: number;
  /** Suggestions are shown in this order, then by label: 0 first. */
  readonly rank: number;
  /** What is held against the typed text, where that is not the label. */
  readonly filter?: string;
}
