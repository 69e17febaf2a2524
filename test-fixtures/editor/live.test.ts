import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type pg from 'pg';
import type { Frame, Locator } from 'playwright-core';
import { policyFile, type ShopWindow, startShopWindow } from './shop-window.ts';

let shop: ShopWindow;
let agent: pg.Client;
let live: Frame;

before(async () => {
  shop = await startShopWindow({
    settings: {
      'editor.minimap.enabled': false,
      'editor.stickyScroll.enabled': false,
      'git.enabled': false,
      'diffEditor.renderSideBySide': false,
    },
  });
  agent = await shop.agent('claude-code', 'Tidy the orders');
});
after(async () => {
  await shop?.vscode.picture('live-last');
  await agent?.end();
  await shop?.stop();
});

/** The page of the view, whatever other pages there are. */
async function pageOf(element: string): Promise<Frame> {
  while (true) {
    for (const frame of shop.vscode.page.frames()) {
      const found = await frame
        .locator(element)
        .count()
        .catch(() => 0);
      if (found > 0) return frame;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const ask = (text: string) => agent.query(text).catch((error: unknown) => assert.ok(error instanceof Error));
const line = (text: string): Locator => live.locator('.space .line', { hasText: text });
const tool = (name: string): Locator => live.locator(`[data-tool=${name}]`);
const counts = (text: string): Locator => live.locator('.counts', { hasText: text });
const trace = (text: string): Locator => live.locator('.trace', { hasText: text });

async function choose(filter: string, option: string): Promise<void> {
  const select = live.locator(`vscode-single-select[data-filter="${filter}"]`);
  await select.click();
  await select.locator('.option', { hasText: option }).click();
}

test('requests show as they happen', async () => {
  const { command, picture, page } = shop.vscode;
  await command('Gatehouse: Show Live Decisions');
  live = await pageOf('gh-live');
  await live.getByText('No request yet.').waitFor();
  await ask('SELECT id, name, price FROM products ORDER BY price DESC LIMIT 20');
  await line('SELECT id, name, price').waitFor();
  await ask('SELECT id, email, city FROM customers WHERE id < 4');
  await ask('DELETE FROM orders WHERE id = 3');
  await ask('SELECT 1/0 FROM orders');
  await ask('DROP TABLE orders');
  for (const [text, look] of [
    ['DELETE FROM orders', 'Denied'],
    ['DROP TABLE orders', 'no-schema-changes'],
    ['SELECT 1/0', 'failed'],
    ['FROM customers', 'claude-code'],
    ['FROM products', 'read-shop'],
  ] as const)
    await line(text).filter({ hasText: look }).waitFor();
  const other = await shop.agent('codex');
  const waiting = other.query("UPDATE orders SET note = 'late' WHERE id = 7").catch(() => undefined);
  await line('UPDATE orders').filter({ hasText: 'Waiting' }).waitFor();
  await page.mouse.move(640, 200);
  await picture('live');
  await other.end();
  await waiting;
  await line('UPDATE orders').filter({ hasText: 'Denied' }).waitFor();
});

test('they are filtered, searched and paused', async () => {
  await choose('Decision', 'Denied');
  await counts('3 of 6 requests').waitFor();
  await choose('Agent', 'codex');
  await counts('1 of 6 requests').waitFor();
  await choose('Agent', 'All agents');
  await choose('Decision', 'All decisions');
  await live.locator('vscode-textfield input').fill('customers email');
  await counts('1 of 6 requests').waitFor();
  await live.locator('vscode-textfield input').fill('');
  await tool('pause').click();
  await ask('SELECT count(*) FROM orders');
  await counts('paused, 1 more').waitFor();
  assert.equal(await line('count(*)').count(), 0);
  await live.getByText('paused, 1 more').click();
  await line('count(*)').waitFor();
});

test('the list follows the newest until somebody looks back, and draws no more than is seen', async () => {
  for (let id = 1; id <= 120; id++) await agent.query(`SELECT total FROM orders WHERE id = ${id}`);
  await line('WHERE id = 120').waitFor();
  const drawn = await live.locator('.space .line').count();
  assert.ok(drawn < 80, `${drawn} rows are drawn`);
  const scroller = live.locator('.scroller');
  await scroller.hover();
  await shop.vscode.page.mouse.wheel(0, -1200);
  await live.locator('[data-tool=follow][aria-pressed=false], [data-tool=follow]:not([checked])').waitFor();
  const before = await scroller.evaluate((element) => element.scrollTop);
  await agent.query('SELECT total FROM orders WHERE id = 121');
  await counts('128 requests').waitFor();
  assert.equal(await scroller.evaluate((element) => element.scrollTop), before);
  await tool('follow').click();
  await line('WHERE id = 121').waitFor();
});

test('a row tells all of it, and its rule is a click away', async () => {
  const { picture, page } = shop.vscode;
  await live.locator('vscode-textfield input').fill('customers');
  await line('FROM customers').click();
  await trace('public.customers.email').waitFor();
  await trace('redact').waitFor();
  await trace('Digest').waitFor();
  await picture('live-trace');
  await page.keyboard.press('Escape');
  await live.locator('.trace').waitFor({ state: 'detached' });
  await live.locator('vscode-textfield input').fill('');
  await live.locator('vscode-textfield input').blur();
  await live.locator('.grid').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await trace('no rule allows delete on public.orders').waitFor();
  await page.keyboard.press('Escape');
  await line('DROP TABLE').locator('a').click();
  await page.locator('.tab.active', { hasText: 'shop.policy.yaml' }).waitFor();
  await page.getByText(/Ln 18, Col 1/).waitFor();
});

test('policy files tell the hits of each rule, which lead to the requests', async () => {
  const { page, picture } = shop.vscode;
  await page.keyboard.press('Control+Home');
  const lens = page.locator('.codelens-decoration a', { hasText: /12\d hits, last just now/ });
  await lens.waitFor();
  await page.locator('.codelens-decoration a', { hasText: '1 hit, just now' }).first().waitFor();
  await agent.query('SELECT status FROM orders LIMIT 1');
  await picture('rule-hits');
  await lens.click();
  await live.locator('.chip', { hasText: 'Rule read-shop' }).waitFor();
  await counts('of 129 requests').waitFor();
  await live.locator('.chip button').click();
  await counts('129 requests').waitFor();
});

test('a rule is made from a denied request, and holds once it is saved and accepted', async () => {
  const { page, picture } = shop.vscode;
  await live.locator('vscode-textfield input').fill('delete');
  await line('DELETE FROM orders').click();
  await trace('Make a Rule from This').waitFor();
  await live.locator('[data-action=makeRule]').click();
  const picks = page.locator('.quick-input-list .monaco-list-row');
  await picks.filter({ hasText: 'Allow delete on public.orders' }).first().waitFor();
  await picks
    .filter({ hasText: /Nothing else of \d+ recorded requests|Would also/ })
    .first()
    .waitFor();
  await page.locator('.tab.active', { hasText: 'shop.policy.yaml with the change' }).waitFor();
  await page.locator('.monaco-diff-editor .view-line', { hasText: 'allow-delete-orders' }).first().waitFor();
  await picture('make-a-rule');
  await page.keyboard.press('Enter');
  await page.locator('.notification-toast', { hasText: 'not saved yet' }).waitFor();
  await page.locator('.tab.active.dirty', { hasText: 'shop.policy.yaml' }).waitFor();
  await page.locator('.view-line', { hasText: 'allow-delete-orders' }).first().waitFor();
  await page.locator('.notification-toast .monaco-button', { hasText: 'Save' }).click();
  await page.locator('.tab.active:not(.dirty)', { hasText: policyFile.split('/').at(-1) ?? '' }).waitFor();
  // It waits for a person: the agent is refused as before.
  await assert.rejects(agent.query('DELETE FROM orders WHERE id = 3'), /no rule allows delete/);
  const tag = await accepted();
  assert.equal(tag, 1);
  await live.locator('vscode-textfield input').fill('delete');
  await line('DELETE FROM orders').filter({ hasText: 'allow-delete-orders' }).waitFor();
  await picture('live-accepted');
});

/** Accept the change where it waits, and delete. */
async function accepted(): Promise<number | null> {
  const { command, page } = shop.vscode;
  await command('Gatehouse: Show Approvals');
  const approvals = await pageOf('gh-approvals');
  await approvals.getByRole('button', { name: 'Accept…' }).click();
  await page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Accept' }).click();
  while (true) {
    const done = await agent.query('DELETE FROM orders WHERE id = 3').catch(() => undefined);
    if (done !== undefined) return done.rowCount;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
