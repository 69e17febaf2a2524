/** A real VS Code on a workspace of the shop, with the gate that the extension itself started before a real PostgreSQL. */
import { connectControl } from '@gatehouse/daemon/control/client.ts';
import { type StatePaths, statePaths } from '@gatehouse/daemon/workspace/state.ts';
import pg from 'pg';
import { type RunningPostgres, startPostgres } from '../servers/postgres.ts';
import { createShop, shopRole } from '../servers/shop.ts';
import { startVscode, type Vscode, type VscodeOptions } from './vscode.ts';

/** Reads pass and e-mail addresses are masked; an update waits for a person; all else is denied. */
export const shopPolicy = `gatehouse: v1
kind: Policy
name: shop
applies: { to: [shop-db] }

rules:
  - name: read-shop
    effect: allow
    sql: { actions: [select], tables: [public.products, public.orders, public.customers] }
  - name: run-a-session
    effect: allow
    sql: { actions: [begin, commit, rollback, show, values, set] }
  - name: changes-need-a-person
    effect: approve
    sql: { actions: [update], tables: [public.orders] }
    approval: { by: ["*"], within: 10m }
    message: A change to orders is seen by a person first.
  - name: no-schema-changes
    effect: deny
    sql: { actions: [create, alter, drop, truncate, grant] }
    message: Schema changes go through a migration.

masks:
  - { columns: [public.customers.email], with: redact }
`;

export const workspaceFile = '.gatehouse/gatehouse.yaml';
export const policyFile = '.gatehouse/policies/shop.policy.yaml';
const passwordVariable = 'SHOP_PASSWORD';

export interface ShopWindowOptions extends Partial<VscodeOptions> {
  /** YAML of the resource's `password`; unless told, a variable that the daemon inherits. */
  readonly password?: string;
  readonly policy?: string;
}

export interface ShopWindow {
  readonly vscode: Vscode;
  readonly server: RunningPostgres;
  /** Where the gate of the folder keeps its state. */
  readonly state: StatePaths;
  /** A client of an agent, connected through the gate. End it. */
  agent(name?: string, task?: string): Promise<pg.Client>;
  stop(): Promise<void>;
}

/** Start all of it; the gate runs when this returns, unless the window is restricted. */
export async function startShopWindow(options: ShopWindowOptions = {}): Promise<ShopWindow> {
  const server = await startPostgres({ database: 'shop' });
  let vscode: Vscode | undefined;
  try {
    await createShop(server);
    vscode = await startVscode({
      ...options,
      files: {
        [workspaceFile]: workspaceText(server.port, options.password ?? `{ env: ${passwordVariable} }`),
        [policyFile]: options.policy ?? shopPolicy,
        ...options.files,
      },
      env: { [passwordVariable]: shopRole.password, ...options.env },
    });
    const { folder, stateRoot, page } = vscode;
    const state = statePaths(folder, { GATEHOUSE_STATE: stateRoot });
    if (options.restricted !== true) await page.locator(gateRuns).waitFor();
    return {
      vscode,
      server,
      state,
      agent: (name = 'claude-code', task = '') => connectAgent(state, name, task),
      stop: async () => {
        await vscode?.stop();
        await server.stop();
      },
    };
  } catch (error) {
    await vscode?.picture('failed');
    await vscode?.stop();
    await server.stop();
    throw error;
  }
}

/** The status bar's item, by what it says to screen readers. */
export const statusItem = '#gatehouse\\.gatehouse\\.gatehouse';
export const gateRuns = `${statusItem} [aria-label*="Gatehouse runs"]`;

async function connectAgent(state: StatePaths, agent: string, task: string): Promise<pg.Client> {
  const control = await connectControl({ state, client: 'test', as: 'launcher' });
  const { host, port, user, token, database } = await control.mintToken({
    resource: 'shop-db',
    agent,
    ttl: 3_600_000,
    ...(task === '' ? {} : { task }),
  });
  control.close();
  const client = new pg.Client({ host, port, user, password: token, database });
  // A gate that goes away is for the test to notice.
  client.on('error', () => {});
  await client.connect();
  return client;
}

function workspaceText(port: number, password: string): string {
  return `gatehouse: v1
kind: Workspace
resources:
  - name: shop-db
    protocol: postgres
    labels: { env: test }
    host: 127.0.0.1
    port: ${port}
    database: shop
    user: ${shopRole.user}
    password: ${password}
    tls: { mode: disable }
records: { durability: written }
`;
}
