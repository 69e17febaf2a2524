import type { NameKind } from '@gatehouse/policy-schema/model/names.ts';
import { nameIndexOf, type NameIndex } from '@gatehouse/policy-schema/names/name-index.ts';
import type { Holder, NamePlace } from '@gatehouse/policy-schema/names/names-of.ts';
import type { TextRange } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import type { Desk } from '../desk.ts';
import { inOrder } from './definition.ts';

/** Something that uses lists and groups, or is used. It can be given back to ask for more. */
export interface CallItem {
  readonly kind: Holder['kind'] | 'group';
  /** Rules: `policy/rule`. */
  readonly name: string;
  readonly file: string;
  readonly range: TextRange;
  readonly head: TextRange;
}

export interface Call {
  /** What is used, or what uses. */
  readonly item: CallItem;
  /** Where it is used: places in the file of the one that uses. */
  readonly places: readonly TextRange[];
}

type Used = 'list' | 'group';
const used: ReadonlySet<NameKind> = new Set<Used>(['list', 'group']);

/** What stands under the cursor: a list or group by its name, else the rule, mask or policy around. */
export function prepareCalls(desk: Desk, file: string, offset: number): CallItem | undefined {
  const index = nameIndexOf(desk.files);
  const place = index.at(file, offset);
  if (place !== undefined && used.has(place.kind) && place.role !== 'pattern') return usedItem(index, place);
  if (place !== undefined && (place.kind === 'rule' || place.kind === 'policy'))
    return holderItem(place.holder, file);
  const around = index
    .inFile(file)
    .map(({ holder }) => holder)
    .filter(({ kind, range }) => kind !== 'workspace' && kind !== 'resource' && holds(range, offset));
  const nearest = around.reduce<Holder | undefined>(
    (best, each) => (best === undefined || length(each.range) < length(best.range) ? each : best),
    undefined,
  );
  return nearest && holderItem(nearest, file);
}

/** What uses a list or group: rules, masks, other lists, and policies by whom and what they apply to. */
export function incomingCalls(desk: Desk, { kind, name }: CallItem): readonly Call[] {
  if (kind !== 'list' && kind !== 'group') return [];
  const index = nameIndexOf(desk.files);
  const places = [...index.named(kind, name), ...(kind === 'group' ? index.patternsFor(kind, name) : [])];
  return calls(
    inOrder(places).filter(({ role }) => role !== 'definition'),
    (place) => holderItem(place.holder, place.file),
  );
}

/** The lists and groups that a rule, mask, list or policy uses itself. */
export function outgoingCalls(desk: Desk, { kind, file, range }: CallItem): readonly Call[] {
  const index = nameIndexOf(desk.files);
  const places = index
    .inFile(file)
    .filter(
      ({ kind: own, role, holder }) =>
        used.has(own) &&
        role === 'reference' &&
        holder.kind === kind &&
        Math.min(holder.range.start, holder.head.start) === range.start,
    );
  return calls(inOrder(places), (place) => usedItem(index, place));
}

function calls(places: readonly NamePlace[], itemOf: (place: NamePlace) => CallItem): readonly Call[] {
  const found = new Map<string, { readonly item: CallItem; readonly places: TextRange[] }>();
  for (const place of places) {
    const item = itemOf(place);
    const key = `${item.kind} ${item.file} ${item.range.start} ${item.name}`;
    const call = found.get(key) ?? { item, places: [] };
    found.set(key, call);
    call.places.push({ start: place.start, end: place.end });
  }
  return [...found.values()];
}

/** Where a list or group is made; a group that nothing makes known stands where it is used. */
function usedItem(index: NameIndex, place: NamePlace): CallItem {
  const made = index.definitions(place.kind, place.name)[0] ?? place;
  const { file, start, end, holder, name, kind } = made;
  const whole = kind === 'list' && made.role === 'definition';
  return {
    kind: kind === 'list' ? 'list' : 'group',
    name,
    file,
    range: whole ? holder.range : { start, end },
    head: { start, end },
  };
}

function holderItem({ kind, name, range, head }: Holder, file: string): CallItem {
  // In broken text a name may reach out of what holds it, and editors refuse that.
  return {
    kind,
    name,
    file,
    range: { start: Math.min(range.start, head.start), end: Math.max(range.end, head.end) },
    head,
  };
}

function holds({ start, end }: TextRange, offset: number): boolean {
  return start <= offset && offset <= end;
}

function length({ start, end }: TextRange): number {
  return end - start;
}
