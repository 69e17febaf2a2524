/**
 * - `masked`: it runs, and what it shows of masked values is what the masks make of them.
 * - `refused`: the gate does not let it run.
 */
export type Expected = 'masked' | 'refused';

/** A way to learn a masked value, which works where no gate is. */
export interface Attack {
  readonly family: string;
  /** Sent one after the other; the last is the one that tells. */
  readonly steps: readonly string[];
  readonly expected: Expected;
  /** The last step gives rows, so that it can be a cursor, a COPY and a PREPARE as well. */
  readonly isQuery: boolean;
}

/** Queries of one family, each an attack of its own. */
export function queries(family: string, expected: Expected, all: readonly string[]): readonly Attack[] {
  return all.map((sql) => ({ family, steps: [sql], expected, isQuery: true }));
}

/** Sequences of statements that are no queries at their end, or not only. */
export function sequences(
  family: string,
  expected: Expected,
  all: readonly (string | readonly string[])[],
): readonly Attack[] {
  return all.map((steps) => ({
    family,
    steps: typeof steps === 'string' ? [steps] : steps,
    expected,
    isQuery: false,
  }));
}
