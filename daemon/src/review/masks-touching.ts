import { compilePattern } from '@gatehouse/policy-schema/model/pattern.ts';
import type { RequestDecided } from '../recordings/entry.ts';
import type { ToldMask } from './questions.ts';

/** Of some masks, those of columns that a request names, with the patterns that mean them. */
export function masksTouching(
  actions: RequestDecided['actions'],
  masks: readonly ToldMask[],
): readonly ToldMask[] {
  const columns = actions.flatMap(({ facts }) => {
    const { table, columns: named } = facts;
    return typeof table === 'string' && Array.isArray(named) ? [{ table, named }] : [];
  });
  return masks
    .map((mask) => ({
      columns: mask.columns.filter((pattern) => columns.some((each) => touches(pattern, each))),
      with: mask.with,
      policy: mask.policy,
    }))
    .filter((mask) => mask.columns.length > 0);
}

/** How the masks of columns that a request names differ; undefined where they do not. */
export function changedMasks(
  { actions, masks }: RequestDecided,
  now: readonly ToldMask[],
): { readonly gone: readonly ToldMask[]; readonly come: readonly ToldMask[] } | undefined {
  const [old, fresh] = [masksTouching(actions, masks), masksTouching(actions, now)];
  const without = (from: readonly ToldMask[], known: readonly ToldMask[]) => {
    const keys = new Set(known.map(keyOf));
    return from.filter((mask) => !keys.has(keyOf(mask)));
  };
  const gone = without(old, fresh);
  const come = without(fresh, old);
  return gone.length + come.length === 0 ? undefined : { gone, come };
}

function keyOf({ columns, with: kind }: ToldMask): string {
  return JSON.stringify([columns, kind]);
}

function touches(
  pattern: string,
  { table, named }: { readonly table: string; readonly named: readonly string[] },
): boolean {
  const matches = compilePattern(pattern);
  if (named.some((column) => matches(`${table}.${column}`))) return true;
  if (!named.includes('*')) return false;
  // All of the table's columns, or nobody knows which: any of them that the pattern could mean.
  const dot = pattern.lastIndexOf('.');
  return dot === -1 || compilePattern(pattern.slice(0, dot))(table);
}
