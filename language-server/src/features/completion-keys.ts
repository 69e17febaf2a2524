import type { JsonSchema } from '@gatehouse/policy-schema/model/schema-parts.ts';
import { placeAt } from '@gatehouse/policy-schema/syntax/tree.ts';
import type { DeskFile } from '../desk.ts';
import { propertiesOf, schemaAt, schemaWords, valuesOf } from './schema-at.ts';
import { snippetsAt } from './snippets.ts';
import type { Suggestion } from './suggestion.ts';
import type { Spot } from './yaml-spot.ts';

/** The keys that a mapping may have and has not, those that it must have first; and whole rules, masks and files. */
export function keySuggestions(file: DeskFile, spot: Spot): readonly Suggestion[] {
  const schema = schemaAt(file.kind, spot.path);
  const there = keysAt(file, spot);
  const required = (schema?.required ?? []) as readonly string[];
  const { start, end } = spot;
  // Behind a key its colon and value stand already.
  const hasColon = /^\s*:/.test(file.text.slice(end, end + 4));
  const blocks = oneBlock(file, spot);
  return [
    ...Object.entries(propertiesOf(schema)).flatMap(([key, property], index): Suggestion[] => {
      if (there.has(key) || (blocks.has(key) && blocks.taken)) return [];
      const insert = hasColon ? key : `${key}: ${valueSnippet(property, spot)}`;
      return [
        {
          label: key,
          kind: 'key',
          detail: required.includes(key) ? 'required' : 'optional',
          doc: schemaWords(property),
          insert,
          ...(!hasColon && { snippet: true as const }),
          start,
          end,
          rank: (required.includes(key) ? 0 : 100) + index,
        },
      ];
    }),
    ...(hasColon || spot.flow ? [] : snippetsAt(file.kind, spot, there)),
  ];
}

/** Keys that stand in the mapping, but for the one that is being written. */
function keysAt({ tree }: DeskFile, spot: Spot): ReadonlySet<string> {
  const node = tree && placeAt(tree, spot.path)?.node;
  if (node?.kind !== 'mapping') return new Set();
  const others = node.entries.filter(
    ({ keyRange }) => keyRange.start > spot.end || keyRange.end < spot.start,
  );
  return new Set(others.map(({ key }) => key));
}

/** A rule has the block of one protocol only. */
function oneBlock(file: DeskFile, spot: Spot): { has(key: string): boolean; readonly taken: boolean } {
  const isRule = file.kind === 'Policy' && spot.path.length === 2 && spot.path[0] === 'rules';
  if (!isRule) return { has: () => false, taken: false };
  const properties = propertiesOf(schemaAt(file.kind, spot.path));
  const blocks = new Set(Object.keys(properties).filter((key) => 'actions' in propertiesOf(properties[key])));
  const there = keysAt(file, spot);
  return { has: (key) => blocks.has(key), taken: [...blocks].some((key) => there.has(key)) };
}

/** What stands behind the key, with places to fill. */
function valueSnippet(schema: JsonSchema, { flow, indent }: Spot): string {
  const [only, ...others] = valuesOf(schema);
  if (only !== undefined && others.length === 0) return only;
  if (schema.type === 'array') {
    const items = schema.items as JsonSchema | undefined;
    const ofMappings = Object.keys(propertiesOf(items)).length > 0;
    return ofMappings && !flow ? `\n${' '.repeat(indent === 0 ? 2 : 2)}- $0` : '[$0]';
  }
  if (schema.type === 'object') return '{ $0 }';
  return '$0';
}
