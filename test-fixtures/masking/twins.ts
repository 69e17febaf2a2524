import { RawPostgres, type RawTarget } from '../clients/raw-postgres.ts';
import { query } from '../clients/frontend-messages.ts';
import { ddl, policy, rows, type Twin } from '../corpora/masking/schema.ts';
import { type RunningGate, startGate } from '../servers/gate.ts';
import { type RunningPostgres, startPostgres } from '../servers/postgres.ts';

export const twinNames: readonly Twin[] = ['a', 'b'];

export interface Twins {
  readonly server: RunningPostgres;
  readonly gate: RunningGate;
  direct(twin: Twin): Promise<RawPostgres>;
  /** As an agent, through the gate. */
  agent(twin: Twin): Promise<RawPostgres>;
  /** Make both databases anew, where something was left in them. */
  restore(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Two databases with the same OIDs and rows in the same places, which differ in masked values only, behind one gate.
 * @param more lines of the policy behind those of the corpus
 */
export async function startTwins(more = ''): Promise<Twins> {
  const server = await startPostgres({
    settings: { max_connections: '60', fsync: 'off', autovacuum: 'off', jit: 'off' },
  });
  let gate: RunningGate | undefined;
  try {
    const admin = await RawPostgres.connect(server);
    await admin.rows('CREATE DATABASE empty');
    const template = await RawPostgres.connect({ ...server, database: 'empty' });
    await must(template, ddl);
    await template.end();
    const make = async (twin: Twin) => {
      await must(admin, `DROP DATABASE IF EXISTS ${twin} WITH (FORCE)`);
      await must(admin, `CREATE DATABASE ${twin} TEMPLATE empty STRATEGY file_copy`);
      const client = await RawPostgres.connect({ ...server, database: twin });
      await must(client, rows(twin));
      await client.end();
    };
    for (const twin of twinNames) await make(twin);
    const started = await startGate({
      resources: twinNames.map((twin) => ({ name: twin, server, database: twin })),
      policies: { masked: `${policy}${more}` },
      followRecords: false,
    });
    gate = started;
    const direct = (twin: Twin): RawTarget => ({ ...server, database: twin });
    return {
      server,
      gate: started,
      direct: (twin) => RawPostgres.connect(direct(twin)),
      agent: async (twin) => RawPostgres.connect(await started.login(twin)),
      restore: async () => {
        for (const twin of twinNames) await make(twin);
      },
      stop: async () => {
        await admin.end();
        await started.stop();
        await server.stop();
      },
    };
  } catch (error) {
    await gate?.stop();
    await server.stop();
    throw error;
  }
}

async function must(client: RawPostgres, sql: string): Promise<void> {
  await client.rows(sql);
}

/** End what a client has under way, and drop what its session holds if it may have something. */
export async function tidy(client: RawPostgres, holds: boolean): Promise<void> {
  await client.exchange(query('ROLLBACK'));
  if (holds) await client.exchange(query('DISCARD ALL'));
}
