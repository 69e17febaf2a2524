import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Locator, Page } from 'playwright-core';
import { connectControl } from '@gatehouse/daemon/control/client.ts';
import { shopRole } from '../servers/shop.ts';
import { gateRuns, type ShopWindow, startShopWindow, statusItem } from './shop-window.ts';
import { actions, daemonPid } from './vscode.ts';

const command = fileURLToPath(new URL('../../dist/gatehouse.js', import.meta.url));

/** `gatehouse …` in a shell that nobody unlocked, such as an agent's. */
async function gatehouse(shop: ShopWindow, args: readonly string[]) {
  const { folder, stateRoot } = shop.vscode;
  const env = { ...process.env, GATEHOUSE_STATE: stateRoot, NO_COLOR: '1' };
  try {
    const ran = await promisify(execFile)(process.execPath, [command, ...args], { cwd: folder, env });
    return { code: 0, ...ran };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

/** What Doctor found of a part, as its row. */
async function doctorSays(page: Page, part: string, words: string): Promise<Locator> {
  await actions(page).command('Gatehouse: Doctor');
  const row = page.locator('.quick-input-list .monaco-list-row', { hasText: part });
  const found = row.filter({ hasText: words }).first();
  await found.waitFor({ timeout: 30_000 });
  return found;
}

describe('the gate in VS Code', () => {
  let shop: ShopWindow;
  before(async () => {
    shop = await startShopWindow({ password: '{ stdin: shop }' });
  });
  after(() => shop?.stop());

  test('Doctor says that a secret is missing, and mends it', async () => {
    const { page } = shop.vscode;
    const row = await doctorSays(page, 'shop-db', 'Its password is not known');
    await shop.vscode.picture('doctor');
    await row.click();
    const input = page.locator('.quick-input-widget input[type=password]');
    await input.fill(shopRole.password);
    await page.keyboard.press('Enter');
    await page.locator('.statusbar', { hasText: 'The secret shop is set.' }).waitFor();
    await doctorSays(page, 'shop-db', 'Agents connect to 127.0.0.1');
    await page.keyboard.press('Escape');
    const agent = await shop.agent();
    const { rows } = await agent.query('select count(*)::int as n from orders');
    assert.equal(rows[0].n, 400);
    await assert.rejects(agent.query('drop table orders'), /Schema changes go through a migration/);
    await agent.end();
  });

  test('the secret is in no file of the state folder, and nor is what makes an operator', async () => {
    const { stateRoot } = shop.vscode;
    assert.ok(!existsSync(path.join(stateRoot, 'host/control-secret')));
    assert.ok(!existsSync(shop.state.controlSecret));
    for (const name of readdirSync(stateRoot, { recursive: true, encoding: 'utf8' })) {
      const file = path.join(stateRoot, name);
      if (statSync(file).isFile()) assert.ok(!readFileSync(file, 'latin1').includes(shopRole.password), name);
    }
  });

  test('in a shell that nobody unlocked, an agent may connect but answers nothing', async () => {
    const env = await gatehouse(shop, ['env', 'shop-db', '--json']);
    assert.match(JSON.parse(env.stdout).env.PGPASSWORD, /^gha_/);
    for (const args of [['approvals'], ['approve', 'abc'], ['accept'], ['down'], ['daemon', 'stop']]) {
      const refused = await gatehouse(shop, args);
      assert.equal(refused.code, 2, args.join(' '));
      assert.match(refused.stderr, /keeps its (control )?secret/, args.join(' '));
    }
  });

  test('two windows share one daemon, and each sees what happens', async () => {
    const { page, stateRoot, window } = shop.vscode;
    const pid = daemonPid(stateRoot);
    const second = await window();
    await second.locator(gateRuns).waitFor();
    assert.equal(daemonPid(stateRoot), pid);
    await doctorSays(second, 'Daemon', 'hold them: 2');
    await second.close();
    await doctorSays(page, 'Daemon', 'hold them: 1');
    await page.keyboard.press('Escape');
    const agent = await shop.agent();
    await agent.query('select 1 from orders limit 1');
    await agent.end();
  });

  test('a daemon that was killed comes back by itself, with the secrets', async () => {
    const { page, stateRoot } = shop.vscode;
    const pid = daemonPid(stateRoot);
    assert.ok(pid !== undefined);
    process.kill(pid, 'SIGKILL');
    await page.locator(`${statusItem} [aria-label*="Gatehouse runs"]`).waitFor();
    while (daemonPid(stateRoot) === pid) await new Promise((resolve) => setTimeout(resolve, 50));
    await page.locator(gateRuns).waitFor();
    await doctorSays(page, 'shop-db', 'Agents connect');
    await page.keyboard.press('Escape');
    const agent = await shop.agent();
    assert.equal((await agent.query('select count(*)::int as n from products')).rows[0].n, 40);
    await agent.end();
  });

  test('a stopped gate serves nobody until it is started again', async () => {
    const { page, command: run } = shop.vscode;
    await run('Gatehouse: Stop the Gate');
    await page.locator(`${statusItem} [aria-label*="is off"]`).waitFor();
    await assert.rejects(async () => {
      // The last lease is gone, but for the time that a window needs to be loaded anew.
      while (true) {
        const control = await connectControl({ state: shop.state, client: 'test', as: 'launcher' });
        control.close();
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }, /No daemon runs for this workspace/);
    await run('Gatehouse: Start the Gate');
    await page.locator(gateRuns).waitFor();
    await (await shop.agent()).end();
  });
});

test('in a folder that nobody trusts nothing starts; once trusted, it does', async () => {
  const shop = await startShopWindow({ restricted: true });
  try {
    const { page, stateRoot } = shop.vscode;
    await page.locator(`${statusItem} [aria-label*="is off"]`).waitFor();
    const row = await doctorSays(page, 'Workspace', 'Restricted Mode');
    await shop.vscode.picture('restricted');
    assert.equal(daemonPid(stateRoot), undefined);
    await row.click();
    await page.getByRole('button', { name: /^Trust$/ }).click();
    await page.locator(gateRuns).waitFor();
    await (await shop.agent()).end();
  } finally {
    await shop.stop();
  }
});
