import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { connectControl } from '@gatehouse/daemon/control/client.ts';
import { statePaths } from '@gatehouse/daemon/workspace/state.ts';
import pg from 'pg';
import type { FrameLocator, Locator } from 'playwright-core';
import { type RunningPostgres, startPostgres } from '../servers/postgres.ts';
import { createShop, shopDatabase, shopRole } from '../servers/shop.ts';
import { startVscode, type Vscode } from './vscode.ts';

const policyFile = '.gatehouse/policies/shop.policy.yaml';
const policy = `gatehouse: v1
kind: Policy
name: shop
applies: { to: [shop-db] }

rules:
  - name: read-shop
    effect: allow
    sql: { actions: [select], tables: [public.products, public.orders, public.customers] }
  - name: blind-writes
    effect: deny
    sql: { actions: [update, delete] }
    when: '!request.sql.hasWhere'
    message: Say which rows, with WHERE.
  - name: writes-need-a-person
    effect: approve
    sql: { actions: [update, delete], tables: [public.orders] }
    approval: { by: ["*"], within: 1s }

masks:
  - { columns: [public.customers.email], with: tokenize }
  - { columns: ["*.card_number"], with: redact }
`;

/** The page of a session, among those of other views. */
const frame = 'iframe.webview.ready:not([src*="purpose=webviewView"])';
let server: RunningPostgres;
let vscode: Vscode;
let replay: FrameLocator;
before(async () => {
  server = await startPostgres({ database: shopDatabase });
  await createShop(server);
  const workspace = `gatehouse: v1
kind: Workspace
resources:
  - name: shop-db
    protocol: postgres
    labels: { env: prod }
    host: ${server.host}
    port: ${server.port}
    database: ${shopDatabase}
    user: ${shopRole.user}
    password: { command: [printf, ${shopRole.password}] }
    tls: { mode: disable }
`;
  vscode = await startVscode({
    files: { '.gatehouse/gatehouse.yaml': workspace, [policyFile]: policy },
    settings: { 'editor.minimap.enabled': false, 'git.enabled': false },
  });
  await running();
});
after(async () => {
  await vscode?.picture('last');
  await vscode?.stop();
  await server?.stop();
});

/** The daemon that the extension started answers. */
async function running(): Promise<void> {
  await vscode.page.locator('[id="gatehouse.gatehouse.gatehouse"]').waitFor();
  const { daemon } = paths();
  while (!existsSync(daemon)) await new Promise((resolve) => setTimeout(resolve, 100));
}

function paths() {
  return statePaths(vscode.folder, { GATEHOUSE_STATE: vscode.stateRoot });
}

/** What an agent asks in one session, by a client that nobody here wrote. */
async function session(
  agent: string,
  task: string,
  statements: readonly (readonly [string, ...unknown[]])[],
) {
  const control = await connectControl({ state: paths(), client: 'test', as: 'launcher' });
  const { host, port, user, token, database } = await control.mintToken({
    resource: 'shop-db',
    agent,
    task,
    ttl: 600_000,
  });
  control.close();
  const client = new pg.Client({ host, port, user, password: token, database, application_name: agent });
  // The daemon may end before it.
  client.on('error', () => {});
  await client.connect();
  for (const [text, ...values] of statements)
    await client.query(text, values).catch((error: unknown) => assert.ok(error instanceof Error));
  return client;
}

