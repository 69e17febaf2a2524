import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { readRecords } from '@gatehouse/daemon/recordings/read-segments.ts';
import type { RecordLine } from '@gatehouse/daemon/recordings/entry.ts';
import { type ScriptedAgent, type Step, scriptedAgent } from './scripted-agent/scripted-agent.ts';
import { type ShopWindow, startShopWindow } from './shop-window.ts';

let agent: ScriptedAgent;
let window: ShopWindow;

before(async () => {
  agent = scriptedAgent();
  window = await startShopWindow(agent.options);
  await agent.ready(window.vscode.page);
});
after(async () => {
  await window?.stop();
  agent?.stop();
});

function shell(command: string): Step {
  const input = {
    command,
    explanation: 'look',
    goal: 'look',
    mode: 'sync',
    isBackground: false,
    timeout: 30_000,
  };
  return { tool: 'run_in_terminal', input };
}

/** What VS Code asks the person, and their answer. */
async function answer(question: RegExp, button: 'Allow' | 'Skip'): Promise<void> {
  const { page } = window.vscode;
  const asked = page.locator('.chat-confirmation-widget-container, .chat-tool-confirmation-carousel', {
    hasText: question,
  });
  await asked.last().waitFor();
  await page
    .getByRole('button', { name: new RegExp(`^${button}`) })
    .last()
    .click();
}

async function records(): Promise<readonly RecordLine[]> {
  const lines: RecordLine[] = [];
  for await (const { line } of readRecords(window.state.records)) lines.push(line);
  return lines;
}

test('a shell command of Copilot’s agent mode goes through the gate, and VS Code still asks about it', async () => {
  const { page } = window.vscode;
  await agent.ask(page, [
    shell(`psql -Atc 'select count(*) from products'`),
    shell(`psql -c 'drop table products'`),
  ]);
  await answer(/env-copilot-[\s\S]*select count/, 'Allow');
  await answer(/env-copilot-[\s\S]*drop table/, 'Allow');
  const [count, dropped] = await agent.finished(2);
  assert.match(count?.text ?? '', /\b40\b/);
  assert.match(dropped?.text ?? '', /Gatehouse: .*Schema changes go through a migration/s);
  const lines = await records();
  const opened = lines.find((line) => line.kind === 'session.opened');
  assert.ok(opened?.kind === 'session.opened');
  assert.equal(opened.principal.agent, 'copilot');
  assert.match(opened.principal.task, /^[0-9a-f-]{36}$/);
  await window.vscode.picture('agent-mode');
});

test('what goes around the gate is denied without a question, and the agent reads why', async () => {
  const { page } = window.vscode;
  await agent.ask(page, [shell(`psql -h 127.0.0.1 -p ${window.server.port} shop -c 'select 1'`)]);
  const [denied] = await agent.finished(1);
  assert.match(denied?.text ?? '', /Gatehouse: this would connect to shop-db directly/);
});

test('an edit of the policy is asked about', async () => {
  const { page, folder } = window.vscode;
  const file = path.join(folder, '.gatehouse/policies/more.policy.yaml');
  await agent.ask(page, [{ tool: 'create_file', input: { filePath: file, content: 'gatehouse: v1\n' } }]);
  await answer(/says what agents may do/, 'Skip');
  await agent.finished(1);
  assert.equal(existsSync(file), false);
});
