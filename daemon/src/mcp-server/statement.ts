import { connect } from 'node:net';
import type pg from 'pg';
import type { TokenResult } from '../control/messages.ts';
import { type HeldStatement, heldStatement } from './held-notice.ts';
import { type Bounds, type Column, uniqueNames, fieldValue } from './result-values.ts';

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
  /** `read`: within a READ ONLY transaction that is rolled back. */
  readonly mode: 'read' | 'any';
  readonly bounds: Bounds;
  /** How long it may take, in milliseconds; the wait for a person comes on top. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onHeld: (held: HeldStatement) => void;
}

/** An error in the words of who refused: the gate, or the database behind it. */
export interface Refusal {
  readonly sqlstate: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
  /** In the statement, from 1. */
  readonly position?: number;
}

export type Outcome =
  | {
      readonly kind: 'completed';
      /** `SELECT`, `UPDATE` …; absent where it was cut before its end. */
      readonly command?: string;
      /** Rows that the statement wrote, or that are here. */
      readonly rowCount: number;
      readonly columns: readonly Column[];
      readonly rows: readonly Readonly<Record<string, unknown>>[];
      readonly truncated: boolean;
      readonly cutValues: number;
      /** What the database said beside. */
      readonly notices: readonly string[];
    }
  | { readonly kind: 'denied' | 'failed'; readonly refusal: Refusal }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'late' }
  | { readonly kind: 'lost'; readonly message: string };

const connectMs = 15_000;
const mostNotices = 20;

/** Run one statement through the gate, on a connection of its own. Never rejects. */
export async function runStatement(token: TokenResult, statement: Statement): Promise<Outcome> {
  const { default: driver } = await import('pg');
  const { host, port, user, database, token: password } = token;
  const client = new driver.Client({
    ...{ host, port, user, database, password, ssl: false },
    application_name: 'gatehouse mcp',
    connectionTimeoutMillis: connectMs,
  });
  let lost: Error | undefined;
  client.on('error', (error) => {
    lost = error;
  });
  const watch = new Watch(client, port, statement);
  try {
    if (statement.signal.aborted) return { kind: 'cancelled' };
    await client.connect();
    watch.begin();
    if (statement.mode === 'read') await client.query('BEGIN READ ONLY');
    const outcome = await collect(driver, client, statement);
    return outcome;
  } catch (error) {
    return watch.ended() ?? outcomeOf(error, lost);
  } finally {
    watch.close();
    // Whatever transaction is open ends with the connection.
    await client.end().catch(() => {});
  }
}

function outcomeOf(error: unknown, lost: Error | undefined): Outcome {
  if (!(error instanceof Error)) return { kind: 'lost', message: String(error) };
  const { code, detail, hint, position, severity } = error as pg.DatabaseError;
  if (lost !== undefined || severity === undefined || severity === 'FATAL' || code === undefined)
    return { kind: 'lost', message: (severity === 'FATAL' ? error : (lost ?? error)).message };
  const refusal: Refusal = {
    sqlstate: code,
    message: error.message,
    ...(detail === undefined ? {} : { detail }),
    ...(hint === undefined ? {} : { hint }),
    ...(position === undefined ? {} : { position: Number(position) }),
  };
  return { kind: error.message.startsWith('Gatehouse') ? 'denied' : 'failed', refusal };
}

/** Cancels a statement when its caller gives up, or when it takes too long. */
class Watch {
  readonly #client: pg.Client;
  readonly #port: number;
  readonly #statement: Statement;
  #timer: NodeJS.Timeout | undefined;
  #end: 'cancelled' | 'late' | undefined;

  constructor(client: pg.Client, port: number, statement: Statement) {
    this.#client = client;
    this.#port = port;
    this.#statement = statement;
  }