const tree = (): Locator => vscode.page.locator('.pane', { hasText: 'Sessions' }).locator('.monaco-list-row');
/** A button in the title bar of the view, which shows them while the mouse is there. */
async function titleButton(name: string): Promise<void> {
  const pane = vscode.page.locator('.pane', { hasText: 'Sessions' });
  await pane.locator('.pane-header').hover();
  await pane.locator('.pane-header').getByRole('button', { name }).click();
}
/** Choose what a list of choices offers, by typing its beginning. */
async function choose(text: string): Promise<void> {
  const { page } = vscode;
  await page.locator('.quick-input-widget input.input').fill(text);
  const rows = page.locator('.quick-input-list .monaco-list-row');
  await rows.and(page.locator('.focused')).filter({ hasText: text }).waitFor();
  await page.keyboard.press('Enter');
}
const row = (text: string): Locator => tree().filter({ hasText: text });
const at = (text: string): Locator => replay.locator('.where', { hasText: text });
const summary = (text: string): Locator => replay.locator('.summary', { hasText: text });
const detail = (text: string): Locator => replay.locator('.detail', { hasText: text });
const step = (text: string): Locator => replay.locator('.row', { hasText: text });

test('the tree shows what agents do, as it happens', async () => {
  const { page } = vscode;
  await page.locator('.activitybar .action-label[aria-label*="Gatehouse"]').first().click();
  await page.getByText('No session is recorded yet.').waitFor();
  const first = await session('claude-code', 'Find slow orders', [
    ['SELECT id, name, category, price, stock FROM products ORDER BY id LIMIT 8'],
    ['SELECT id, name, email, card_number, city FROM customers WHERE id <= $1 ORDER BY id', 5],
    ["UPDATE orders SET note = 'checked'"],
    ["UPDATE orders SET note = 'checked' WHERE id = $1", 17],
    ['SELECT status, count(*), sum(total) FROM orders GROUP BY status ORDER BY status'],
    ['SELECT 1/0 FROM orders'],
    ['DROP TABLE orders'],
  ]);
  await row('claude-code').first().waitFor();
  await row('shop-db').filter({ hasText: 'open' }).waitFor();
  const second = await session('codex', '', [['SELECT id, total FROM orders WHERE id < $1', 5]]);
  await row('codex').first().waitFor();
  await second.end();
  await first.end();
  await row('shop-db').filter({ hasText: 'open' }).first().waitFor({ state: 'detached' });
  await row('3 denied').waitFor();
});

test('sessions are grouped as the person likes, and filtered', async () => {
  await titleButton('Group Sessions By…');
  await choose('Day');
  await row('Today').waitFor();
  await row('claude-code on shop-db').waitFor();
  await titleButton('Filter Sessions…');
  await choose('With Denials');
  await row('codex').waitFor({ state: 'detached' });
  await vscode.picture('sessions-filtered');
  await titleButton('Show All Sessions');
  await row('codex').waitFor();
  await titleButton('Group Sessions By…');
  await choose('Agent');
});

test('a session opens, is stepped through by keys and shows what the client saw, masked', async () => {
  const { page } = vscode;
  await row('3 denied').click();
  replay = page.frameLocator(frame).frameLocator('#active-frame');
  await replay.getByRole('heading', { name: 'claude-code on shop-db' }).waitFor();
  await at('Step 1 of 7').waitFor();
  await replay.locator('table tbody tr').nth(7).waitFor();
  await vscode.picture('replay');
  await replay.getByRole('slider', { name: 'Timeline' }).focus();
  await page.keyboard.press('ArrowRight');
  await at('Step 2 of 7').waitFor();
  await detail('public.customers.email').waitFor();
  await replay.locator('table tbody tr').nth(4).waitFor();
  assert.doesNotMatch(await replay.locator('table').innerText(), /@example|\d{4} \d{4}/);
  await vscode.picture('replay-masked');
  await page.keyboard.press('ArrowRight');
  await replay.locator('.detail', { hasText: 'Say which rows, with WHERE.' }).waitFor();
  await page.keyboard.press('ArrowRight');
  await replay.locator('.detail', { hasText: 'nobody answered in time' }).waitFor();
  await vscode.picture('replay-denied');
  await page.keyboard.press('End');
  await at('Step 7 of 7').waitFor();
  await page.keyboard.press('Home');
  await at('Step 1 of 7').waitFor();
});

