import { hash } from 'node:crypto';
import type { Awaitable } from '../../core/awaitable.ts';
import type { Undecidable } from '@gatehouse/policy-schema/vocabulary/vocabulary.ts';
import { unknownInBatch } from './reading.ts';
import type { SessionState } from './session-state.ts';

type Rows = readonly (readonly (string | null)[])[];

const question = `SELECT s.name, s.from_sql::pg_catalog.text,
  pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(s.statement, 'UTF8')), 'hex')
  FROM pg_catalog.pg_prepared_statements AS s WHERE s.name OPERATOR(pg_catalog.=) ANY (ARRAY[NAMES]::pg_catalog.text[])`;

/**
 * Code inside the database can deallocate a prepared statement and prepare another one under its name. After any was
 * run, a name is held against what the server has under it before it is believed again.
 */
export class PreparedCheck {
  readonly #state: SessionState;
  readonly #probe: (sql: string) => Promise<Rows>;

  constructor(state: SessionState, probe: (sql: string) => Promise<Rows>) {
    this.#state = state;
    this.#probe = probe;
  }

  /** Forget those of `names` that mean something else by now. What comes back says why that cannot be told. */
  settle(names: readonly string[], canProbe: boolean): Awaitable<Undecidable | undefined> {
    const { statements, codeRuns, transactionStatus } = this.#state;
    if (codeRuns === 0 || names.length === 0) return undefined;
    const doubtful = new Set<string>();
    for (const name of names) {
      const prepared = name === '' ? undefined : statements.get(name);
      if (prepared === undefined) continue;
      if (prepared.sureUntil !== codeRuns) doubtful.add(name);
    }
    // In a failed transaction nothing is run but its end, whatever the name stands for.
    if (doubtful.size === 0 || transactionStatus === 'E') return undefined;
    return canProbe ? this.#ask(doubtful) : unknownInBatch;
  }

  async #ask(doubtful: ReadonlySet<string>): Promise<undefined> {
    const { statements, codeRuns } = this.#state;
    const list = [...doubtful].map((name) => `'${name.replaceAll("'", "''")}'`).join(', ');
    const told = new Map(
      (await this.#probe(question.replace('NAMES', () => list))).map(([name, fromSql, digest]) => [
        name,
        `${fromSql} ${digest}`,
      ]),
    );
    for (const name of doubtful) {
      const prepared = statements.get(name);
      if (prepared === undefined) continue;
      const { bySql, text, sent } = prepared;
      const expected = `${bySql === undefined ? 'false' : 'true'} ${hash('sha256', sent?.text ?? text)}`;
      if (told.get(name) === expected && bySql?.alone !== false) prepared.sureUntil = codeRuns;
      else this.#state.closed('S', name);
    }
    return undefined;
  }
}