  begin(): void {
    const { signal, timeoutMs, onHeld } = this.#statement;
    signal.addEventListener('abort', this.#give);
    if (signal.aborted) this.#give();
    this.#arm(timeoutMs);
    this.#client.on('notice', (notice) => {
      const held = heldStatement(notice);
      if (held === undefined) return;
      // The person's time is not the statement's.
      this.#arm(Math.max(0, held.expires.getTime() - Date.now()) + timeoutMs);
      onHeld(held);
    });
  }

  /** How it ended, where that was not by itself. */
  ended(): Outcome | undefined {
    return this.#end === undefined ? undefined : { kind: this.#end };
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#statement.signal.removeEventListener('abort', this.#give);
  }

  readonly #give = (): void => this.#stop('cancelled');

  #arm(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#stop('late'), Math.min(ms, 0x7fffffff));
  }

  #stop(end: 'cancelled' | 'late'): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    clearTimeout(this.#timer);
    cancelUpstream(this.#client, this.#port);
    // A gate that does not answer must not keep the caller.
    this.#timer = setTimeout(() => void this.#client.end().catch(() => {}), 3000);
  }
}

/** CancelRequest, on a connection of its own (PostgreSQL, "Frontend/Backend Protocol", "Canceling Requests in Progress"). */
function cancelUpstream(client: pg.Client, port: number): void {
  const { processID, secretKey } = client as pg.Client & { processID?: number; secretKey?: number };
  if (typeof processID !== 'number' || typeof secretKey !== 'number') return;
  const message = Buffer.alloc(16);
  message.writeInt32BE(16, 0);
  message.writeInt32BE(80877102, 4);
  message.writeInt32BE(processID, 8);
  message.writeInt32BE(secretKey, 12);
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => socket.destroy());
  socket.end(message);
}

type Driver = typeof pg;

interface Field {
  readonly name: string;
  readonly dataTypeID: number;
}

/** What pg calls on a query as messages come. */
interface PortalConnection {
  sync(): void;
}

function collect(driver: Driver, client: pg.Client, statement: Statement): Promise<Outcome> {
  const { text, values, bounds } = statement;
  const notices: string[] = [];
  client.on('notice', (notice) => {
    if (heldStatement(notice) !== undefined || notices.length >= mostNotices) return;
    notices.push(`${notice.severity ?? 'NOTICE'}: ${notice.message ?? ''}`.slice(0, 1000));
  });
  let suspended = false;
  /** pg would ask for more rows; this asks for no more than are shown, so that no budget pays for the rest. */
  class BoundedQuery extends driver.Query<(string | null)[]> {
    handlePortalSuspended(connection: PortalConnection): void {
      suspended = true;
      connection.sync();
    }
  }
  const asText = { getTypeParser: () => (field: string) => field };
  const config = { text, values: [...values], rows: bounds.rows + 1, rowMode: 'array', types: asText };
  return new Promise((resolve, reject) => {
    const query = new BoundedQuery(config as unknown as string);
    const kept: (string | null)[][] = [];
    let characters = 0;
    let full = false;
    query.on('row', (row) => {
      if (full) return;
      const size = row.reduce((sum, each) => sum + Math.min(each?.length ?? 0, bounds.perValue), 0);
      full = kept.length >= bounds.rows || characters + size > bounds.characters;
      if (full) return;
      characters += size;
      kept.push(row);
    });
    query.on('error', reject);
    query.on('end', (result) => {
      const fields: readonly Field[] = result.fields ?? [];
      const names = uniqueNames(fields.map(({ name }) => name));
      let cutValues = 0;
      const rows = kept.map((row) =>
        Object.fromEntries(
          row.map((each, index) => {
            const { value, cut } = fieldValue(fields[index]?.dataTypeID ?? 0, each, bounds.perValue);
            if (cut > 0) cutValues++;
            return [names[index] ?? String(index), value];
          }),
        ),
      );
      resolve({
        kind: 'completed',
        ...(result.command ? { command: result.command } : {}),
        rowCount: result.rowCount ?? rows.length,
        columns: fields.map(({ dataTypeID }, index) => ({
          name: names[index] ?? '',
          type: typeName(driver, dataTypeID),
        })),
        rows,
        truncated: suspended || full,
        cutValues,
        notices,
      });
    });
    client.query(query);
  });
}

const typeNames = new Map<number, string>();

function typeName(driver: Driver, oid: number): string {
  if (typeNames.size === 0)
    for (const [name, id] of Object.entries(driver.types.builtins))
      typeNames.set(Number(id), name.toLowerCase());
  return typeNames.get(oid) ?? `oid ${oid}`;
}
