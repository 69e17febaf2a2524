import pg from 'pg';
import type { TokenResult } from '../control/messages.ts';

/** What an agent saw of one statement. */
export type Seen =
  | {
      readonly kind: 'rows';
      readonly columns: readonly string[];
      readonly rows: readonly (readonly (string | null)[])[];
    }
  /** As PostgreSQL names what it did: `UPDATE 1`. */
  | { readonly kind: 'done'; readonly tag: string }
  | {
      readonly kind: 'error';
      readonly code: string;
      readonly message: string;
      readonly detail?: string;
      readonly hint?: string;
    };

/** An ordinary PostgreSQL client, which has a token and no password; it logs in when it first has something to ask. */
export class DemoAgent {
  readonly #token: () => Promise<TokenResult>;
  #client: Promise<pg.Client> | undefined;

  /** @param token a fresh one, with the place to connect to */
  constructor(token: () => Promise<TokenResult>) {
    this.#token = token;
  }

  /** Try a statement. @throws Error when the gate cannot be reached */
  async run(sql: string): Promise<Seen> {
    this.#client ??= this.#connect();
    const client = await this.#client;
    try {
      const result = await client.query<(string | null)[]>({ text: sql, rowMode: 'array' });
      if (result.fields.length === 0)
        return {
          kind: 'done',
          tag: [result.command, result.rowCount].filter((part) => part !== null).join(' '),
        };
      return { kind: 'rows', columns: result.fields.map(({ name }) => name), rows: result.rows };
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) {
        this.#client = undefined;
        throw error;
      }
      const { code = '', message, detail, hint } = error;
      return { kind: 'error', code, message, ...(detail && { detail }), ...(hint && { hint }) };
    }
  }

  async end(): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    await client?.end().catch(() => {});
  }

  async #connect(): Promise<pg.Client> {
    try {
      const { host, port, user, token, database } = await this.#token();
      const client = new pg.Client({
        host,
        port,
        user,
        password: token,
        database,
        ssl: false,
        application_name: 'demo',
        // Every value as PostgreSQL writes it.
        types: { getTypeParser: () => (value: string) => value },
      });
      // A daemon that ends takes its sessions along; the next statement begins another one.
      client.on('error', () => {
        this.#client = undefined;
      });
      await client.connect();
      return client;
    } catch (error) {
      this.#client = undefined;
      throw error;
    }
  }
}
