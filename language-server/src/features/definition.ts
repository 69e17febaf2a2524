import type { NameUse } from '@gatehouse/policy-schema/model/names.ts';
import { nameIndexOf } from '@gatehouse/policy-schema/names/name-index.ts';
import type { NamePlace } from '@gatehouse/policy-schema/names/names-of.ts';
import type { TextRange } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import type { Desk } from '../desk.ts';

/** A place that a name leads to. */
export interface Target {
  readonly file: string;
  /** All of what has the name. */
  readonly range: TextRange;
  /** The name itself. */
  readonly head: TextRange;
}

export interface Definition {
  /** The name under the cursor. */
  readonly origin: TextRange;
  /** Several for a label that several resources have, and for a pattern, which leads to all that it is for. */
  readonly targets: readonly Target[];
}

/** Where the name under the cursor is made; undefined where there is no name, or none that is made in the files. */
export function definition(desk: Desk, file: string, offset: number): Definition | undefined {
  const index = nameIndexOf(desk.files);
  const place = index.at(file, offset);
  if (place === undefined) return undefined;
  const made = place.role === 'pattern' ? index.matchedBy(place) : index.definitions(place.kind, place.name);
  if (made.length === 0) return undefined;
  return { origin: rangeOf(place), targets: made.map(targetOf) };
}

/**
 * Every place that speaks of the name under the cursor, in the order of files and places: where it is made (unless `declaration`
 * is false), where it stands, and patterns that match it. A bare `*`, which matches everything, does not count.
 */
export function references(
  desk: Desk,
  file: string,
  offset: number,
  { declaration }: { readonly declaration: boolean },
): readonly NameUse[] {
  const index = nameIndexOf(desk.files);
  const place = index.at(file, offset);
  if (place === undefined) return [];
  const same = index.named(place.kind, place.name);
  const more =
    place.role === 'pattern'
      ? index.matchedBy(place).flatMap(({ kind, name }) => index.named(kind, name))
      : index.patternsFor(place.kind, place.name).filter(({ name }) => !/^([^=]*=)?\*+$/.test(name));
  const all = [...new Set([...same, ...more])].filter(({ role }) => declaration || role !== 'definition');
  return inOrder(all).map(plainUse);
}

/** Without what only features need. */
export function plainUse({ kind, name, role, file, start, end }: NameUse): NameUse {
  return { kind, name, role, file, start, end };
}

/** By files and places, each place once. */
export function inOrder<Place extends NameUse>(places: readonly Place[]): readonly Place[] {
  const sorted = [...places].sort(
    (a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.start - b.start || a.end - b.end,
  );
  return sorted.filter((place, at) => {
    const before = sorted[at - 1];
    return before?.file !== place.file || before.start !== place.start || before.end !== place.end;
  });
}

function targetOf(place: NamePlace): Target {
  const { file, holder, kind } = place;
  const whole = holder.kind === kind;
  return { file, range: whole ? holder.range : rangeOf(place), head: rangeOf(place) };
}

function rangeOf({ start, end }: TextRange): TextRange {
  return { start, end };
}
