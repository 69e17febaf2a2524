import { type RunningPostgres, startPostgres } from '../servers/postgres.ts';
import type { PostgresChoice } from '../servers/postgres-binaries.ts';
import { createShop } from '../servers/shop.ts';

/**
 * Two servers with the same shop, down to the OIDs: whatever differs between their answers comes from what stands
 * before one of them. Autovacuum is off, as it would spend transaction ids when it sees fit.
 */
export async function startPair(
  version: PostgresChoice,
): Promise<readonly [RunningPostgres, RunningPostgres]> {
  const start = async () => {
    const server = await startPostgres({ version, database: 'shop', settings: { autovacuum: 'off' } });
    await createShop(server);
    return server;
  };
  return await Promise.all([start(), start()]);
}
