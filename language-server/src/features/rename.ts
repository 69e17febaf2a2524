import type { NameKind, NameUse } from '@gatehouse/policy-schema/model/names.ts';
import { nameIndexOf, type NameIndex } from '@gatehouse/policy-schema/names/name-index.ts';
import type { NamePlace } from '@gatehouse/policy-schema/names/names-of.ts';
import { respell } from '@gatehouse/policy-schema/names/respell.ts';
import type { TextEdit, TextRange } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import type { Desk } from '../desk.ts';
import { inOrder, plainUse } from './definition.ts';
import { nameFault, nameWords } from './name-rules.ts';

/** Why there is nothing to rename, or why not to this; a sentence for people. */
export interface Refusal {
  readonly ok: false;
  readonly message: string;
}

export interface Renamable {
  readonly ok: true;
  readonly kind: NameKind;
  readonly range: TextRange;
  /** The name as it is; of a label's value, the value alone. */
  readonly name: string;
}

export interface Renamed {
  readonly ok: true;
  readonly edits: readonly TextEdit[];
  /** Patterns that match the old name or the new one. They stay as they are, and somebody should look at them. */
  readonly mayMatch: readonly NameUse[];
}

/** What would be renamed at a place; undefined where no name stands. */
export function prepareRename(desk: Desk, file: string, offset: number): Renamable | Refusal | undefined {
  const place = nameIndexOf(desk.files).at(file, offset);
  if (place === undefined) return undefined;
  if (place.role === 'pattern') {
    return refusal(
      'This is a pattern, and stands for every name that it matches. Rename one of those names.',
    );
  }
  const { start, end } = place;
  return { ok: true, kind: place.kind, range: { start, end }, name: shownName(place) };
}

/** Give the name under the cursor another one, in all files. Undefined where no name stands. */
export function rename(desk: Desk, file: string, offset: number, to: string): Renamed | Refusal | undefined {
  const prepared = prepareRename(desk, file, offset);
  const index = nameIndexOf(desk.files);
  const place = index.at(file, offset);
  if (prepared?.ok !== true || place === undefined) return prepared as Refusal | undefined;
  if (to === prepared.name) return { ok: true, edits: [], mayMatch: [] };
  const { kind, name } = place;
  const full = fullName(place, to);
  const fault = nameFault(kind, name, to) ?? conflict(index, kind, name, full) ?? unread(desk, prepared);
  if (fault !== undefined) return refusal(fault);
  const places = renamed(index, place);
  const shared = sharedPlace(index, places);
  if (shared !== undefined) return refusal(shared);
  return {
    ok: true,
    edits: [...groupedByFile(places)].flatMap(([each, found]) => {
      const source = desk.files.get(each)?.parsed.source;
      return source ? respell(source, found, to) : [];
    }),
    mayMatch: inOrder(
      [...index.patternsFor(kind, name), ...index.patternsFor(kind, full)].filter(
        ({ name: pattern }) => pattern !== '*',
      ),
    ).map(plainUse),
  };
}

/** Exact places of the name. A rule's name counts in its policy's file, and in tests. */
function renamed(index: NameIndex, { kind, name, file }: NamePlace): readonly NamePlace[] {
  const places = index.named(kind, name).filter(({ role }) => role !== 'pattern');
  if (kind !== 'rule') return places;
  const [made] = index.definitions(kind, name);
  const isAsked = (place: NamePlace): boolean => place.holder.kind === 'test';
  const home = index.inFile(file).some((place) => place.kind === 'policy' && place.role === 'definition')
    ? file
    : made?.file;
  return places.filter((place) => place.file === home || isAsked(place));
}

/** As people write it: rules without their policy, values of labels without their key. */
function shownName({ kind, name }: NamePlace): string {
  if (kind === 'rule') return name.slice(name.indexOf('/') + 1);
  return kind === 'label' ? name.slice(name.indexOf('=') + 1) : name;
}

function fullName({ kind, name }: NamePlace, to: string): string {
  if (kind === 'rule') return name.slice(0, name.indexOf('/') + 1) + to;
  return kind === 'label' ? name.slice(0, name.indexOf('=') + 1) + to : to;
}

/** Two names must not become one: nothing could tell them apart again. */
function conflict(index: NameIndex, kind: NameKind, name: string, to: string): string | undefined {
  const other = index.named(kind, to)[0];
  if (other === undefined) return undefined;
  const { words } = nameWords(kind, name);
  const shown = shownName(other);
  return other.role === 'definition'
    ? `There is ${words} \`${shown}\` already, in ${other.file}. Choose another name.`
    : `${other.file} speaks of ${words} \`${shown}\` already, and the two could not be told apart again. Choose another name.`;
}

/** A file whose text cannot be read may hide places of the name. */
function unread(desk: Desk, { kind, name }: Renamable): string | undefined {
  if (kind === 'rule') return undefined;
  for (const { file, text, parsed } of desk.files.values()) {
    if (parsed.root === undefined && text.includes(name))
      return `${file} cannot be read as it stands, and may use the name. Mend it first.`;
  }
  return undefined;
}

/** An alias of YAML can make one text two names; with the one the other would change. */
function sharedPlace(index: NameIndex, places: readonly NamePlace[]): string | undefined {
  const chosen = new Set(places);
  for (const place of places) {
    const other = index
      .inFile(place.file)
      .find((each) => !chosen.has(each) && each.start === place.start && each.end === place.end);
    if (other !== undefined)
      return `An alias in ${place.file} makes ${nameWords(other.kind, other.name).words} of the same text. Write the two out first.`;
  }
  return undefined;
}

function groupedByFile(places: readonly NamePlace[]): ReadonlyMap<string, readonly NamePlace[]> {
  const files = new Map<string, NamePlace[]>();
  for (const place of places) files.set(place.file, [...(files.get(place.file) ?? []), place]);
  return files;
}

function refusal(message: string): Refusal {
  return { ok: false, message };
}
