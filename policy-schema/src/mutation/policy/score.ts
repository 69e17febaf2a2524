import type { JudgedMutant } from './judge-mutants.ts';
import type { MutatedPart } from './policy-mutant.ts';

export interface Counts {
  readonly killed: number;
  readonly survived: number;
  /** Not counted: they mean the same. */
  readonly equivalent: number;
  /** Not counted: no test can say what differs. */
  readonly untestable: number;
}

/** Of the mutants of one part of a policy. */
export interface PartScore extends MutatedPart, Counts {
  /** Share of killed mutants among those that count, 0 to 1; absent: none counts. */
  readonly score?: number;
}

/** Killed mutants of those that a test could kill; undefined: there are none. */
export function scoreOf({ killed, survived }: Counts): number | undefined {
  return killed + survived === 0 ? undefined : killed / (killed + survived);
}

export function countOf(judged: readonly JudgedMutant[]): Counts {
  const count = (which: keyof Counts) => judged.filter(({ outcome }) => outcome === which).length;
  return {
    killed: count('killed'),
    survived: count('survived'),
    equivalent: count('equivalent'),
    untestable: count('untestable'),
  };
}

/** The parts of which some mutant counts, the worst first. */
export function scoreParts(judged: readonly JudgedMutant[]): readonly PartScore[] {
  const parts = Map.groupBy(judged, ({ mutant: { policy, part } }) => JSON.stringify([policy, part]));
  const scores = [...parts.values()].flatMap((own): PartScore[] => {
    const mutant = own[0]?.mutant;
    if (mutant === undefined) return [];
    const { policy, part, location } = mutant;
    const counts = countOf(own);
    const score = scoreOf(counts);
    return [{ policy, part, location, ...counts, ...(score === undefined ? {} : { score }) }];
  });
  return scores
    .filter(({ score }) => score !== undefined)
    .sort((a, b) => (a.score ?? 2) - (b.score ?? 2) || b.survived - a.survived);
}
