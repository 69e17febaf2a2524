import { samplePolicies } from '../servers/gate.ts';
import { type RunningPostgres, startPostgres } from '../servers/postgres.ts';
import { createShop, shopRole } from '../servers/shop.ts';

/** A shop, and the files of a workspace whose gate leads to it. */
export interface ShopWorkspace {
  readonly server: RunningPostgres;
  readonly files: Readonly<Record<string, string>>;
  /** What VS Code's server needs in its environment, as the password stands in no file. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** @param policies by name; the sample shop's unless given */
export async function startShopWorkspace(
  policies: Readonly<Record<string, string>> = samplePolicies('shop'),
): Promise<ShopWorkspace> {
  const server = await startPostgres();
  await createShop(server);
  const { user, password } = shopRole;
  const workspace = `gatehouse: v1
kind: Workspace
resources:
  - name: shop-db
    protocol: postgres
    host: ${server.host}
    port: ${server.port}
    database: ${server.database}
    user: ${user}
    password: { env: SHOP_PASSWORD }
    tls: { mode: disable }
`;
  const texts = Object.entries(policies).map(([name, text]) => [
    `.gatehouse/policies/${name}.policy.yaml`,
    text,
  ]);
  return {
    server,
    files: { '.gatehouse/gatehouse.yaml': workspace, ...Object.fromEntries(texts) },
    env: { SHOP_PASSWORD: password },
    stop: () => server.stop(),
  };
}
