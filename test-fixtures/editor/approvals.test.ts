import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import type pg from 'pg';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { connectControl } from '@gatehouse/daemon/control/client.ts';
import { gateRuns, policyFile, type ShopWindow, shopPolicy, startShopWindow } from './shop-window.ts';
import { actions } from './vscode.ts';

/** The page of the approvals view in a window. */
function approvals(page: Page): FrameLocator {
  return page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
}

function card(page: Page, part: string): Locator {
  return approvals(page).locator('gh-held', { hasText: part });
}

describe('approvals in VS Code', () => {
  let shop: ShopWindow;
  const agents: pg.Client[] = [];
  /** A session of its own, so that what one test left waiting does not hold up the next. */
  const connect = async (name?: string, task?: string): Promise<pg.Client> => {
    const agent = await shop.agent(name, task);
    agents.push(agent);
    return agent;
  };
  before(async () => {
    shop = await startShopWindow();
    await shop.vscode.command('Gatehouse: Show Approvals');
    await approvals(shop.vscode.page).getByText('Nothing waits for you.').waitFor();
  });
  after(async () => {
    // Sockets are cut, not asked: a session that waits would wait.
    for (const agent of agents)
      (agent as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    await shop?.stop();
  });

  const update = (agent: pg.Client, id: number) => {
    const asked = agent.query(`UPDATE orders SET status = 'returned' WHERE id = ${id}`);
    asked.catch(() => {});
    return asked;
  };

  test('a held request is a card with all that the person needs, a badge, a notification and a status', async () => {
    const { page } = shop.vscode;
    const asked = update(await connect('claude-code', 'fix the orders of May'), 12);
    const held = card(page, 'id = 12');
    await held.waitFor();
    const text = await held.locator('article').innerText();
    for (const part of [
      'claude-code',
      'shop-db',
      'UPDATE orders',
      'update on public.orders',
      'about 1 row',
      'fix the orders of May',
      'shop/changes-need-a-person',
      'left',
    ])
      assert.ok(text.includes(part), `${part} in: ${text}`);
    await page.locator('.notification-toast', { hasText: 'claude-code waits for you' }).waitFor();
    await page.locator('.activitybar .badge', { hasText: '1' }).waitFor();
    await page.locator('#gatehouse\\.gatehouse\\.gatehouse [aria-label*="1 request waits"]').waitFor();
    await shop.vscode.picture('approvals');
    await held.getByRole('link', { name: 'shop/changes-need-a-person' }).click();
    await page.locator('.tab.active', { hasText: 'shop.policy.yaml' }).waitFor();
    await page.locator('.notification-toast .monaco-button', { hasText: 'Approve Once' }).click();
    assert.equal((await asked).rowCount, 1);
    await held.waitFor({ state: 'detached' });
  });

  test('is approved by keyboard alone', async () => {
    const { page, command } = shop.vscode;
    const asked = update(await connect(), 13);
    await card(page, 'id = 13').waitFor();
    await command('Gatehouse: Show Approvals');
    await card(page, 'id = 13').locator('article:focus').waitFor();
    await page.keyboard.press('Control+Enter');
    assert.equal((await asked).rowCount, 1);
  });

  test('is denied with a reason that psql prints', async () => {
    const { page } = shop.vscode;
    const control = await connectControl({ state: shop.state, client: 'test', as: 'launcher' });
    const { host, port, user, token, database } = await control.mintToken({
      resource: 'shop-db',
      agent: 'codex',
      ttl: 60_000,
    });
    control.close();
    const psql = promisify(execFile)('psql', ['-c', 'UPDATE orders SET total = 0 WHERE id = 14'], {
      env: {
        ...process.env,
        PGHOST: host,
        PGPORT: String(port),
        PGUSER: user,
        PGPASSWORD: token,
        PGDATABASE: database,
      },
    });
    psql.catch(() => {});
    const held = card(page, 'total = 0');
    await held.getByRole('button', { name: 'Deny…' }).click();
    await held.locator('vscode-textfield input').fill('Totals are computed; change the items instead.');
    await page.keyboard.press('Enter');
    await assert.rejects(psql, (error: { stderr: string }) => {
      assert.match(error.stderr, /Totals are computed; change the items instead\./);
      return true;
    });
  });

  test('a rule can be made from a request that still waits', async () => {
    const { page } = shop.vscode;
    const asked = update(await connect(), 18);
    const held = card(page, 'id = 18');
    await held.getByRole('button', { name: 'Make a Rule from This…' }).click();
    const picker = page.locator('.quick-input-widget', { hasText: 'Make a Rule from This Request' });
    await picker.locator('.monaco-list-row', { hasText: 'Held by changes-need-a-person' }).waitFor();
    await picker
      .locator('.monaco-list-row', { hasText: 'Make an exception from changes-need-a-person' })
      .first()
      .waitFor();
    await shop.vscode.picture('rule-of-held');
    await page.keyboard.press('Escape');
    await held.getByRole('button', { name: 'Approve Once' }).click();
    assert.equal((await asked).rowCount, 1);
  });

  test('a statement makes no link in a notification, and what is not seen of it is shown', async () => {
    const { page } = shop.vscode;
    const agent = await connect();
    agent
      .query(`UPDATE orders SET note = '[Details](command:workbench.action.closeWindow)\u202e' WHERE id = 20`)
      .catch(() => {});
    const toast = page.locator('.notification-toast', { hasText: 'Details' });
    await toast.waitFor();
    assert.equal(await toast.locator('.notification-list-item-message a').count(), 0);
    assert.match(await toast.innerText(), /\\u\{202e\}/);
    assert.equal(await toast.getByText('Approve Once').count(), 0);
    const held = card(page, 'id = 20');
    assert.match(await held.locator('#text').innerText(), /\\u\{202e\}/);
    await held.getByRole('button', { name: 'Deny…' }).click();
    await held.getByRole('button', { name: 'Deny', exact: true }).click();
    await held.waitFor({ state: 'detached' });
  });

  test('a shape that was approved passes while another request waits', async () => {
    const { page } = shop.vscode;
    const agent = await connect();
    const asked = update(agent, 15);
    await card(page, 'id = 15').getByRole('button', { name: 'Approve Shape for Session' }).click();
    await asked;
    const other = await connect('codex');
    const waits = other.query('UPDATE orders SET total = total + 1 WHERE id = 16');
    waits.catch(() => {});
    await card(page, 'total + 1').waitFor();
    assert.equal((await update(agent, 17)).rowCount, 1);
    await card(page, 'total + 1').getByRole('button', { name: 'Approve Once' }).click();
    assert.equal((await waits).rowCount, 1);
  });

  test('is answered once with two windows open', async () => {
    const { page, window } = shop.vscode;
    const second = await window();
    await second.locator(gateRuns).waitFor();
    await actions(second).command('Gatehouse: Show Approvals');
    const other = await connect('codex');
    const asked = other.query('UPDATE orders SET total = total + 2 WHERE id = 18');
    await card(page, 'total + 2').waitFor();
    await card(second, 'total + 2').getByRole('button', { name: 'Approve Once' }).click();
    assert.equal((await asked).rowCount, 1);
    await card(page, 'total + 2').waitFor({ state: 'detached' });
    await card(second, 'total + 2').waitFor({ state: 'detached' });
    await second.close();
  });

  test('a change that loosens the policy waits as a card until it is accepted', async () => {
    const { page, folder } = shop.vscode;
    const agent = await connect();
    const file = path.join(folder, policyFile);
    writeFileSync(file, shopPolicy.replace('public.customers] }', 'public.customers, public.order_items] }'));
    const change = approvals(page).locator('gh-policy-change');
    await change.filter({ hasText: 'public.order_items' }).waitFor();
    await assert.rejects(agent.query('select count(*) from order_items'), { code: '42501' });
    await shop.vscode.picture('policy-change');
    await change.getByRole('button', { name: 'Review Diff' }).click();
    await page
      .locator('.multiDiffEntry, .multi-diff-root-floating-menu, .monaco-diff-editor')
      .first()
      .waitFor();
    await shop.vscode.picture('policy-diff');
    await change.getByRole('button', { name: 'Accept…' }).click();
    await page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Accept' }).click();
    await change.waitFor({ state: 'detached' });
    const { rows } = await agent.query('select count(*)::int as n from order_items');
    assert.equal(rows[0].n, 1000);
  });

  test('files with errors are told, and change nothing', async () => {
    const { page, folder } = shop.vscode;
    writeFileSync(path.join(folder, policyFile), shopPolicy.replace('effect: deny', 'effect: dney'));
    const broken = approvals(page).locator('gh-policy-change', { hasText: 'The policy files have errors' });
    await broken.waitFor();
    const agent = await connect();
    await assert.rejects(agent.query('drop table orders'), /Schema changes go through a migration/);
  });
});
