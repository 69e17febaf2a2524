import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startVscode, type Vscode } from './vscode.ts';

const workspace = `gatehouse: v1
kind: Workspace
resources:
  - { name: shop-db, protocol: postgres, host: localhost, database: shop, user: rw }
`;
const policy = `gatehouse: v1
kind: Policy
name: shop
applies: { to: [shop-db] }
rules:
  - name: read-shop
    efect: allow
    sql: { actions: [select], tables: [public.orders] }
`;

let vscode: Vscode;
before(async () => {
  vscode = await startVscode({
    files: { '.gatehouse/gatehouse.yaml': workspace, '.gatehouse/policies/shop.policy.yaml': policy },
  });
});
after(() => vscode?.stop());

test('a mistake is underlined and listed with its page, and goes when it is mended by typing', async () => {
  const { page } = vscode;
  const editor = await vscode.open('shop.policy.yaml');
  await editor.locator('.squiggly-error').first().waitFor();
  await page.keyboard.press('Control+Shift+M');
  const problem = page.locator('.markers-panel .monaco-list-row', { hasText: 'effect' }).first();
  await problem.waitFor();
  assert.match(await problem.innerText(), /unknown-key/);
  await vscode.picture('problems');
  await editor.locator('.view-line', { hasText: 'efect' }).click();
  await vscode.cursorBehind('ef');
  await page.keyboard.type('f');
  await editor.locator('.squiggly-error').first().waitFor({ state: 'detached' });
});
