import * as z from 'zod';
import { schemaResult } from '../shapes.ts';
import { defineTool } from '../tool.ts';

type Table = z.input<typeof schemaResult>['tables'][number];

export const schema = defineTool({
  name: 'schema',
  title: 'Tables and columns',
  description:
    'Tells the tables, views and columns of a resource with their types, which columns are masked for this agent and how, and what the gate would decide of reading each table. It reads names only, never values.',
  input: z.object({
    resource: z.string().describe('As list_resources names it'),
    table: z.string().max(200).optional().describe('Only tables whose name holds this text'),
  }),
  output: schemaResult,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  unreached: ({ resource }, problem) => ({ resource, tables: [], partial: false, problem }),
  run: async ({ link }, { resource, table }) => {
    const { control } = await link.at(resource);
    const found = await control.own.schema(table === undefined ? {} : { table });
    const tables = found.tables.map(
      ({ name, kind, reading, columns }): Table => ({
        name,
        kind,
        reading,
        columns: columns.map(({ name: column, type, mask }) => ({
          name: column,
          type,
          ...(mask === undefined ? {} : { masked: mask }),
        })),
      }),
    );
    const more = found.partial ? ['There are more; ask for a part of their names.'] : [];
    return {
      structured: { resource, tables, partial: found.partial },
      text: tables.length === 0 ? 'No table has such a name.' : [...tables.map(words), ...more].join('\n'),
    };
  },
});

const readingWords: Readonly<Record<Table['reading'], string>> = {
  allow: '',
  approve: ' (reading it waits for a person)',
  deny: ' (reading all of it is denied)',
};

function words({ name, kind, reading, columns }: Table): string {
  const each = columns.map(
    ({ name: column, type, masked }) =>
      `${column} ${type}${masked === undefined ? '' : ` [masked: ${masked}]`}`,
  );
  return `${kind} ${name}${readingWords[reading]}: ${each.join(', ')}`;
}
