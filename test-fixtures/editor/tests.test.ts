import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { policyFile, type ShopWindow, shopPolicy, startShopWindow } from './shop-window.ts';

const testFile = '.gatehouse/tests/shop.test.yaml';
const policy = shopPolicy.replace(
  '    approval:',
  '    when: \'request.sql.hasWhere && principal.agent != "night-shift"\'\n    approval:',
);
const tests = `gatehouse: v1
kind: Test

defaults:
  principal: { agent: claude-code }

cases:
  - name: products may be read
    request: select * from products
    expect: { decision: allow, rules: [shop/read-shop] }

  - name: the schema stays as it is
    request: drop table orders
    expect: { decision: allow, rules: [shop/no-schema-changes] }

matrices:
  - name: changes of orders
    principals:
      - { name: agent }
      - { name: night, agent: night-shift }
    requests:
      - { name: change, request: update orders set status = 'paid' where id = 1 }
    expect:
      change: { agent: approve, night: deny }
`;

describe('tests of policies in the Test Explorer', () => {
  let shop: ShopWindow;
  before(async () => {
    shop = await startShopWindow({
      policy,
      files: { [testFile]: tests },
      settings: { 'git.enabled': false, 'editor.minimap.enabled': false },
    });
  });
  after(() => shop?.stop());

  const row = (text: string): Locator =>
    shop.vscode.page.locator('.test-explorer .monaco-list-row', { hasText: text }).first();
  const stands = (text: string, state: string): Locator =>
    shop.vscode.page
      .locator(`.test-explorer .monaco-list-row[aria-label*="(${state})"]`, { hasText: text })
      .first();
  const line = (text: string): Locator =>
    shop.vscode.page.locator('.editor-instance .view-line', { hasText: text }).first();

  test('they are listed by file and matrix', async () => {
    const { vscode } = shop;
    await vscode.open('shop.test.yaml');
    await vscode.command('Testing: Focus on Test Explorer View');
    for (const name of ['shop.test.yaml', 'changes of orders'])
      await row(name).locator('.monaco-tl-twistie.codicon-tree-item-expanded.collapsed').click();
    for (const name of ['products may be read', 'the schema stays as it is', 'change by night'])
      await row(name).waitFor();
    await vscode.picture('tests-listed');
  });

  test('one fails, with what differs at the expectation, and the others pass', async () => {
    const { vscode } = shop;
    await vscode.command('Test: Run All Tests');
    await stands('the schema stays as it is', 'Failed').waitFor();
    await stands('products may be read', 'Passed').waitFor();
    await stands('change by night', 'Passed').waitFor();
    const message = vscode.page.getByText('decision: expected allow, is deny').first();
    await message.waitFor();
    await vscode.picture('tests-failed');
    const output = vscode.page.locator('.test-output-peek, .panel').getByText('deny shop/no-schema-changes');
    await output.first().waitFor();
  });

  test('a continuous run follows edits that nobody saved', async () => {
    const { vscode } = shop;
    await row('shop.test.yaml').hover();
    await row('shop.test.yaml').getByRole('button', { name: 'Turn on Continuous Run' }).click();
    await stands('the schema stays as it is', 'Failed').waitFor();
    await vscode.open('shop.test.yaml');
    await vscode.cursorBehind('decision: allow, rules: [shop/no');
    for (let left = 'allow, rules: [shop/no'.length; left > 0; left--)
      await vscode.page.keyboard.press('Backspace');
    await vscode.page.keyboard.type('deny, rules: [shop/no');
    await stands('the schema stays as it is', 'Passed').waitFor();
    await vscode.open('shop.policy.yaml');
    await vscode.cursorBehind('public.products');
    await vscode.page.keyboard.press('Backspace');
    await stands('products may be read', 'Failed').waitFor();
    await stands('the schema stays as it is', 'Passed').waitFor();
    await vscode.picture('tests-continuous');
    assert.equal(readFileSync(path.join(vscode.folder, policyFile), 'utf8'), policy);
    await vscode.command('File: Revert File');
    await stands('products may be read', 'Passed').waitFor();
    await row('shop.test.yaml').hover();
    await row('shop.test.yaml').getByRole('button', { name: 'Turn off Continuous Run' }).click();
  });

  test('a run with coverage shows how many rules decided, and which answers of a condition nobody saw', async () => {
    const { vscode } = shop;
    await vscode.command('Test: Run All Tests with Coverage');
    const covered = vscode.page.locator('.test-coverage-list-item', { hasText: 'shop.policy.yaml' }).first();
    // Three of four rules decided, all answers but one of a condition and its two parts were seen.
    await covered.waitFor();
    assert.match(await covered.innerText(), /\d%/);
    await vscode.open('shop.policy.yaml');
    await line('name: run-a-session').waitFor();
    for (const kind of ['hit', 'miss'])
      await vscode.page
        .locator(`.coverage-deco-gutter.coverage-deco-${kind}`)
        .first()
        .waitFor({ state: 'attached' });
    await vscode.picture('tests-coverage');
  });
});
