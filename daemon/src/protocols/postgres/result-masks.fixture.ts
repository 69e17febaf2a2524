import type { AppliedMask } from '@gatehouse/policy-schema/evaluate/decision.ts';
import { AnalysisCache } from '@gatehouse/policy-schema/vocabulary/sql/postgres/analysis-cache.ts';
import { loadSqlParser } from '@gatehouse/policy-schema/vocabulary/sql/postgres/analyze.ts';
import { Catalog } from './catalog.ts';
import { ResultMasks } from './result-masks.ts';
import type { QueryResult } from './result-views.ts';
import { SessionState } from './session-state.ts';
import { StatementReader } from './statement-reader.ts';
import { decodeDataRow, decodeRowDescription } from './wire/backend-messages.ts';

/** Masked columns, and every way around them. */
export const schema = `
  CREATE TABLE people (id int PRIMARY KEY, name text, email text, salary int, city text);
  INSERT INTO people SELECT i, 'CLEAN ' || i, 'SECRET-' || i, 987654321, 'CLEAN' FROM generate_series(1, 3) AS i;
  CREATE TABLE ids (id int PRIMARY KEY, note text);
  INSERT INTO ids SELECT i, 'CLEAN' FROM generate_series(1, 3) AS i;
  CREATE TABLE same_names (people text, note text);
  INSERT INTO same_names VALUES ('CLEAN', 'CLEAN');
  CREATE SEQUENCE numbers;

  CREATE VIEW contacts AS SELECT id, email AS addr, name FROM people;
  CREATE VIEW contacts_again AS SELECT addr AS a2, id FROM contacts;
  CREATE VIEW names AS SELECT id, name FROM people;
  CREATE MATERIALIZED VIEW kept AS SELECT id, email AS addr FROM people;
  CREATE VIEW either_one AS SELECT name FROM people UNION ALL SELECT email FROM people;
  CREATE VIEW joined AS SELECT email AS u FROM people p JOIN people q USING (email);
  CREATE VIEW row_json AS SELECT to_jsonb(p) AS j, id FROM people p;
  CREATE VIEW row_typed AS SELECT p FROM people p;
  CREATE VIEW row_of_subquery AS SELECT to_jsonb(x) AS j FROM (SELECT * FROM people) x;
  CREATE VIEW row_of_cte AS WITH w AS (SELECT * FROM people) SELECT row_to_json(w) AS j FROM w;

  CREATE FUNCTION email_of(i int) RETURNS text LANGUAGE plpgsql STABLE
    AS 'BEGIN RETURN (SELECT email FROM public.people WHERE people.id = i); END';
  CREATE FUNCTION email_at(i int, int) RETURNS text LANGUAGE sql STABLE
    AS 'SELECT email FROM public.people WHERE people.id = i';
  CREATE FUNCTION everyone() RETURNS SETOF people LANGUAGE sql STABLE AS 'SELECT * FROM public.people';
  CREATE FUNCTION describe(p people) RETURNS text LANGUAGE sql STABLE AS 'SELECT p.email';
  CREATE OPERATOR @@@ (LEFTARG = int, RIGHTARG = int, FUNCTION = email_at);
  CREATE VIEW by_function AS SELECT id, email_of(id) AS e FROM ids;
  CREATE VIEW by_row_function AS SELECT * FROM everyone();
  CREATE VIEW by_attribute AS SELECT p.describe AS d FROM people p;
  CREATE VIEW by_operator AS SELECT id @@@ 1 AS o FROM ids;
  CREATE VIEW by_query_text AS
    SELECT query_to_xml('SELECT email FROM public.people', true, false, '')::text AS x FROM ids;
  CREATE VIEW by_statistics AS SELECT most_common_vals::text AS v FROM pg_stats WHERE tablename = 'people';
  CREATE VIEW by_statistics_table AS SELECT stavalues1::text AS v FROM pg_statistic;

  CREATE TABLE made (id int, email text, shout text GENERATED ALWAYS AS (upper(email)) STORED, plain text);
  INSERT INTO made VALUES (1, 'secret-made', DEFAULT, 'CLEAN');
  CREATE TYPE wrap AS (n int, within people[]);
  CREATE DOMAIN person AS people;
  CREATE TABLE nested (id int, who people, w wrap, d person, plain text);
  INSERT INTO nested SELECT 1, p, ROW(1, ARRAY[p])::wrap, p, 'CLEAN' FROM people p WHERE id = 1;

  CREATE TABLE parts (id int, hidden text, plain text) PARTITION BY LIST (id);
  CREATE TABLE parts_a PARTITION OF parts FOR VALUES IN (1);
  CREATE TABLE parts_b PARTITION OF parts FOR VALUES IN (2);
  INSERT INTO parts VALUES (1, 'SECRET-part', 'CLEAN'), (2, 'SECRET-part', 'CLEAN');
  CREATE TABLE base (id int, plain text, email text);
  CREATE TABLE kid (extra text) INHERITS (base);
  INSERT INTO kid VALUES (1, 'CLEAN', 'SECRET-kid', 'CLEAN');

  CREATE TABLE ruled (id int, note text);
  CREATE RULE giveaway AS ON INSERT TO ruled DO INSTEAD SELECT upper(email) AS u FROM people;
  CREATE TABLE ruled_by_code (id int, note text);
  CREATE RULE giveaway AS ON INSERT TO ruled_by_code DO INSTEAD SELECT email_of(1) AS u;

  CREATE TABLE big (id int, email text);
  ALTER TABLE big ALTER email SET STORAGE EXTERNAL;
  INSERT INTO big SELECT 1, repeat('SECRET', 2000);
  DO $$ BEGIN EXECUTE 'CREATE VIEW toasted AS SELECT chunk_data FROM '
    || (SELECT reltoastrelid::regclass FROM pg_class WHERE relname = 'big'); END $$;
  INSERT INTO people SELECT i, 'CLEAN', 'SECRET-often', i, 'CLEAN' FROM generate_series(10, 30) AS i;
  ANALYZE;
`;

