import {
  type ConditionCursor,
  conditionCursor,
  fieldsOf,
} from '@gatehouse/policy-schema/conditions/cursor.ts';
import {
  receiverOf,
  type Signature,
  signatures,
  signatureText,
} from '@gatehouse/policy-schema/conditions/signatures.ts';
import { conditionVariables } from '@gatehouse/policy-schema/conditions/variables.ts';
import { nameIndexOf } from '@gatehouse/policy-schema/names/name-index.ts';
import { placeAt } from '@gatehouse/policy-schema/syntax/tree.ts';
import { vocabularies } from '@gatehouse/policy-schema/vocabulary/registry.ts';
import type { Desk, DeskFile } from '../desk.ts';
import type { Suggestion } from './suggestion.ts';
import type { Spot } from './yaml-spot.ts';

const docs = new Map(conditionVariables().map(({ path, doc }) => [path, doc]));
const objects: Readonly<Record<string, string>> = {
  request: 'What is asked.',
  principal: 'Who asks.',
  resource: 'What is reached.',
  now: docs.get('now') ?? '',
};

/** What may be written in a condition: variables, fields and functions by type, and values that are known. */
export function conditionSuggestions(
  desk: Desk,
  file: DeskFile,
  spot: Spot,
  offset: number,
): readonly Suggestion[] {
  const place = conditionPlace(file, spot, offset);
  const cursor = conditionCursor(place.source, place.offset);
  const range = { start: place.toFile(cursor.start), end: Math.max(offset, place.toFile(cursor.end)) };
  switch (cursor.kind) {
    case 'member':
      return members(cursor.receiver, range);
    case 'name':
      return names(cursor, range);
    case 'text':
      return texts(desk, cursor.comparedWith, range);
    case 'comment':
      return [];
    case 'none':
      return ['&&', '||', '==', '!=', 'in'].map((word, rank) => ({
        label: word,
        kind: 'keyword',
        insert: word,
        ...range,
        rank,
      }));
  }
}

interface Place {
  readonly source: string;
  readonly offset: number;
  toFile(offset: number): number;
}

/** The condition around an offset and the way back to the file; as it is written where it cannot be read. */
export function conditionPlace(file: DeskFile, spot: Spot, offset: number): Place {
  const node = file.tree && placeAt(file.tree, spot.path)?.node;
  if (
    node?.kind === 'scalar' &&
    typeof node.value === 'string' &&
    node.range.start <= offset &&
    offset <= node.range.end + 1
  ) {
    const offsets = node.offsets();
    const { value } = node;
    let at = value.length;
    while (at > 0 && offsets.at(at - 1) >= offset) at--;
    // Blanks at the end are no part of a plain value, and the cursor often stands behind one.
    const beyond = at === value.length ? Math.max(0, offset - offsets.at(value.length)) : 0;
    const between = file.text.slice(offset - beyond, offset);
    if (beyond === 0 || /^[ \t]*$/.test(between)) {
      const source = value + between;
      return {
        source,
        offset: at + beyond,
        toFile: (index) => (index > value.length ? offset : offsets.at(index)),
      };
    }
  }
  const start = spot.quote === undefined ? spot.start : spot.start + 1;
  return { source: spot.typed, offset: spot.typed.length, toFile: (index) => start + index };
}

type Range = Pick<Suggestion, 'start' | 'end'>;

function members(receiver: string | undefined, range: Range): readonly Suggestion[] {
  if (receiver === undefined) return [];
  const own = receiverOf(receiver);
  return [
    ...[...fieldsOf(receiver)].map(([label, type], rank): Suggestion => {
      const doc =
        docs.get(`${receiver}.${label}`) ??
        (type.includes('.') ? `Facts of \`${label}\` requests.` : undefined);
      return {
        label,
        kind: 'field',
        detail: type,
        ...(doc !== undefined && { doc }),
        insert: label,
        ...range,
        rank,
      };
    }),
    ...signatures
      .filter((each) => each.receiver !== undefined && each.receiver === own)
      .map((each) => call(each, range)),
  ];
}

function names({ bound }: ConditionCursor, range: Range): readonly Suggestion[] {
  return [
    ...[...bound].map(
      ([label, type]): Suggestion => ({
        label,
        kind: 'variable',
        detail: type,
        insert: label,
        ...range,
        rank: 0,
      }),
    ),
    ...[...fieldsOf('')].map(
      ([label, type], index): Suggestion => ({
        label,
        kind: 'variable',
        detail: type,
        doc: objects[label] ?? '',
        insert: label,
        ...range,
        rank: 10 + index,
      }),
    ),
    ...signatures.filter(({ receiver }) => receiver === undefined).map((each) => call(each, range)),
    ...['true', 'false'].map(
      (label): Suggestion => ({ label, kind: 'keyword', insert: label, ...range, rank: 300 }),
    ),
  ];
}

function call(signature: Signature, range: Range): Suggestion {
  const form = signature.forms[0] ?? [];
  const isMacro = form[0]?.type === 'name';
  const places = form.map(({ name }, index) => `\${${index + 1}:${isMacro && index === 0 ? 'each' : name}}`);
  return {
    label: signature.name,
    kind: 'function',
    detail: signatureText(signature, form),
    doc: signature.doc,
    insert: `${signature.name}(${places.join(', ')})`,
    snippet: true,
    ...range,
    rank: 100,
  };
}

/** Values that what a text is compared with may have, as far as the workspace tells. */
function texts(desk: Desk, path: string | undefined, range: Range): readonly Suggestion[] {
  const index = nameIndexOf(desk.files);
  const named = (kind: 'group' | 'agent' | 'person' | 'resource'): string[] =>
    index
      .ofKind(kind)
      .filter(({ role }) => role !== 'pattern')
      .map(({ name }) => name);
  const values = ((): readonly string[] => {
    const labels = /^resource\.labels(?:\.(.+))?$/.exec(path ?? '');
    if (labels) return labelValues(desk, labels[1]);
    switch (path) {
      case 'principal.groups':
        return named('group');
      case 'principal.agent':
        return named('agent');
      case 'principal.person':
        return named('person');
      case 'resource.name':
        return named('resource');
      case 'resource.protocol':
        return [
          ...new Set((desk.world.workspace?.workspace.resources ?? []).map(({ protocol }) => protocol)),
        ];
      case 'request.sql.actions':
      case 'request.sql.statements':
        return Object.keys(vocabularies.sql.actions);
      default:
        return [];
    }
  })();
  return [...new Set(values)].sort().map((label): Suggestion => {
    const doc = path?.startsWith('request.sql.') ? Reflect.get(vocabularies.sql.actions, label) : undefined;
    return {
      label,
      kind: 'value',
      ...(typeof doc === 'string' && { doc }),
      insert: label,
      ...range,
      rank: 0,
    };
  });
}

/** Values of a label, or the keys of all labels. */
function labelValues(desk: Desk, key: string | undefined): readonly string[] {
  const labels = (desk.world.workspace?.workspace.resources ?? []).map((resource) => resource.labels);
  return key === undefined
    ? labels.flatMap((own) => Object.keys(own))
    : labels.flatMap((own) => (Object.hasOwn(own, key) ? [own[key] ?? ''] : []));
}
