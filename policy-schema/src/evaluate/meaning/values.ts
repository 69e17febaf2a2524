/** Values of a field that stand for all values, as far as the lines tell that are drawn among them. */
import { vocabularies } from '../../vocabulary/registry.ts';
import type { FactDeclaration, FactType, FactValue } from '../../vocabulary/vocabulary.ts';
import { type Line, mayBeAbsent } from './lines.ts';
import { representativeNames } from './names.ts';

/** Undefined: the field is not there. */
export type FieldValue = FactValue | undefined;

export interface FieldValues {
  /** What a request most often has comes first. */
  readonly values: readonly FieldValue[];
  readonly complete: boolean;
}

const factTypes: ReadonlyMap<string, FactType> = new Map(
  Object.entries(vocabularies).flatMap(([name, { facts }]) =>
    Object.entries<FactDeclaration>(facts).map(
      ([fact, { type }]) => [`request.${name}.${fact}`, type] as const,
    ),
  ),
);

/** Monday morning, in the year that this is first read. */
export const usualTime = new Date('2026-03-02T10:00:00Z');
const usualTexts = ['psql', 'reporting'];

/** Fields whose values follow from nothing else. */
export function isFree(path: string): boolean {
  if (path === 'now' || path === 'principal.task' || path === 'principal.workspace') return true;
  const type = factTypes.get(path);
  return type !== undefined && type !== 'list<string>' && type !== 'map<string, string>';
}

export function fieldValues(path: string, lines: readonly Line[], steps: number): FieldValues {
  if (path === 'now') return times(lines);
  const type = factTypes.get(path) ?? 'string';
  const absent = mayBeAbsent(path) ? [undefined] : [];
  switch (type) {
    case 'bool':
      return { values: [false, true, ...absent], complete: true };
    case 'int':
      return { values: [...numbers(lines, true).map(BigInt), ...absent], complete: true };
    case 'double':
      return { values: [...numbers(lines, false), ...absent], complete: true };
    case 'string': {
      const { values, complete } = texts(lines, usualTexts, steps);
      return { values: [...values, ...absent], complete };
    }
    default:
      return { values: absent, complete: false };
  }
}

/** Each number at a line, and one on either side; counts and costs are not below zero. */
function numbers(lines: readonly Line[], whole: boolean): readonly number[] {
  const at = lines.flatMap((line) => (line.kind === 'number' ? [line.at] : []));
  const ordered = [...new Set(at)].sort((a, b) => a - b);
  const found = new Set<number>([1]);
  ordered.forEach((value, place) => {
    const before = ordered[place - 1] ?? 0;
    const near = whole
      ? [Math.ceil(value) - 1, Math.floor(value), Math.ceil(value), Math.floor(value) + 1]
      : [(before + value) / 2, value, value + 1];
    for (const each of near) found.add(each);
  });
  const last = ordered.at(-1);
  if (last !== undefined) found.add(whole ? Math.floor(last) + 1 : last * 2 + 1);
  found.add(0);
  return [...found].filter((value) => value >= 0 && Number.isSafeInteger(Math.trunc(value)));
}

/** Texts for the ways in which the lines' patterns meet. The empty text is one of them. */
export function texts(
  lines: readonly Line[],
  known: readonly string[],
  steps: number,
): { readonly values: readonly string[]; readonly complete: boolean } {
  const patterns = lines.flatMap((line) => (line.kind === 'text' ? [line.pieces] : []));
  const { names, complete } = representativeNames(patterns, { known, steps });
  const literals = patterns.flatMap((pieces) => (pieces.length === 1 ? pieces : []));
  const usual = known.filter((name) => names.includes(name));
  return { values: [...new Set([...usual, ...names, ...literals, ''])], complete };
}

const hour = 3_600_000;

/**
 * Every hour of a week in winter and in summer, which are all hours and days that a zone of whole hours has together; and the
 * moments about each instant that is named. Hours together with instants, or of two zones, may meet in more ways.
 */
function times(lines: readonly Line[]): FieldValues {
  const instants = lines.flatMap((line) => (line.kind === 'instant' ? [line.at] : []));
  const clocks = lines.flatMap((line) => (line.kind === 'clock' ? [line] : []));
  const found = new Set<number>([usualTime.getTime()]);
  const minutes = clocks.some((line) => line.minutes);
  for (const start of clocks.length === 0 ? [] : [usualTime.getTime(), Date.UTC(2026, 6, 6, 10)]) {
    for (let at = 0; at < 7 * 24; at++) {
      for (const minute of minutes ? Array.from({ length: 60 }, (_, own) => own) : [0, 30])
        found.add(start + at * hour + minute * 60_000);
    }
  }
  for (const at of instants) for (const each of [at - 1, at, at + 1]) found.add(each);
  return {
    values: [...found].map((at) => new Date(at)),
    complete: instants.length === 0 || clocks.length === 0,
  };
}
