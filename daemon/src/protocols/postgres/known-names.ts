import { qualify } from '@gatehouse/policy-schema/model/pattern.ts';
import { TargetFault } from '../../core/faults.ts';
import type { KnownNames, KnownTable } from '../../core/known-names.ts';
import { dialTarget } from './target/dial.ts';
import type { DialOptions, Target } from './target/target-options.ts';
import { decodeErrorFields } from './wire/backend-messages.ts';
import { BackendType } from './wire/codes.ts';
import { FrameReader } from './wire/frame-reader.ts';
import { encodeQuery, encodeTerminate } from './wire/frontend-messages.ts';
import { decodeProbeRow } from './wire/probe-row.ts';

const maxColumns = 50_000;
const maxMessageBytes = 64 * 1024;

/** Relations that rows are read from, in the schemas of users. */
const question = `SELECT n.nspname, c.relname, c.relkind, a.attname, format_type(a.atttypid, a.atttypmod)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
ORDER BY n.nspname, c.relname, a.attnum
LIMIT ${maxColumns + 1}`;

/** No name of a user's stands for one of the catalog's, nothing can be written, and nobody waits for long. */
const settings = new Map([
  ['application_name', 'gatehouse'],
  ['search_path', 'pg_catalog'],
  ['default_transaction_read_only', 'on'],
  ['statement_timeout', '10000'],
]);

/**
 * Ask a server for its tables, views and their columns, on a connection of its own.
 * @throws TargetFault when it cannot be reached, or refuses
 */
export async function knownNames(dial: Omit<DialOptions, 'parameters'>): Promise<KnownNames> {
  const target = await dialTarget({ ...dial, parameters: settings });
  try {
    return tablesOf(await rowsOf(target));
  } finally {
    target.stream.end(encodeTerminate());
    target.stream.destroy();
  }
}

type Row = readonly (string | null)[];

async function rowsOf({ stream, leftover }: Target): Promise<readonly Row[]> {
  const reader = new FrameReader({ bound: () => maxMessageBytes, streams: () => false });
  reader.push(leftover);
  stream.write(encodeQuery(question));
  const rows: Row[] = [];
  for await (const chunk of stream) {
    reader.push(chunk as Buffer);
    while (reader.next()) {
      const { type, buffer, start, end } = reader;
      if (type === BackendType.DataRow) rows.push(decodeProbeRow(buffer, start, end));
      else if (type === BackendType.ReadyForQuery) return rows;
      else if (type === BackendType.ErrorResponse) {
        const message = decodeErrorFields(buffer, start, end).M ?? 'no reason given';
        throw new TargetFault('refused', `The server did not tell its names: ${message}`);
      }
    }
  }
  throw new TargetFault('disconnected', 'The server hung up while it told its names.');
}

function tablesOf(rows: readonly Row[]): KnownNames {
  const tables = new Map<string, KnownTable & { readonly columns: { name: string; type: string }[] }>();
  for (const [schema, relation, kind, column, type] of rows.slice(0, maxColumns)) {
    const name = qualify(schema ?? '', relation ?? '');
    let table = tables.get(name);
    if (table === undefined) {
      table = { name, kind: kind === 'v' || kind === 'm' ? 'view' : 'table', columns: [] };
      tables.set(name, table);
    }
    table.columns.push({ name: qualify(column ?? ''), type: type ?? '' });
  }
  return { tables: [...tables.values()], partial: rows.length > maxColumns };
}
