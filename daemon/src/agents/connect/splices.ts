/** A piece of a text that was put in place of another. `removed` is never more than white space that had to go. */
export interface Splice {
  /** In UTF-16 units, of the text that the splices before it made. */
  readonly offset: number;
  readonly removed: string;
  readonly inserted: string;
}

/** A text that is being changed, and how. */
export interface Spliced {
  readonly text: string;
  readonly splices: readonly Splice[];
}

export function splice(
  { text, splices }: Spliced,
  offset: number,
  length: number,
  inserted: string,
): Spliced {
  const removed = text.slice(offset, offset + length);
  if (removed === inserted) return { text, splices };
  return {
    text: text.slice(0, offset) + inserted + text.slice(offset + length),
    splices: [...splices, { offset, removed, inserted }],
  };
}

/** The text before the splices, or undefined where it is not the one that they left. */
export function unspliced(text: string, splices: readonly Splice[]): string | undefined {
  let before = text;
  for (const { offset, removed, inserted } of splices.toReversed()) {
    if (before.slice(offset, offset + inserted.length) !== inserted) return undefined;
    before = before.slice(0, offset) + removed + before.slice(offset + inserted.length);
  }
  return before;
}
