import { RawPostgres, type RawTarget } from '../../clients/raw-postgres.ts';
import type { Attack } from './postgres.ts';

/** Values of columns with a mask, of forbidden tables, and of the server's files. */
export const kept: RegExp = /@example\.com|900-\d\d-\d{4}|4000-0000-|invented-|shared_buffers =/;

/** The shop's tables in one value: any change to what an agent may not change shows. */
export const fingerprint = `SELECT md5(string_agg(t, ',' ORDER BY t)) AS all FROM (
  SELECT 'p' || p::text FROM public.products p UNION ALL SELECT 'c' || c::text FROM public.customers c
  UNION ALL SELECT 'i' || i::text FROM public.order_items i UNION ALL SELECT 's' || s::text FROM public.secrets s
  UNION ALL SELECT 'o' || o::text FROM public.orders o WHERE o.id <= 400) AS rows (t)`;

/** Everything that the server said, as one text; cells in binary read as they are. */
export async function mount(attack: Attack, target: RawTarget): Promise<string> {
  const client = await RawPostgres.connect(target);
  const said: string[] = [];
  for (const step of attack.steps) {
    client.send(...step.send);
    for (let left = step.ready; left > 0; left--) {
      const messages = await client.until('Z');
      said.push(...messages.map((each) => each.body.toString('utf8').replaceAll('\0', '\n')));
      if (messages.at(-1)?.type === 'closed') return said.join('\n');
    }
  }
  await client.end();
  return said.join('\n');
}
