import { nameIndexOf } from '@gatehouse/policy-schema/names/name-index.ts';
import type { TextRange } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import type { Desk } from '../desk.ts';
import { inOrder } from './definition.ts';

export interface LinkedEditing {
  /** What is typed in one of them is typed in all. Each holds the same text. */
  readonly ranges: readonly TextRange[];
  /** A regular expression for what may be typed there. */
  readonly wordPattern: string;
}

/**
 * The places of a list's name in its file, to be edited together; undefined where there is only one, and for a list that other
 * files use or make, because those places would stay behind: that is what renaming is for.
 */
export function linkedEditing(desk: Desk, name: string, offset: number): LinkedEditing | undefined {
  const file = desk.files.get(name);
  const index = nameIndexOf(desk.files);
  const place = index.at(name, offset);
  if (file === undefined || place?.kind !== 'list') return undefined;
  const places = inOrder(index.named('list', place.name));
  const written = (range: TextRange): string => file.text.slice(range.start, range.end);
  if (places.length < 2 || !places.some(({ role }) => role === 'definition')) return undefined;
  if (places.some((each) => each.file !== name || written(each) !== place.name)) return undefined;
  return {
    ranges: places.map(({ start, end }) => ({ start, end })),
    wordPattern: '[A-Za-z0-9][A-Za-z0-9._-]*',
  };
}
