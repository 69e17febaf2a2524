import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { startVscode, type Vscode } from './vscode.ts';

const workspaceFile = '.gatehouse/gatehouse.yaml';
const policyFile = '.gatehouse/policies/shop.policy.yaml';
const workspace = `gatehouse: v1
kind: Workspace
groups: { dba: Whoever runs the databases. }
resources:
  - name: shop-db
    protocol: postgres
    labels: { env: prod }
    host: localhost
    database: shop
    user: agent
    password: { command: [pass, show, shop] }
`;
const policy = `gatehouse: v1
kind: Policy
name: shop
applies: { to: [shop-db] }

lists:
  catalogue: [public.products, public.orders]

rules:
  - name: read-shop
    effect: allow
    sql: { actions: [select], tables: [$catalogue] }
    when: request.sql.hasLimit
  - name: blind-writes
    effect: deny
    sql: { actions: [update, delete] }
    when: '!request.sql.hasWhere'
    message: Say which rows, with WHERE.

limits: { rows: 1000, duration: 30s, statementsPerMinute: 120, cost: 50000 }
`;

let vscode: Vscode;
let editor: Locator;
before(async () => {
  vscode = await startVscode({
    files: { [workspaceFile]: workspace, [policyFile]: policy },
    settings: { 'editor.minimap.enabled': false, 'editor.fontSize': 13, 'git.enabled': false },
  });
  const git = (...args: readonly string[]): unknown =>
    execFileSync('git', ['-C', vscode.folder, '-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args]);
  git('init', '-q');
  git('add', '.');
  git('commit', '-q', '-m', 'first');
  editor = await vscode.open('shop.policy.yaml');
  await editor.locator('.codelens-decoration', { hasText: 'try' }).first().waitFor();
});
after(() => vscode?.stop());

const saved = (file: string): string => readFileSync(path.join(vscode.folder, file), 'utf8');
const lineWith = (text: string): Locator => editor.locator('.view-line', { hasText: text }).first();

async function undoAll(): Promise<void> {
  await vscode.command('File: Revert File');
  await lineWith('read-shop').waitFor();
}

test('lists show what they stand for, and conditions have colours of their own', async () => {
  await lineWith('$catalogue = public.products, public.orders').waitFor();
  const colourOf = async (text: string): Promise<string | null> =>
    lineWith(text).locator('span > span', { hasText: text }).last().getAttribute('class');
  assert.notEqual(await colourOf('request'), await colourOf('read-shop'));
  await vscode.picture('policy');
});

test('a hover says in English what a rule means', async () => {
  const { page } = vscode;
  await lineWith('name: blind-writes').getByText('blind-writes').hover();
  const card = page.locator('.monaco-hover:visible', { hasText: 'Never lets every agent' }).first();
  await card.waitFor();
  assert.match(await card.innerText(), /when some statement has no WHERE/);
  await vscode.picture('hover');
  await page.keyboard.press('Escape');
});

test('a mistake is underlined and listed with its page, and goes when it is mended by typing', async () => {
  const { page } = vscode;
  await vscode.cursorBehind('effect: a');
  await page.keyboard.press('Backspace');
  await editor.locator('.squiggly-error').first().waitFor();
  await page.keyboard.press('Control+Shift+M');
  const problem = page.locator('.markers-panel .monaco-list-row', { hasText: 'llow' }).first();
  await problem.waitFor();
  assert.match(await problem.innerText(), /unknown-value/);
  await vscode.picture('problems');
  await page.keyboard.press('Control+Shift+M');
  await undoAll();
  await editor.locator('.squiggly-error').first().waitFor({ state: 'detached' });
});

test('a fact is completed inside of a condition, with its words', async () => {
  const { page } = vscode;
  await vscode.cursorBehind('request.sql.hasLimit');
  await page.keyboard.type(' && request.sql.inT');
  const suggestion = page.locator('.suggest-widget .monaco-list-row', { hasText: 'inTransaction' }).first();
  await suggestion.waitFor();
  await vscode.picture('completion');
  await page.keyboard.press('Enter');
  await lineWith('request.sql.hasLimit && request.sql.inTransaction').waitFor();
  await undoAll();
});

test('an edit that lets more through says so above the rule, with the request that shows it', async () => {
  const { page } = vscode;
  await vscode.cursorBehind('actions: [select');
  await page.keyboard.type(', delete');
  await page.keyboard.press('Escape');
  const lens = editor
    .locator('.codelens-decoration a', { hasText: /looser than HEAD: now allows DELETE/ })
    .first();
  await lens.waitFor();
  await vscode.picture('meaning');
  await lens.click();
  const preview = page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
  await preview.getByText('DELETE FROM').first().waitFor();
  await vscode.picture('meaning-shown');
  await vscode.command('View: Close All Editors in Group');
  await page.keyboard.press('Control+1');
  editor = await vscode.open('shop.policy.yaml');
  await undoAll();
});

test('a request is tried on the text as it stands, and the answer follows the edits', async () => {
  const { page } = vscode;
  await editor.locator('.codelens-decoration a', { hasText: 'try' }).last().click();
  const input = page.locator('.quick-input-widget input.input');
  await input.waitFor();
  await input.fill('UPDATE orders SET total = 0');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'as typed' }).first().waitFor();
  await vscode.picture('try-ask');
  await page.keyboard.press('Enter');
  const preview = page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
  await preview.getByText('Say which rows, with WHERE').first().waitFor();
  await preview.getByRole('cell', { name: '!request.sql.hasWhere' }).first().waitFor();
  await vscode.picture('try');
  await lineWith('message: Say which rows').click();
  await vscode.cursorBehind('message: Say which rows');
  await page.keyboard.type(' you mean');
  await vscode.picture('try-edited');
  await preview.getByText('Say which rows you mean').first().waitFor();
  await undoAll();
});

test('somebody else asks, by the keyboard alone', async () => {
  const { page } = vscode;
  await lineWith('name: read-shop').click();
  await vscode.command('Gatehouse: Try a Request');
  const input = page.locator('.quick-input-widget input.input');
  const answer = async (prompt: string, text: string): Promise<void> => {
    await page.locator('.quick-input-widget', { hasText: prompt }).waitFor();
    await input.fill(text);
    await page.keyboard.press('Enter');
  };
  await page
    .locator('.quick-input-list .monaco-list-row', { hasText: 'Somebody else asks' })
    .first()
    .waitFor();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await answer('The agent', 'copilot');
  await answer('Groups of the person', 'dba, engineering');
  await page
    .locator('.quick-input-list .monaco-list-row', { hasText: 'by copilot of dba, engineering on shop-db' })
    .first()
    .waitFor();
  await input.fill('SELECT 1');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'as typed' }).first().waitFor();
  await page.keyboard.press('Enter');
  const preview = page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
  await preview.getByText('copilot for you (dba, engineering)').first().waitFor();
  await lineWith('name: read-shop').click();
});

test('a resource is renamed in all files', async () => {
  const { page } = vscode;
  await vscode.cursorBehind('to: [shop');
  await page.keyboard.press('F2');
  const box = page.locator('.rename-box input.rename-input');
  await box.waitFor();
  await box.fill('store-db');
  await page.keyboard.press('Enter');
  await lineWith('applies: { to: [store-db] }').waitFor();
  await vscode.command('File: Save All Files');
  await assertSoon(
    () => saved(workspaceFile).includes('name: store-db') && saved(policyFile).includes('to: [store-db]'),
  );
});

async function assertSoon(holds: () => boolean): Promise<void> {
  for (let left = 200; left > 0; left--) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.ok(holds());
}
