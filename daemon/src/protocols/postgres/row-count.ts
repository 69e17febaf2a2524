import type { StatementFacts } from '@gatehouse/policy-schema/vocabulary/sql/postgres/analysis.ts';
import { quotedName } from '@gatehouse/policy-schema/vocabulary/sql/postgres/plan-questions.ts';
import type { RowCount } from '../../core/passage.ts';
import { type BoundText, type ProbeAnswer, unbound } from './probe.ts';
import { ProbeRefused } from './probe-refused.ts';
import type { Reading } from './reading.ts';

export type AskBound = (question: BoundText, keepRows?: boolean) => Promise<ProbeAnswer>;

/** Nobody waits longer for a number. */
const bounds =
  "pg_catalog.set_config('lock_timeout', '1s', true), pg_catalog.set_config('statement_timeout', '10s', true)";

const savepoint = '"gatehouse: a count that is undone"';

/**
 * Count the rows that an UPDATE or DELETE would change: run it in a transaction, or behind a savepoint of the client's,
 * and roll it back. Only where nothing of it can act outside of the transaction: no functions of users in the text, no
 * triggers, rules or foreign tables on what it writes, however far it cascades. The server must be idle.
 * @throws ProtocolFault when the connection to the server ends
 */
export async function countRows(
  reading: Reading,
  text: BoundText,
  options: {
    readonly ask: AskBound;
    readonly inTransaction: boolean;
    readonly end: (reason: string) => void;
  },
): Promise<RowCount> {
  const [statement] = reading.statements;
  const isWrite = statement?.node === 'UpdateStmt' || statement?.node === 'DeleteStmt';
  if (statement === undefined || !isWrite || reading.statements.length > 1)
    return { kind: 'uncounted', why: 'it is no single UPDATE or DELETE' };
  const called = reading.request.actions.find((action) => action.kind === 'call');
  if (called !== undefined)
    return {
      kind: 'uncounted',
      why: `it calls ${String(called.facts.function)}, which may act outside of it`,
    };
  try {
    const acts = (await options.ask(unbound(actsText(statement)))).rows[0]?.[0];
    if (acts !== undefined) return { kind: 'uncounted', why: `${acts} may act outside of it` };
    return await undone(text, options);
  } catch (error) {
    if (!(error instanceof ProbeRefused)) throw error;
    return { kind: 'uncounted', why: whyNot(error.code) };
  }
}

async function undone(
  text: BoundText,
  { ask, inTransaction, end }: Parameters<typeof countRows>[2],
): Promise<RowCount> {
  await ask(unbound(inTransaction ? `SAVEPOINT ${savepoint}` : 'BEGIN'));
  const counted = await counting(text, ask).catch((error: unknown) => ({ error }));
  try {
    await ask(unbound(inTransaction ? `ROLLBACK TO SAVEPOINT ${savepoint}` : 'ROLLBACK'));
    if (inTransaction) await ask(unbound(`RELEASE SAVEPOINT ${savepoint}`));
  } catch (error) {
    // What was only to be counted must not be committed by whatever comes next.
    end('a count could not be rolled back');
    throw error;
  }
  if ('error' in counted) throw counted.error;
  return counted;
}

async function counting(text: BoundText, ask: AskBound): Promise<RowCount> {
  await ask(unbound(`SELECT ${bounds}`));
  const { tag } = await ask(text, false);
  const rows = /^(?:UPDATE|DELETE) ([0-9]+)$/.exec(tag)?.[1];
  return rows === undefined
    ? { kind: 'uncounted', why: `the server answered ${tag}` }
    : { kind: 'counted', rows: Number(rows) };
}

/** Never the server's words, which may quote values. */
function whyNot(code: string): string {
  switch (code) {
    case '55P03':
      return 'another session holds what it would change';
    case '57014':
      return 'it took longer than 10 s, or was cancelled';
    default:
      return `the server refused it (${code})`;
  }
}

/** What may act when the statement runs: a trigger or rule on a table that it writes, or a table that lies elsewhere. */
function actsText({ actions }: StatementFacts): string {
  const written = actions.flatMap((action) =>
    action.of === 'relation' && writes.has(action.kind) ? [quotedName(action.relation)] : [],
  );
  const names = written.map((name) => `'${name.replaceAll("'", "''")}'`).join(', ');
  const equal = 'OPERATOR(pg_catalog.=)';
  const cascades = `ANY (ARRAY['c', 'n', 'd']::pg_catalog."char"[])`;
  return `WITH RECURSIVE written(oid) AS (
    SELECT name::pg_catalog.regclass::pg_catalog.oid FROM pg_catalog.unnest(ARRAY[${names}]::pg_catalog.text[]) AS name
    UNION SELECT further.oid FROM written, LATERAL (
      SELECT i.inhrelid FROM pg_catalog.pg_inherits AS i WHERE i.inhparent ${equal} written.oid
      UNION ALL SELECT c.conrelid FROM pg_catalog.pg_constraint AS c WHERE c.confrelid ${equal} written.oid
        AND c.contype ${equal} 'f' AND (c.confdeltype ${equal} ${cascades} OR c.confupdtype ${equal} ${cascades})
    ) AS further(oid))
  SELECT pg_catalog.concat('the trigger ', t.tgname, ' on ', t.tgrelid::pg_catalog.regclass)
    FROM pg_catalog.pg_trigger AS t, written WHERE t.tgrelid ${equal} written.oid AND NOT t.tgisinternal
    AND NOT t.tgenabled ${equal} 'D'
  UNION ALL SELECT pg_catalog.concat('the rule ', r.rulename, ' on ', r.ev_class::pg_catalog.regclass)
    FROM pg_catalog.pg_rewrite AS r, written WHERE r.ev_class ${equal} written.oid
    AND NOT r.rulename ${equal} '_RETURN'
  UNION ALL SELECT pg_catalog.concat('the foreign table ', k.oid::pg_catalog.regclass)
    FROM pg_catalog.pg_class AS k, written WHERE k.oid ${equal} written.oid AND k.relkind ${equal} 'f'
  ORDER BY 1 LIMIT 1`;
}

const writes: ReadonlySet<string> = new Set(['insert', 'update', 'delete']);
