/**
 * The unattended agent: an ordinary `pg` client in a process of its own, which knows nothing of Gatehouse but what
 * `PGHOST`, `PGPORT`, `PGUSER`, `PGPASSWORD` and `PGDATABASE` say. It is told which statement to try, and tells what it
 * saw.
 */
import pg from 'pg';
import { type Seen, story } from './story.ts';

const client = new pg.Client();
await client.connect();
client.on('notice', (notice) => process.send?.({ notice: notice.message }));
client.on('error', () => process.exit(1));

let token = '';

process.on('message', async (message: { readonly step: number }) => {
  const step = story[message.step];
  if (step === undefined) return;
  const seen = await attempt(step.sql.replace('{token}', token));
  if (seen.kind === 'rows') token ||= seen.rows.flat().find((cell) => cell?.startsWith('tok_')) ?? '';
  process.send?.({ seen });
});
process.on('disconnect', () => process.exit());
process.send?.({ ready: true });

async function attempt(sql: string): Promise<Seen> {
  try {
    const result = await client.query<(string | null)[]>({ text: sql, rowMode: 'array' });
    if (result.fields.length === 0)
      return { kind: 'done', tag: `${result.command} ${result.rowCount ?? ''}`.trim() };
    const rows = result.rows.map((row) => row.map((cell) => (cell === null ? null : String(cell))));
    return { kind: 'rows', columns: result.fields.map((field) => field.name), rows };
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    const { code = '', message, detail, hint } = error;
    return { kind: 'error', code, message, ...(detail && { detail }), ...(hint && { hint }) };
  }
}