test('it plays from its beginning to its end, the long pauses shortened', async () => {
  await replay.locator('vscode-single-select').click();
  await replay.getByRole('option', { name: '10×' }).click();
  await replay.getByRole('button', { name: 'Play' }).click();
  await at('Step 7 of 7').waitFor();
  await replay.getByRole('button', { name: 'Play' }).waitFor();
  await step('products').click();
  await at('Step 1 of 7').waitFor();
});

test('a rule is opened at its line', async () => {
  const { page } = vscode;
  await replay.getByRole('link', { name: 'shop/read-shop' }).click();
  await page.locator('.tab', { hasText: 'shop.policy.yaml' }).first().waitFor();
  await page.locator('.line-numbers.active-line-number', { hasText: '7' }).first().waitFor();
});

test('what an unsaved policy would change is marked, while it is typed', async () => {
  const { page } = vscode;
  await replay.getByRole('button', { name: 'Compare with Policy Now' }).click();
  await summary('No decision would change').waitFor();
  await page.locator('.editor-instance .monaco-editor .view-line', { hasText: 'public.customers]' }).click();
  await vscode.cursorBehind('public.products, public.orders');
  await page.keyboard.type('_old');
  await summary('3 decisions would change').waitFor();
  await summary('with unsaved shop.policy.yaml').waitFor();
  await step('GROUP BY').locator('.change', { hasText: 'would be denied' }).waitFor();
  await replay.getByRole('link', { name: '3 decisions would change' }).click();
  await at('Step 4 of 7').waitFor();
  await replay.locator('.again', { hasText: 'By the policy as it is now' }).waitFor();
  await vscode.picture('replay-compared');
  assert.doesNotMatch(readFileSync(path.join(vscode.folder, policyFile), 'utf8'), /_old/);
  await page.locator('.tab', { hasText: 'shop.policy.yaml' }).click();
  await vscode.command('File: Revert File');
  await summary('No decision would change').waitFor();
});

test('it is there again after the window was loaded anew', async () => {
  const { page } = vscode;
  const loaded = page.waitForEvent('load');
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget input.input').fill('>Developer: Reload Window');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Reload Window' }).first().click();
  await loaded;
  await page.locator('.monaco-workbench').waitFor();
  replay = page.frameLocator(frame).frameLocator('#active-frame');
  await replay.getByRole('heading', { name: 'claude-code on shop-db' }).waitFor();
  await at('Step 4 of 7').waitFor();
});

test('a session is written to a file, and a request becomes a test', async () => {
  const { page, folder } = vscode;
  await replay.getByRole('button', { name: 'Export…' }).click();
  await page.locator('.quick-input-widget', { hasText: 'Export Session' }).waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.notification-toast', { hasText: 'The session was exported.' }).waitFor();
  const [file = ''] = globSync('session-*.md', { cwd: folder });
  const told = readFileSync(path.join(folder, file), 'utf8');
  assert.match(told, /^# claude-code on shop-db\n/);
  assert.match(told, /## 3\. Denied\n\n```sql\nUPDATE orders SET note = 'checked'\n```/);
  await replay.getByRole('button', { name: 'Add as a Test' }).click();
  await page.locator('.tab', { hasText: 'shop.test.yaml' }).waitFor();
  assert.match(
    readFileSync(path.join(folder, '.gatehouse/tests/shop.test.yaml'), 'utf8'),
    /UPDATE orders SET note = 'checked' WHERE id = \$1/,
  );
});

test('a session that goes on grows in its page', async () => {
  const client = await session('cursor', 'Count', [['SELECT count(*) FROM products']]);
  await row('shop-db').filter({ hasText: '· open' }).click();
  await replay.getByRole('heading', { name: 'cursor on shop-db' }).waitFor();
  await at('Step 1 of 1').waitFor();
  await client.query('SELECT count(*) FROM customers');
  await at('Step 1 of 2').waitFor();
  await client.end();
  await replay.locator('.facts', { hasText: 'open now' }).waitFor({ state: 'detached' });
});
