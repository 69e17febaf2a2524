import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { shopRole } from '../servers/shop.ts';
import { type ShopWindow, startShopWindow } from './shop-window.ts';

/** A home made for the test: VS Code, the daemon and agents in it know no other. */
const home = mkdtempSync(path.join(os.tmpdir(), 'gh-home-'));
const pgpass = path.join(home, '.pgpass');

let shop: ShopWindow;
before(async () => {
  mkdirSync(path.join(home, '.codex'));
  mkdirSync(path.join(home, '.claude'));
  writeFileSync(path.join(home, '.claude.json'), '{\n  "theme": "dark"\n}\n');
  shop = await startShopWindow({
    password: '{ stdin: shop }',
    env: { HOME: home, XDG_CONFIG_HOME: '', PATH: systemPath() },
  });
  writeFileSync(
    pgpass,
    `# mine\n127.0.0.1:${shop.server.port}:*:${shopRole.user}:${shopRole.password}\nelsewhere.example:5432:*:ann:other\n`,
    { mode: 0o600 },
  );
  await shop.vscode.command('View: Show Gatehouse');
  for (const name of ['Approvals', 'Sessions'])
    await shop.vscode.page.locator('.pane-header', { hasText: name }).first().click();
  await row('Steered: 1 direct credential reachable').waitFor();
});
after(async () => {
  await shop?.stop();
  rmSync(home, { recursive: true, force: true });
});

/** Agents that happen to be installed on this machine are none of the test's. */
function systemPath(): string {
  return `${path.dirname(process.execPath)}:/usr/bin:/bin`;
}

const row = (text: string | RegExp): Locator =>
  shop.vscode.page
    .locator('.pane', { hasText: 'Agents' })
    .locator('.monaco-list-row', { hasText: text })
    .first();
const toast = (text: string): Locator =>
  shop.vscode.page.locator('.notification-toast', { hasText: text }).first();
const press = (text: string, button: string): Promise<void> =>
  toast(text).locator('.monaco-button', { hasText: button }).click();
const inHome = (file: string): string => readFileSync(path.join(home, file), 'utf8');

test('the view tells who is led, and the password that a file of the home folder holds', async () => {
  await row('Claude Code').filter({ hasText: 'not routed' }).waitFor();
  await row('Codex').filter({ hasText: 'not routed' }).waitFor();
  await row('.pgpass:2').filter({ hasText: 'shop-db' }).waitFor();
  await row('Also Within Reach').waitFor();
  assert.match(
    (await row('.pgpass:2').getAttribute('aria-label')) ?? '',
    /Direct credential of shop-db in \.pgpass:2/,
  );
  await shop.vscode.picture('agents');
});

test('connecting an agent shows what it writes, writes just that, and takes it out again', async () => {
  const { vscode } = shop;
  const { page, folder } = vscode;
  const settings = path.join(folder, '.claude', 'settings.local.json');
  await vscode.command('Gatehouse: Connect an Agent');
  const pick = (text: string): Locator =>
    page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
  await pick('Claude Code').waitFor();
  await vscode.picture('connect-agents');
  await pick('Claude Code').click();
  await pick('In shop only').click();
  await page.locator('.tab.active', { hasText: 'Connect Claude Code' }).waitFor();
  const editor = page.locator('.editor-container');
  await editor.getByText('settings.local.json').first().waitFor();
  await editor.locator('.view-line', { hasText: 'GATEHOUSE_AGENT' }).first().waitFor();
  await toast('Write this, so that Claude Code').waitFor();
  await vscode.picture('agents-connect');
  assert.ok(!existsSync(settings), 'nothing is written before the person agrees');
  await press('Write this, so that Claude Code', 'Write');
  await toast('Claude Code is connected.').waitFor();

  const written = JSON.parse(readFileSync(settings, 'utf8')) as {
    hooks: { PreToolUse: { hooks: { command: string }[] }[] };
  };
  const command = written.hooks.PreToolUse[0]?.hooks[0]?.command ?? '';
  assert.match(command, /^'[^']+\/bin\/gatehouse' hook --harness claude-code$/);
  assert.ok(existsSync(command.split("'")[1] ?? ''), 'the hook is a program that is there');
  assert.match(inHome('.claude.json'), /^{\n {2}"theme": "dark",\n {2}"projects": {/);
  await row('Claude Code').filter({ hasText: 'hook and MCP' }).waitFor();
  await vscode.picture('agents-connected');

  await press('Claude Code is connected.', 'Disconnect');
  await toast('Take this out again?').waitFor();
  await press('Take this out again?', 'Take Out');
  await row('Claude Code').filter({ hasText: 'not routed' }).waitFor();
  assert.ok(!existsSync(path.dirname(settings)));
  assert.equal(inHome('.claude.json'), '{\n  "theme": "dark"\n}\n');
});

test('what a person does not agree to is not written', async () => {
  const { vscode } = shop;
  await vscode.command('Gatehouse: Connect an Agent');
  const { page } = vscode;
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Codex' }).first().click();
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'In all my folders' }).first().click();
  await press('Write this, so that Codex', 'Cancel');
  await page.locator('.tab', { hasText: 'Connect Codex' }).waitFor({ state: 'detached' });
  assert.ok(!existsSync(path.join(home, '.codex', 'config.toml')));
});

test('the password moves into the editor, the file keeps the rest, and the gate is then enforced', async () => {
  const { vscode } = shop;
  const { page } = vscode;
  await row('.pgpass:2').hover();
  await row('.pgpass:2').locator('.action-label.codicon-wrench').click();
  await toast('Keep this password as the secret shop').waitFor();
  await page.locator('.tab.active', { hasText: 'Take a Password out of .pgpass' }).waitFor();
  await vscode.picture('credential-fix');
  await press('Keep this password as the secret shop', 'Move');
  await row('Enforced').waitFor();
  assert.equal(inHome('.pgpass'), '# mine\nelsewhere.example:5432:*:ann:other\n');
  await vscode.picture('agents-enforced');
});

test('an agent that comes through the gate is seen by itself; the gate logs in with what was moved', async () => {
  const client = await shop.agent('codex');
  assert.equal((await client.query('select count(*)::int as n from orders')).rows[0].n, 400);
  await row('Codex').filter({ hasText: 'by a token · connected now' }).waitFor();
  await client.end();
  await row('Codex').filter({ hasText: 'by a token · just now' }).waitFor();
});

test('a password that comes back is seen by itself, in the folder and in the home folder', async () => {
  const file = path.join(shop.vscode.folder, '.env');
  writeFileSync(file, `DATABASE_URL=postgres://app:secret@127.0.0.1:${shop.server.port}/shop\n`);
  await row('Steered: 1 direct credential reachable').waitFor();
  await row('.env:1').waitFor();
  rmSync(file);
  await row('Enforced').waitFor();
  writeFileSync(pgpass, `localhost:${shop.server.port}:*:ann:other\n`, { mode: 0o600 });
  await row('.pgpass:1').filter({ hasText: 'shop-db' }).waitFor();
});
