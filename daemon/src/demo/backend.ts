import { decodeErrorFields } from '../protocols/postgres/wire/backend-messages.ts';
import { BackendType } from '../protocols/postgres/wire/codes.ts';
import { FrameReader } from '../protocols/postgres/wire/frame-reader.ts';
import { encodeQuery, encodeSync } from '../protocols/postgres/wire/frontend-messages.ts';
import { decodeProbeRow } from '../protocols/postgres/wire/probe-row.ts';
import type { Engine } from './engine.ts';
import { shopUser } from './shop.ts';

/** What a session has made of the backend, to be made again when its turn comes back. */
export interface Kept {
  /** Of SET, by name. */
  readonly settings: readonly (readonly [string, string])[];
  /** Texts of SQL's PREPARE. */
  readonly prepared: readonly string[];
}

/** Parse messages of the protocol, by the name of the statement; '' is the unnamed one. */
export type Parsed = ReadonlyMap<string, Buffer>;

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Ask something of our own, between the turns of sessions. @throws Error when PostgreSQL refuses it */
export async function ask(engine: Engine, sql: string): Promise<readonly (readonly (string | null)[])[]> {
  const rows: (readonly (string | null)[])[] = [];
  for (const { type, buffer, start, end } of frames(await engine.run(encodeQuery(sql)))) {
    if (type === BackendType.DataRow) rows.push(decodeProbeRow(buffer, start, end));
    if (type === BackendType.ErrorResponse)
      throw new Error(decodeErrorFields(buffer, start, end).message ?? 'The database refused a question.');
  }
  return rows;
}

/** Remember what a session between two transactions has set and prepared. */
export async function keep(engine: Engine): Promise<Kept> {
  const settings = await ask(engine, "SELECT name, setting FROM pg_settings WHERE source = 'session'");
  const prepared = await ask(engine, 'SELECT statement FROM pg_prepared_statements WHERE from_sql');
  return {
    settings: settings.map(([name, setting]) => [name ?? '', setting ?? ''] as const),
    prepared: prepared.map(([statement]) => statement ?? ''),
  };
}

/** Clear the backend of the session before, and make it that of another. */
export async function restore(engine: Engine, kept: Kept, parsed: Parsed): Promise<void> {
  await ask(engine, 'DISCARD ALL');
  await ask(engine, `SET SESSION AUTHORIZATION ${shopUser}`);
  // What is refused, or no longer parses, fails where the session uses it; that is its own affair.
  for (const [name, setting] of kept.settings) {
    const set = `SELECT pg_catalog.set_config(${literal(name)}, ${literal(setting)}, false)`;
    await engine.run(encodeQuery(set));
  }
  for (const statement of kept.prepared) await engine.run(encodeQuery(statement));
  for (const parse of parsed.values()) await engine.run(Buffer.concat([parse, encodeSync()]));
}

/** Values of what PostgreSQL tells each client when it logs in. */
export async function reported(engine: Engine): Promise<ReadonlyMap<string, string>> {
  const rows = await ask(
    engine,
    `SELECT name, coalesce(current_setting(name, true), '') FROM unnest(${names}) AS name`,
  );
  return new Map([
    ...rows.map(([name, value]) => [name ?? '', value ?? ''] as const),
    ['session_authorization', shopUser],
  ]);
}

const names = `ARRAY['server_version', 'server_encoding', 'client_encoding', 'application_name', 'default_transaction_read_only',
  'in_hot_standby', 'is_superuser', 'DateStyle', 'IntervalStyle', 'TimeZone', 'integer_datetimes',
  'standard_conforming_strings', 'search_path', 'scram_iterations']`;

interface Frame {
  readonly type: number;
  readonly buffer: Buffer;
  readonly start: number;
  readonly end: number;
}

/** The messages in a whole answer. */
export function frames(answer: Buffer): Frame[] {
  const reader = new FrameReader({ bound: () => Number.MAX_SAFE_INTEGER, streams: () => false });
  reader.push(answer);
  const found: Frame[] = [];
  while (reader.next()) {
    const { type, buffer, start, end } = reader;
    found.push({ type, buffer, start, end });
  }
  return found;
}
