import { query } from '../clients/frontend-messages.ts';
import type { RawPostgres } from '../clients/raw-postgres.ts';
import type { Attack } from '../corpora/masking/attack.ts';
import type { Outcome } from './outcome.ts';
import type { Path } from './paths.ts';
import { tidy } from './twins.ts';

/** Whether the attack has transactions of its own; the others run in one that is rolled back. */
function ownTransaction({ steps }: Attack): boolean {
  return steps.some((step) => /^(BEGIN|COMMIT|ROLLBACK)\b/.test(step));
}

/** Send an attack by one path, and leave the session and the database as they were. */
export async function mount(attack: Attack, path: Path, client: RawPostgres): Promise<Outcome> {
  const wrapped = !attack.isQuery && !ownTransaction(attack);
  if (wrapped) await client.exchange(query('BEGIN'));
  try {
    return await path.run(client, attack.steps);
  } finally {
    await tidy(client, !attack.isQuery);
  }
}

export function nameOf(attack: Attack): string {
  return `${attack.family}: ${attack.steps.join('; ')}`;
}
