import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { gateRuns } from './shop-window.ts';
import { actions, patience, startVscode, type Vscode } from './vscode.ts';

/** A new user's way: nothing is installed or configured but the extension. */

let vscode: Vscode;
/** The window that is looked at now. */
let page: Page;

before(
  async () => {
    vscode = await startVscode({ files: { 'README.md': '# A project\n' } });
    page = vscode.page;
  },
  { timeout: 300_000 },
);
after(() => vscode?.stop());

const picture = (name: string) => ({ ...actions(page) }).picture(name);

test('a window without policies says how to begin', async () => {
  await page.locator('.activitybar [aria-label="Gatehouse"]').first().click();
  await page.locator('.welcome-view-content .monaco-button', { hasText: 'Try the Demo' }).waitFor();
  await picture('welcome-view');
});

test('the walkthrough has four steps with a picture each', async () => {
  await page.getByText('Open the walkthrough').click();
  const steps = page.locator('.getting-started-step');
  await steps.first().waitFor();
  assert.equal(await steps.count(), 4);
  await picture('walkthrough');
});

test('the demo opens with its policy, statements to try, and a gate that runs', async () => {
  const opened = page
    .context()
    .waitForEvent('page', { timeout: 30_000 })
    .catch(() => undefined);
  await page.locator('.getting-started-step .monaco-button', { hasText: 'Try the Demo' }).first().click();
  page = (await opened) ?? page;
  page.setDefaultTimeout(90_000);
  await page.locator(gateRuns).waitFor();
  await page.locator('.tab', { hasText: 'shop.policy.yaml' }).waitFor();
  await page.locator('.tab', { hasText: 'demo.sql' }).waitFor();
  await picture('demo-opened');
});

test('a statement runs as an agent, and its decision is seen', async () => {
  await run(0);
  await pageSays('tok_');
  await picture('demo-rows');
  await run(2);
  await pageSays('Schema changes go through a migration');
  await picture('demo-denied');
});

test('the steps of the walkthrough are done by what was done', async () => {
  await actions(page).command('Gatehouse: Open the Policy of the Demo');
  const done = page.locator('.getting-started-step .codicon-getting-started-step-checked');
  await done.nth(2).waitFor({ state: 'attached' });
  await picture('walkthrough-done');
});

/** Click the lens of a statement, counted from 0. */
async function run(statement: number): Promise<void> {
  await page.locator('.tab', { hasText: 'demo.sql' }).click();
  await page.locator('.codelens-decoration a', { hasText: 'Run as an agent' }).nth(statement).click();
}

/** Wait until some page of the window holds a text. */
async function pageSays(text: string): Promise<void> {
  const until = Date.now() + patience;
  while (Date.now() < until) {
    for (const frame of page.frames())
      if (
        await frame
          .getByText(text)
          .first()
          .isVisible()
          .catch(() => false)
      )
        return;
    await page.waitForTimeout(100);
  }
  await picture('failed');
  assert.fail(`No page says ${text}.`);
}
