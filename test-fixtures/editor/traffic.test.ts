import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { policyFile, type ShopWindow, startShopWindow } from './shop-window.ts';

let shop: ShopWindow;
let editor: Locator;

before(async () => {
  shop = await startShopWindow({
    settings: { 'editor.minimap.enabled': false, 'editor.fontSize': 13, 'git.enabled': false },
  });
  const agent = await shop.agent('claude-code', 'Tidy the orders');
  const ask = (text: string) =>
    agent.query(text).catch((error: unknown) => assert.ok(error instanceof Error));
  for (const id of [1, 2, 3]) await ask(`SELECT name FROM products WHERE id = ${id}`);
  for (const id of [4, 5]) await ask(`DELETE FROM orders WHERE id = ${id}`);
  await agent.end();
  editor = await shop.vscode.open(policyFile.split('/').at(-1) ?? '');
});
after(async () => {
  await shop?.vscode.picture('traffic-last');
  await shop?.stop();
});

const lineWith = (text: string): Locator => editor.locator('.view-line', { hasText: text }).first();

test('each rule says what it would do to the record, by the text as it stands', async () => {
  const { vscode } = shop;
  await lineWith('name: read-shop').filter({ hasText: '7 days: 3 hits' }).waitFor();
  await lineWith('name: no-schema-changes').filter({ hasText: '7 days: 0 hits' }).waitFor();
  await vscode.cursorBehind('actions: [update');
  await vscode.page.keyboard.type(', delete');
  await vscode.page.keyboard.press('Escape');
  await lineWith('name: changes-need-a-person').filter({ hasText: '7 days: 2 hits, 2 change' }).waitFor();
  await vscode.picture('traffic');
});

test('hovering shows a request that changes', async () => {
  const { page, picture } = shop.vscode;
  await lineWith('name: changes-need-a-person').getByText('7 days: 2 hits').hover();
  const card = page
    .locator('.monaco-hover:visible', { hasText: 'would not be answered as recorded' })
    .first();
  await card.waitFor();
  assert.match(await card.innerText(), /DELETE FROM orders WHERE id = 4[\s\S]*deny → approve/);
  await picture('traffic-hover');
});

test('the setting takes them away', async () => {
  const { page, folder } = shop.vscode;
  mkdirSync(path.join(folder, '.vscode'), { recursive: true });
  writeFileSync(
    path.join(folder, '.vscode/settings.json'),
    JSON.stringify({ 'gatehouse.trafficHints': false }),
  );
  await page.locator('.view-line', { hasText: '7 days' }).first().waitFor({ state: 'detached' });
});
