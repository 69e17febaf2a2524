import { type GateOptions, type RunningGate, samplePolicies, startGate } from '../servers/gate.ts';
import { type PostgresOptions, type RunningPostgres, startPostgres } from '../servers/postgres.ts';
import { createShop, shopRole } from '../servers/shop.ts';

/** What the tests ask of the shop beyond the sample policies. */
export const furtherPolicy = `gatehouse: v1
kind: Policy
name: tests
applies: { to: [shop-db] }
rules:
  - name: signals
    effect: allow
    sql: { actions: [listen, notify, unlisten] }
  - name: sleep
    effect: allow
    sql: { actions: [call], functions: [pg_catalog.pg_sleep] }
  - name: connection-settings
    effect: allow
    sql: { actions: [set] }
  - name: short-approvals
    effect: approve
    sql: { actions: [update], tables: [public.customers] }
    message: Held for a moment only.
    approval: { by: ["*"], within: 1s }
`;

export interface ShopGate {
  readonly server: RunningPostgres;
  readonly gate: RunningGate;
  stop(): Promise<void>;
}

/** The shop behind a gate with the sample policies, as resource `shop-db`. */
export async function startShopGate(
  postgres: PostgresOptions = {},
  gateOptions: Partial<GateOptions> = {},
): Promise<ShopGate> {
  const server = await startPostgres({ database: 'shop', ...postgres });
  try {
    await createShop(server);
    const gate = await startGate({
      resources: [{ name: 'shop-db', server, ...shopRole }],
      policies: { ...samplePolicies('shop'), tests: furtherPolicy },
      ...gateOptions,
    });
    const stop = async () => {
      await gate.stop();
      await server.stop();
    };
    return { server, gate, stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
