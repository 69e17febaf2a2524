import { comparisonOf } from './atoms.ts';
import type { Condition } from './condition.ts';
import { dateFields } from './functions.ts';
import { inTimeZone } from './time-zone.ts';
import { type ConditionNode, partsOf } from './tree.ts';

/** What conditions make of a moment: they give the same for moments of one key, when everything else is the same. */
export interface NowKey {
  /** The same for conditions that tell the same moments apart. */
  readonly name: string;
  of(at: Date): string;
}

interface Field {
  readonly name: string;
  readonly zone: string | undefined;
}

interface NowReads {
  readonly fields: Map<string, Field>;
  /** Moments that `now` is compared with, in milliseconds. */
  readonly bounds: Set<number>;
}

const minute = 60_000;
const maxKept = 20_000;
/** They change within a minute. */
const fine: ReadonlySet<string> = new Set(['getSeconds', 'getMilliseconds']);

/** @returns undefined where no condition reads `now` */
export function nowKey(conditions: Iterable<Condition>): NowKey | undefined {
  const reads: NowReads = { fields: new Map(), bounds: new Set() };
  for (const { source, tree } of conditions)
    if (/\bnow\b/.test(source) && !collect(tree, reads)) return { name: 'all', of: (at) => at.toISOString() };
  const fields = [...reads.fields.values()];
  const bounds = [...reads.bounds];
  if (fields.length + bounds.length === 0) return undefined;
  const kept = new Map<number, string>();
  const name = JSON.stringify([[...reads.fields.keys()].sort(), bounds.toSorted((a, b) => a - b)]);
  const of = (at: Date): string => {
    const time = at.getTime();
    // Before 1970 zones had offsets of seconds, and no time at all compares with nothing.
    if (!(time >= 0)) return String(time);
    const which = Math.floor(time / minute);
    let key = kept.get(which);
    if (key === undefined) {
      key = fields.map((field) => fieldOf(field, at)).join();
      if (kept.size >= maxKept) kept.clear();
      kept.set(which, key);
    }
    for (const bound of bounds) key += time < bound ? '<' : time > bound ? '>' : '=';
    return key;
  };
  return { name, of };
}

function fieldOf({ name, zone }: Field, at: Date): string {
  try {
    return String(dateFields[name]?.(zone === undefined ? at : inTimeZone(at, zone)));
  } catch {
    // No such zone, at no time.
    return '!';
  }
}

/** Take up how a tree reads `now`. @returns whether all of it is understood */
function collect(node: ConditionNode, reads: NowReads): boolean {
  if (node.kind === 'name') return node.name !== 'now';
  const comparison = comparisonOf(node);
  if (comparison !== undefined && isNow(comparison.subject) && comparison.constant.of === 'number') {
    reads.bounds.add(comparison.constant.value);
    return true;
  }
  if (node.kind === 'call' && node.receiver !== undefined && isNow(node.receiver)) {
    const [zone] = node.arguments;
    const name = node.name.text;
    if (fine.has(name) || !Object.hasOwn(dateFields, name) || node.arguments.length > 1) return false;
    if (zone !== undefined && (zone.kind !== 'literal' || typeof zone.value !== 'string')) return false;
    const named = zone === undefined ? undefined : String(zone.value);
    reads.fields.set(JSON.stringify([name, named]), { name, zone: named });
    return true;
  }
  return partsOf(node).every((part) => collect(part, reads));
}

function isNow(node: ConditionNode): boolean {
  return node.kind === 'name' && node.name === 'now';
}
