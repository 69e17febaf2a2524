import { resolveTargets } from './targets.ts';
import { code, prose } from '@gatehouse/policy-schema/describe/markdown.ts';
import type { NameKind } from '@gatehouse/policy-schema/model/names.ts';
import { nameIndexOf } from '@gatehouse/policy-schema/names/name-index.ts';
import { yamlScalar } from '@gatehouse/policy-schema/syntax/edits.ts';
import { entryOf, placeAt } from '@gatehouse/policy-schema/syntax/tree.ts';
import { harmlessBuiltins } from '@gatehouse/policy-schema/vocabulary/sql/postgres/functions.ts';
import { objectKinds } from '@gatehouse/policy-schema/vocabulary/sql/postgres/object-kinds.ts';
import { vocabularies } from '@gatehouse/policy-schema/vocabulary/registry.ts';
import type { Desk, DeskFile, LiveTable } from '../desk.ts';
import { schemaAt, schemaWords, valuesOf, valueWords } from './schema-at.ts';
import type { Suggestion } from './suggestion.ts';
import type { Spot, Step } from './yaml-spot.ts';

/** A value before it is known how it has to be written. */
interface Value {
  readonly text: string;
  readonly kind: Suggestion['kind'];
  readonly detail?: string;
  readonly doc?: string;
  readonly rank?: number;
}

/** The values that may stand at a place: those of the schema, names of the workspace, and names of what is reached. */
export function valueSuggestions(desk: Desk, file: DeskFile, spot: Spot): readonly Suggestion[] {
  const schema = schemaAt(file.kind, spot.path);
  const known: Value[] = schema
    ? valuesOf(schema).map((text, index) => {
        const doc = actionWords(spot.path, text) ?? valueWords(schema, text) ?? schemaWords(schema);
        return { text, kind: 'value', doc, rank: index };
      })
    : [];
  const values = [...known, ...namesAt(desk, file, spot.path), ...examplesAt(file, spot)];
  const there = siblings(file, spot);
  const seen = new Set<string>();
  return values
    .filter(({ text }) => !there.has(text) && !seen.has(text) && seen.add(text))
    .map((value, index) => written(value, spot, index));
}

function written({ text, kind, detail, doc, rank }: Value, spot: Spot, index: number): Suggestion {
  const { quote, start, end } = spot;
  const bare =
    quote === undefined ? yamlScalar(text, spot.flow ? 'flow' : 'block') : `${quote}${text}${quote}`;
  const literal = kind === 'value' && quote === undefined;
  return {
    label: text,
    kind,
    ...(detail !== undefined && { detail }),
    ...(doc !== undefined && { doc }),
    insert: literal && /^[\w.-]+$/.test(text) ? text : bare,
    start,
    end,
    rank: rank ?? 200 + index,
    // What is typed begins with the quote, where one was.
    ...(quote !== undefined && { filter: `${quote}${text}` }),
  };
}

function actionWords([first, , block, key]: readonly Step[], value: string): string | undefined {
  if (first !== 'rules' || key !== 'actions') return undefined;
  const vocabulary = Object.values(vocabularies).find(({ name }) => name === block);
  return vocabulary && Object.hasOwn(vocabulary.actions, value) ? vocabulary.actions[value] : undefined;
}

/** Items that stand in the same list already. */
function siblings({ tree }: DeskFile, spot: Spot): ReadonlySet<string> {
  if (typeof spot.path.at(-1) !== 'number' || tree === undefined) return new Set();
  const list = placeAt(tree, spot.path.slice(0, -1))?.node;
  if (list?.kind !== 'sequence') return new Set();
  return new Set(
    list.items
      .filter(({ range }) => range.end < spot.start || range.start > spot.end)
      .flatMap((item) => (item.kind === 'scalar' ? [String(item.value)] : [])),
  );
}

const holders: Readonly<Partial<Record<NameKind, string>>> = {
  group: 'a group',
  person: 'a person',
  agent: 'an agent',
  tokens: 'a set of tokens',
};

