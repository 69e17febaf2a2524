import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { type ShopWindow, startShopWindow, workspaceFile } from './shop-window.ts';

const home = mkdtempSync(path.join(os.tmpdir(), 'gh-home-'));

let shop: ShopWindow;
before(async () => {
  // The gate takes the password from a variable, which is every program's.
  shop = await startShopWindow({
    password: '{ env: SHOP_PASSWORD } # from the shell',
    env: { HOME: home, XDG_CONFIG_HOME: '' },
  });
  await shop.vscode.command('View: Show Gatehouse');
  for (const name of ['Approvals', 'Sessions'])
    await shop.vscode.page.locator('.pane-header', { hasText: name }).first().click();
});
after(async () => {
  await shop?.stop();
  rmSync(home, { recursive: true, force: true });
});

const row = (text: string): Locator =>
  shop.vscode.page
    .locator('.pane', { hasText: 'Agents' })
    .locator('.monaco-list-row', { hasText: text })
    .first();

test('a password that the gate takes from the environment moves into the editor, and is not forgotten where it was', async () => {
  const { page, folder } = shop.vscode;
  await row('$SHOP_PASSWORD').hover();
  await row('$SHOP_PASSWORD').locator('.action-label.codicon-wrench').click();
  const toast = page.locator('.notification-toast', { hasText: 'have the gate ask for that?' });
  await toast.waitFor();
  await shop.vscode.picture('credential-source');
  await toast.locator('.monaco-button', { hasText: 'Keep' }).click();
  await page.locator('.statusbar', { hasText: 'The secret shop-db is set.' }).waitFor();
  assert.match(
    readFileSync(path.join(folder, workspaceFile), 'utf8'),
    /password: \{ stdin: shop-db \} # from the shell\n {4}tls/,
  );
  await row('Steered: 1 direct credential reachable').waitFor();
  await row('$SHOP_PASSWORD').hover();
  await row('$SHOP_PASSWORD').locator('.action-label.codicon-wrench').click();
  await page.locator('.monaco-dialog-box', { hasText: 'comes from where this editor was started' }).waitFor();
  await page.keyboard.press('Escape');
  const client = await shop.agent();
  assert.equal((await client.query('select count(*)::int as n from orders')).rows[0].n, 400);
  await client.end();
});
