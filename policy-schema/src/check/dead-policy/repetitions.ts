/** Items of a list that say nothing beside others of the list. */
import type { Fix } from '../../syntax/diagnostic.ts';
import { removeItem } from '../../syntax/edits.ts';
import type { SourceFile } from '../../syntax/source.ts';
import type { Item } from '../rule-parts.ts';

/** More pairs than this are not looked at: such a list is written by a program. */
const MAX_PAIRS = 250_000;

export interface Repetition {
  readonly item: Item;
  /** The item that says as much, or more. */
  readonly by: Item;
}

/**
 * Items that others of the list make needless. Of two that say the same, the first stays.
 * @param covers whether all that `inner` stands for, `outer` stands for
 */
export function repetitions(
  items: readonly Item[],
  covers: (outer: string, inner: string) => boolean,
): readonly Repetition[] {
  const wide = items.filter(({ text }) => text.includes('*'));
  if (wide.length * items.length > MAX_PAIRS) return [];
  const first = new Map<string, Item>();
  for (const item of items) if (!first.has(item.text)) first.set(item.text, item);
  return items.flatMap((item) => {
    const twin = first.get(item.text);
    if (twin !== undefined && twin !== item) return [{ item, by: twin }];
    const by = wide.find(
      (each) =>
        each.text !== item.text &&
        covers(each.text, item.text) &&
        (each.index < item.index || !covers(item.text, each.text)),
    );
    return by === undefined ? [] : [{ item, by }];
  });
}

/** The fix that takes an item out of its list. */
export function withoutItem(source: SourceFile, { list, index }: Item, title: string): readonly Fix[] {
  return [{ title, safety: 'safe', edits: [removeItem(source, list, index)] }];
}
