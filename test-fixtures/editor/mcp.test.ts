import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type ScriptedAgent, scriptedAgent } from './scripted-agent/scripted-agent.ts';
import { type ShopWindow, startShopWindow } from './shop-window.ts';

describe("Gatehouse's tools in VS Code's agent mode", () => {
  let shop: ShopWindow;
  let agent: ScriptedAgent;
  before(async () => {
    agent = scriptedAgent();
    shop = await startShopWindow(agent.options);
    await agent.ready(shop.vscode.page);
  });
  after(async () => {
    await shop?.stop();
    agent?.stop();
  });

  test('the agent reads masked rows, and is taught by a denial', async () => {
    const { page } = shop.vscode;
    await agent.ask(page, [
      { tool: '_list_resources', input: {} },
      {
        tool: '_query',
        input: { resource: 'shop-db', statement: 'select id, email from customers where id = 1' },
      },
      { tool: '_run', input: { resource: 'shop-db', statement: 'drop table orders' } },
    ]);
    // VS Code asks the person about tools that may destroy.
    await page
      .getByRole('button', { name: /^Allow/ })
      .first()
      .click();
    // The model reads what the tools' schemas promise.
    const results = (await agent.finished(3)).map(
      ({ text }) => JSON.parse(text) as Readonly<Record<string, unknown>>,
    );
    const [list, read, denial] = results;
    assert.equal(list?.agent, 'copilot');
    assert.deepEqual(read?.rows, [{ id: 1, email: '[redacted]' }]);
    assert.equal(denial?.outcome, 'denied');
    assert.match(JSON.stringify(denial?.problem), /Schema changes go through a migration.*request_access/);
    await shop.vscode.picture('mcp-tools');
    const client = await shop.agent();
    const { rows: counted } = await client.query('select count(*)::int as n from orders');
    assert.equal(counted[0].n, 400);
    await client.end();
  });

  test('what it asks access for is a card, and the answer reaches it', async () => {
    const { page, command, picture } = shop.vscode;
    const request = {
      resource: 'shop-db',
      reason: 'to count what is sold',
      statement: 'select * from order_items',
    };
    await agent.ask(page, [{ tool: '_request_access', input: request }]);
    const allow = page.getByRole('button', { name: /^Allow/ }).first();
    const toast = page.locator('.notification-toast', { hasText: 'copilot asks for access to shop-db' });
    await allow.click();
    await agent.finished(1);
    await toast.waitFor();
    await command('Gatehouse: Show Approvals');
    const card = page
      .frameLocator('iframe.webview.ready')
      .frameLocator('#active-frame')
      .locator('gh-access', { hasText: 'to count what is sold' });
    await card.waitFor();
    await picture('access-card');
    await card.locator('vscode-button', { hasText: 'Decline…' }).click();
    await page.locator('.quick-input-widget input.input').fill('Ask for totals instead.');
    await page.keyboard.press('Enter');
    await card.waitFor({ state: 'detached' });
    await agent.ask(page, [{ tool: '_list_resources', input: {} }]);
    const [listed] = await agent.finished(1);
    assert.match(listed?.text ?? '', /"state":"declined","words":"Ask for totals instead\."/);
  });
});
