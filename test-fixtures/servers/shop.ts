import { shopDatabase, shopGrants, shopRows, shopTables, shopUser } from '@gatehouse/daemon/demo/shop.ts';
import type { RunningPostgres } from './postgres.ts';

export { shopDatabase };

/** As Gatehouse logs in. */
export const shopRole = { user: shopUser, password: 'shop-app-password' } as const;

/** Row counts that tests may rely on. */
export const shopCounts = {
  products: 40,
  customers: 60,
  orders: 400,
  order_items: 1000,
  secrets: 3,
} as const;

/** Lay the shop down in the server's database, and make the role `shop_app` that may use all of it. */
export async function createShop(server: RunningPostgres): Promise<void> {
  await server.sql(shopTables + shopRows);
  await server.sql(`CREATE ROLE ${shopRole.user} LOGIN PASSWORD '${shopRole.password}'; ${shopGrants}`);
}
