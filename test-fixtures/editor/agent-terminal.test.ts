import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { type ShopWindow, startShopWindow } from './shop-window.ts';
import { patience, type Vscode } from './vscode.ts';

let window: ShopWindow;
let vscode: Vscode;

before(async () => {
  window = await startShopWindow();
  vscode = window.vscode;
});
after(() => window?.stop());

/** What a file holds, once there is one. */
async function content(name: string): Promise<string> {
  const file = path.join(vscode.folder, name);
  const until = Date.now() + patience;
  while (Date.now() < until) {
    if (existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'))
      return readFileSync(file, 'utf8').trim();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${name} was not written`);
}

/** Type into the terminal that is shown, and read what came of it. */
async function terminal(command: string, name: string): Promise<string> {
  const { page } = vscode;
  await page.locator('.terminal-wrapper.active .xterm-helper-textarea').focus();
  await page.keyboard.type(`(${command}) > ${name}.tmp 2>&1; mv ${name}.tmp ${name}`);
  await page.keyboard.press('Enter');
  return content(name);
}

test('Doctor runs the hook and the environment, and tells what switches the plugin off', async () => {
  const { page } = vscode;
  await vscode.command('Gatehouse: Doctor');
  const row = (text: string) => page.locator('.quick-input-list .monaco-list-row', { hasText: text });
  await row('Leads commands through the gate').waitFor();
  await row('A shell reads it').waitFor();
  await row('Switched off by the setting chat.disableAIFeatures').waitFor();
  await vscode.picture('doctor-agents');
  await page.keyboard.press('Escape');
});

test('an agent terminal leads a client through the gate under the agent’s name', async () => {
  const { page } = vscode;
  // Its question takes the place of the palette, so the palette is not seen to go.
  const title = 'Gatehouse: Open an Agent Terminal…';
  await page.keyboard.press('F1');
  const input = page.locator('.quick-input-widget input.input');
  await input.fill(`>${title}`);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().click();
  await page.locator('.quick-input-title', { hasText: 'Agent terminal' }).waitFor();
  await input.fill('aider');
  await page.keyboard.press('Enter');
  await page.locator('.terminal-wrapper.active .xterm-rows', { hasText: 'through Gatehouse' }).waitFor();
  const printed = await terminal(
    `psql -Atc 'select count(*) from products'; psql -c 'drop table products'; echo $GATEHOUSE_AGENT; gatehouse log --json -n 1 --agent aider --effect deny`,
    'aider.txt',
  );
  const [count, ...rest] = printed.split('\n');
  assert.equal(count, '40');
  assert.match(rest.join('\n'), /Gatehouse: /);
  assert.match(rest.join('\n'), /\naider\n/);
  assert.match(rest.join('\n'), /"drop table products"/);
  await vscode.picture('agent-terminal');
});

test('the person’s own terminals are led through only where they ask for it', async () => {
  await vscode.command('Terminal: Create New Terminal');
  assert.equal(await terminal('echo "[$PGHOST]"', 'mine-off.txt'), '[]');
  mkdirSync(path.join(vscode.folder, '.vscode'), { recursive: true });
  writeFileSync(
    path.join(vscode.folder, '.vscode/settings.json'),
    JSON.stringify({ 'gatehouse.routeMyTerminals': true }),
  );
  // The setting takes a moment to arrive; terminals that were opened before stay as they are.
  for (let count = 0; ; count++) {
    await vscode.command('Terminal: Create New Terminal');
    const host = await terminal('echo "[$PGHOST] $GATEHOUSE_AGENT"', `mine-on-${count}.txt`);
    if (host === '[127.0.0.1] terminal') break;
    assert.ok(count < 10, host);
  }
});

test('the profile stands among those of terminals', async () => {
  const { page } = vscode;
  await page.locator('.panel [aria-label^="Launch Profile"]').first().click();
  const item = page.locator('.monaco-menu .action-label', { hasText: 'Agent terminal (Gatehouse)' }).first();
  // A menu takes no click that could have been meant for what it covers.
  await item.hover();
  await item.click({ delay: 500 });
  // It stands in the list; which one is shown is the person's.
  await page.locator('.terminal-tabs-entry', { hasText: 'Agent (Gatehouse)' }).last().click();
  await page.locator('.terminal-wrapper.active .xterm-rows', { hasText: 'as "agent"' }).waitFor();
  const printed = await terminal('echo "$GATEHOUSE_AGENT $PGDATABASE $GATEHOUSE_SESSION"', 'profile.txt');
  assert.match(printed, /^agent \w+ terminal [0-9a-f]{8}$/);
});