const masks: readonly AppliedMask[] = [
  { columns: ['*.email', '*.salary'], with: 'redact' },
  { columns: ['public.parts_a.hidden'], with: 'null' },
].map((mask) => ({
  ...(mask as Pick<AppliedMask, 'columns' | 'with'>),
  policy: 'p',
  location: { file: 'p', line: 1, column: 1 },
}));

/** A message of the server: its type as a character, and the bytes after the length word. */
interface Message {
  readonly type: string;
  readonly body: Buffer;
}

export interface Told {
  /** What the server said, as text. */
  readonly direct: string;
  /** What is left of it. */
  readonly masked: string;
}

/** A session on a server with that schema. */
export class MaskedSession {
  /** Sends a simple query and returns what came up to ReadyForQuery. */
  readonly #exchange: (sql: string) => Promise<readonly Message[]>;
  readonly #catalog = new Catalog();
  readonly #analyses = new AnalysisCache();

  constructor(exchange: (sql: string) => Promise<readonly Message[]>) {
    this.#exchange = exchange;
  }

  async #rows(sql: string): Promise<(string | null)[][]> {
    const rows = (await this.#exchange(sql)).filter(({ type }) => type === 'D').map(bytesOf);
    return rows.map((row) => decodeDataRow(row).map((value) => (value === null ? null : value.toString())));
  }

  /** Run texts one after the other in a transaction, and undo them. A text that is refused shows nothing. */
  async tell(...texts: readonly string[]): Promise<Told> {
    await loadSqlParser();
    const state = new SessionState('');
    const reader = new StatementReader({
      catalog: this.#catalog,
      analyses: this.#analyses,
      state,
      maxStatementBytes: 100_000,
      probe: (sql) => this.#rows(sql),
    });
    const results = new ResultMasks(reader, state, Buffer.alloc(32));
    const told = { direct: '', masked: '' };
    await this.#exchange('BEGIN');
    state.transactionStatus = 'T';
    let refused = false;
    for (const text of texts) {
      const reading = await reader.read(text, { canProbe: true });
      // What comes after a refused text finds nothing of it, and so shows nothing that it would have.
      refused ||= (await results.refusal(reading, masks, { canProbe: true })) !== undefined;
      const result = refused ? undefined : results.forQuery(results.verdict(reading, masks));
      let index = 0;
      for (const message of await this.#exchange(text)) {
        const direct = bytesOf(message);
        if (message.type === 'T') result?.learn(decodeRowDescription(direct), index);
        if (message.type === 'C') reader.completed(reading, index++, undefined);
        if (message.type !== 'D' && message.type !== 'd') continue;
        told.direct += readable(direct);
        if (result !== undefined)
          told.masked += readable(message.type === 'D' ? rewritten(result, direct) : direct);
      }
    }
    await this.#exchange('ROLLBACK');
    this.#catalog.invalidate();
    return told;
  }
}

function bytesOf({ type, body }: Message): Buffer {
  const header = Buffer.alloc(5);
  header.write(type, 'latin1');
  header.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([header, body]);
}

function rewritten(result: QueryResult, row: Buffer): Buffer {
  if (result.rewriter === undefined) return row;
  const { buffer, start, end } = result.rewriter.mask(row, 0, row.length);
  return buffer.subarray(start, end);
}

/** Bytes in hexadecimal are shown as what they are. */
function readable(message: Buffer): string {
  const text = message.toString('latin1');
  return text.includes('\\x') ? text + Buffer.from(text.slice(text.indexOf('\\x') + 2), 'hex') : text;
}
