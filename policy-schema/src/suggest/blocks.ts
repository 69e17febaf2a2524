import type { Action } from '../vocabulary/vocabulary.ts';
import { vocabularies } from '../vocabulary/registry.ts';

/** What the block of a rule says: patterns by selector key, `actions` among them. */
export type Block = Readonly<Record<string, readonly string[]>>;

/** Whether columns are named too, or the whole of what the action speaks of. */
export type Detail = 'columns' | 'whole';

/** Stands for all values, or for one that is unknown. */
const any = '*';

/**
 * The fewest blocks that together grant these actions, and of what they name nothing more: two are made one only where
 * they differ in a single key.
 */
export function blocksFor(actions: readonly Action[], detail: Detail): readonly Block[] {
  const blocks = new Map<string, Block>();
  for (const action of actions) {
    const block = blockOf(action, detail);
    blocks.set(JSON.stringify(block), block);
  }
  return joined([...blocks.values()]);
}

function blockOf({ vocabulary, kind, facts }: Action, detail: Detail): Block {
  const block: Record<string, readonly string[]> = { actions: [kind] };
  for (const [key, { fact, holds }] of Object.entries(vocabularies[vocabulary].selectors)) {
    const value = Object.hasOwn(facts, fact) ? facts[fact] : undefined;
    if (value === undefined) continue;
    const values = typeof value === 'string' ? [value] : [...new Set(value)].sort();
    // A list without a value is granted by any patterns; one that holds everything only by a rule that leaves the key out.
    if (holds === 'many' && (detail === 'whole' || values.length === 0 || values.includes(any))) continue;
    block[key] = values;
  }
  return block;
}

function joined(blocks: readonly Block[]): readonly Block[] {
  const left = [...blocks];
  for (let at = 0; at < left.length; at++) {
    for (let other = at + 1; other < left.length; other++) {
      const [one, two] = [left[at], left[other]];
      const both = one && two && join(one, two);
      if (both === undefined) continue;
      left.splice(other, 1);
      left[at] = both;
      // What it has become may fit to those before.
      at = -1;
      break;
    }
  }
  return left;
}

function join(one: Block, two: Block): Block | undefined {
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(two).length) return undefined;
  let differs: string | undefined;
  for (const key of keys) {
    const other = two[key];
    if (other === undefined) return undefined;
    if (JSON.stringify(one[key]) === JSON.stringify(other)) continue;
    if (differs !== undefined) return undefined;
    differs = key;
  }
  if (differs === undefined) return one;
  const values = new Set([...(one[differs] ?? []), ...(two[differs] ?? [])]);
  return { ...one, [differs]: [...values].sort() };
}
