import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { readRecords } from '@gatehouse/daemon/recordings/read-segments.ts';
import type { RecordLine } from '@gatehouse/daemon/recordings/entry.ts';
import { type ScriptedAgent, type Step, scriptedAgent } from './scripted-agent/scripted-agent.ts';
import { type ShopWindow, startShopWindow } from './shop-window.ts';
import { patience } from './vscode.ts';

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

/** What VS Code asks the person, and their answer. The text of a command is broken into lines as the view is narrow. */
async function answer(question: RegExp, button: 'Allow' | 'Allow Once'): Promise<void> {
  const { page } = window.vscode;
  const asked = page.locator('.chat-confirmation-widget-container', { hasText: question }).last();
  await asked.waitFor();
  await asked.getByText(button, { exact: true }).last().click();
}

/** Have the agent take steps, answer what the person is asked meanwhile, and see what the model was told. */
async function results(steps: readonly Step[], meanwhile: () => Promise<void>): Promise<readonly string[]> {
  const finished = () => agent.events().filter((event) => event.kind === 'finished');
  const before = finished().length;
  await agent.ask(window.vscode.page, steps);
  await meanwhile();
  const until = Date.now() + patience;
  while (finished().length === before) {
    if (Date.now() > until)
      throw new Error(`The agent did not finish: ${JSON.stringify(agent.events().at(-1))}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return (
    finished()
      .at(-1)
      ?.results.map(({ text }) => text) ?? []
  );
}

async function records(): Promise<readonly RecordLine[]> {
  const lines: RecordLine[] = [];
  for await (const { line } of readRecords(window.state.records)) lines.push(line);
  return lines;
}

test('a shell command of Copilot’s agent mode goes through the gate, and VS Code still asks about it', async () => {
  const steps = [shell(`psql -Atc 'select count(*) from products'`), shell(`psql -c 'drop table products'`)];
  const [count, dropped] = await results(steps, async () => {
    await window.vscode.page.locator('.chat-confirmation-widget-container').last().waitFor();
    await window.vscode.picture('agent-mode');
    await answer(/env-copilot-[\s\S]*products/, 'Allow');
    await answer(/env-copilot-[\s\S]*drop/, 'Allow');
  });
  assert.match(count ?? '', /\b40\b/);
  assert.match(dropped ?? '', /Schema changes go through a migration/);
  const opened = (await records()).find((line) => line.kind === 'session.opened');
  assert.ok(opened?.kind === 'session.opened');
  assert.equal(opened.principal.agent, 'copilot');
  assert.match(opened.principal.task, /^[0-9a-f-]{36}$/);
});

test('what goes around the gate is denied without a question, and the agent reads why', async () => {
  const direct = shell(`psql -h 127.0.0.1 -p ${window.server.port} shop -c 'select 1'`);
  const [denied] = await results([direct], async () => {});
  assert.match(denied ?? '', /Gatehouse: this would connect to shop-db directly/);
});

test('an edit of the policy is asked about', async () => {
  const file = path.join(window.vscode.folder, '.gatehouse/policies/more.policy.yaml');
  const edit = { tool: 'create_file', input: { filePath: file, content: 'gatehouse: v1\n' } };
  await results([edit], async () => {
    const asked = window.vscode.page.getByText('says what agents may do').last();
    await asked.waitFor();
    await window.vscode.picture('agent-mode-asks');
    assert.equal(existsSync(file), false);
    await answer(/says what agents may do/, 'Allow Once');
  });
  // The agent goes on before it is saved.
  const until = Date.now() + patience;
  while (!existsSync(file) && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(existsSync(file), true);
});