/** Names that people gave, of a kind, each once. */
function namesOf(desk: Desk, kind: NameKind, form: (name: string) => string = (name) => name): Value[] {
  const names = new Set(
    nameIndexOf(desk.files)
      .ofKind(kind)
      .filter(({ role }) => role !== 'pattern')
      .map(({ name }) => name),
  );
  const detail = holders[kind];
  return [...names]
    .sort()
    .map((name) => ({ text: form(name), kind: 'name', ...(detail !== undefined && { detail }) }));
}

function lists(desk: Desk): Value[] {
  return [
    ...new Set(
      nameIndexOf(desk.files)
        .ofKind('list')
        .filter(({ role }) => role === 'definition')
        .map(({ name }) => name),
    ),
  ]
    .sort()
    .map((name) => ({ text: `$${name}`, kind: 'list', detail: 'a list of this workspace' }));
}

const any: Value = { text: '*', kind: 'value', detail: 'all of them', rank: 500 };

/** Names that fit a path of a file. */
function namesAt(desk: Desk, file: DeskFile, path: readonly Step[]): Value[] {
  const [a, b, c, d] = path;
  if (file.kind === 'Workspace') return [];
  if (file.kind === 'Test') return namesInTest(desk, path);
  if (a === 'applies' && b === 'to') return [...resources(desk), ...lists(desk), any];
  if (a === 'applies' && b === 'agents') return [...namesOf(desk, 'agent'), ...lists(desk), any];
  if (a === 'applies' && b === 'groups') return namesOf(desk, 'group');
  if (a === 'owner')
    return [
      ...namesOf(desk, 'group', (name) => `group:${name}`),
      ...namesOf(desk, 'person', (name) => `person:${name}`),
    ];
  if (a === 'masks' && c === 'unless') return namesOf(desk, d === 'groups' ? 'group' : 'person');
  if (a === 'masks' && c === 'columns') return [...maskColumns(desk, file), ...lists(desk)];
  if (a === 'masks' && c === 'tokens') return namesOf(desk, 'tokens');
  if (a === 'masks' && c === 'harmless')
    return harmlessBuiltins().map((text) => ({ text, kind: 'function' }));
  if (a === 'rules' && c === 'approval' && d === 'by')
    return [
      ...namesOf(desk, 'group', (name) => `group:${name}`),
      ...namesOf(desk, 'person', (name) => `person:${name}`),
      { ...any, detail: 'any person' },
    ];
  if (a === 'lists' && typeof c === 'number')
    return lists(desk).filter(({ text }) => text !== `$${String(b)}`);
  if (a === 'rules' && c === 'sql' && d !== undefined && d !== 'actions')
    return selectorNames(desk, file, path);
  return [];
}

function namesInTest(desk: Desk, path: readonly Step[]): Value[] {
  const declared = desk.world.workspace?.workspace.resources ?? [];
  const inList = typeof path.at(-1) === 'number';
  switch (inList ? path.at(-2) : path.at(-1)) {
    case 'resource':
      return declared.map(({ name, protocol, host, database }): Value => {
        return { text: name, kind: 'name', detail: `${protocol}, ${database} on ${host}` };
      });
    case 'agent':
      return namesOf(desk, 'agent');
    case 'person':
      return namesOf(desk, 'person');
    case 'groups':
      return namesOf(desk, 'group');
    case 'rules':
      return desk.world.policies.flatMap(({ policy }) =>
        policy.rules.map(({ name, effect, message }): Value => {
          const doc = message === undefined ? {} : { doc: prose(message) };
          return { text: `${policy.name}/${name}`, kind: 'name', detail: effect, ...doc };
        }),
      );
    default:
      return [];
  }
}

function selectorNames(desk: Desk, file: DeskFile, path: readonly Step[]): Value[] {
  switch (path[3]) {
    case 'tables':
      return [...tables(desk, file), ...lists(desk), any];
    case 'columns':
      return [...columnsOfRule(desk, file, path), ...lists(desk), any];
    case 'objects':
      return [...new Set(Object.values(objectKinds))].sort().map((text) => ({ text, kind: 'value' }));
    default:
      return lists(desk);
  }
}

function resources(desk: Desk): Value[] {
  const declared = desk.world.workspace?.workspace.resources ?? [];
  const labels = new Map<string, string[]>();
  for (const { name, labels: own } of declared)
    for (const [key, value] of Object.entries(own)) {
      const text = `${key}=${value}`;
      labels.set(text, [...(labels.get(text) ?? []), name]);
    }
  return [
    ...declared.map(
      ({ name, protocol, host, database }): Value => ({
        text: name,
        kind: 'name',
        detail: `${protocol}, ${database} on ${host}`,
      }),
    ),
    ...[...labels].map(
      ([text, names]): Value => ({ text, kind: 'name', detail: `a label of ${names.join(', ')}` }),
    ),
  ];
}

/** Tables of the resources that a policy speaks of; of none where the daemon does not know one of them. */
function liveTables(desk: Desk, file: DeskFile): readonly LiveTable[] {
  if (desk.live === undefined) return [];
  const found = resolveTargets(desk, file).map((name) => desk.live?.tables(name));
  const tables = found.flatMap((each) => each ?? []);
  return [...new Map(tables.map((table) => [table.name, table])).values()];
}

function tables(desk: Desk, file: DeskFile): Value[] {
  const found = liveTables(desk, file);
  const schemas = [...new Set(found.map(({ name }) => name.slice(0, name.lastIndexOf('.'))))].sort();
  return [
    ...found.map(
      ({ name, kind, columns }): Value => ({
        text: name,
        kind: 'table',
        detail: kind,
        doc: columns.map((column) => `- ${code(column.name)} ${prose(column.type)}`).join('\n'),
      }),
    ),
    ...schemas.map(
      (schema): Value => ({ text: `${schema}.*`, kind: 'table', detail: 'every table of the schema' }),
    ),
  ];
}

function columnsOfRule(desk: Desk, file: DeskFile, path: readonly Step[]): Value[] {
  const block = file.tree && placeAt(file.tree, path.slice(0, 3))?.node;
  const value = block && entryOf(block, 'tables')?.value;
  const items = value?.kind === 'sequence' ? value.items : value ? [value] : [];
  const named = items.flatMap((item) => (item.kind === 'scalar' ? [String(item.value)] : []));
  const found = liveTables(desk, file).filter(({ name }) => named.length === 0 || named.includes(name));
  const columns = new Map<string, string>();
  for (const table of found)
    for (const { name, type } of table.columns) columns.set(name, `${type}, of ${table.name}`);
  return [...columns].map(([text, detail]) => ({ text, kind: 'column', detail }));
}

function maskColumns(desk: Desk, file: DeskFile): Value[] {
  return liveTables(desk, file).flatMap(({ name, columns }) =>
    columns.map((column): Value => ({ text: `${name}.${column.name}`, kind: 'column', detail: column.type })),
  );
}

const byTitle: Readonly<Record<string, readonly string[]>> = {
  Duration: ['30s', '1m', '10m', '1h', '1d'],
  Size: ['64KiB', '1MB', '5MB', '50MB'],
};

/** Where any value may stand, what others often write there. */
function examplesAt(file: DeskFile, spot: Spot): Value[] {
  const schema = schemaAt(file.kind, spot.path);
  const title = typeof schema?.title === 'string' ? schema.title : '';
  const given = title === 'Pattern' || !Array.isArray(schema?.examples) ? [] : schema.examples.map(String);
  const selector =
    spot.path[0] === 'rules' && spot.path[2] === 'sql'
      ? vocabularies.sql.selectors[String(spot.path[3])]
      : undefined;
  const patterns =
    selector && !['tables', 'columns', 'objects'].includes(String(spot.path[3])) ? selector.examples : [];
  return [...(byTitle[title] ?? given), ...patterns].map((text) => ({
    text,
    kind: 'value',
    detail: 'example',
    rank: 400,
  }));
}
