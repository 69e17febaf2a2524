/** Real agents that `gatehouse connect` led through the gate by their own files. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, it } from 'node:test';
import { builtFolder } from '../built.ts';
import { type AgentWorld, startAgentWorld } from './agent-run.ts';
import { claudeCode, codex } from './install.ts';
import { startAnthropicModel, startResponsesModel } from './scripted-model.ts';

let world: AgentWorld;
before(async () => {
  world = await startAgentWorld();
});
after(() => world?.stop());

const connect = (...args: readonly string[]): Promise<string> =>
  world.run(
    process.execPath,
    [path.join(builtFolder(), 'gatehouse.js'), '-C', world.gate.folder, 'connect', ...args, '--yes'],
    {},
  );

it('Codex knows the server and runs the hook, and its own settings stay', async () => {
  const model = await startResponsesModel([
    { name: 'exec_command', input: { cmd: `psql -Atc 'select count(*) from products'` } },
  ]);
  try {
    const home = path.join(world.home, '.codex');
    mkdirSync(home);
    const own = `model = "scripted" # mine
model_provider = "scripted"
[model_providers.scripted]
name = "Scripted"
base_url = "${model.url}/v1"
wire_api = "responses"
requires_openai_auth = false
[sandbox_workspace_write]
network_access = true`;
    writeFileSync(path.join(home, 'config.toml'), own);
    assert.match(await connect('codex', '--scope', 'user'), /✓ .*config\.toml/);

    const env = { CODEX_HOME: home };
    const list = await world.run(process.execPath, [codex(), 'mcp', 'list', '--json'], env);
    const servers = JSON.parse(list.slice(list.indexOf('['), list.lastIndexOf(']') + 1)) as readonly {
      readonly name: string;
      readonly transport: { readonly args: readonly string[] };
    }[];
    const server = servers.find(({ name }) => name === 'gatehouse');
    assert.deepEqual(server?.transport.args.slice(-3), ['mcp', '--agent', 'codex'], list);

    const args = [
      'exec',
      '--json',
      '--skip-git-repo-check',
      '--sandbox=workspace-write',
      '--dangerously-bypass-hook-trust',
      'go',
    ];
    const output = await world.run(process.execPath, [codex(), ...args], env);
    assert.match(model.results[0] ?? '', /exited with code 0[\s\S]*\n40\b/, output);
    const opened = await world.gate.line(
      (line) => line.kind === 'session.opened' && line.principal.agent === 'codex',
    );
    assert.ok(opened.kind === 'session.opened');

    await connect('codex', '--scope', 'user', '--undo');
    // Codex writes there, too: what it trusts.
    assert.ok(readFileSync(path.join(home, 'config.toml'), 'utf8').startsWith(own));
    assert.doesNotMatch(readFileSync(path.join(home, 'config.toml'), 'utf8'), /gatehouse/i);
  } finally {
    await model.stop();
  }
});

it('Claude Code knows the server and runs the hooks of this folder', async () => {
  const model = await startAnthropicModel([
    { name: 'Bash', input: { command: `psql -Atc 'select count(*) from products'`, description: 'look' } },
    { name: 'Bash', input: { command: 'cat .pgpass', description: 'look' } },
  ]);
  try {
    const env = {
      ANTHROPIC_BASE_URL: model.url,
      ANTHROPIC_API_KEY: 'scripted',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
    };
    assert.match(await connect('claude-code'), /✓ .*settings\.local\.json/);
    const told = await world.run(claudeCode(), ['mcp', 'get', 'gatehouse'], env);
    assert.match(told, /Local config[\s\S]*mcp --agent claude-code/);
    const output = await world.run(
      claudeCode(),
      ['-p', 'go', '--output-format', 'json', '--allowedTools', 'Bash(psql:*)', 'Bash(cat:*)'],
      env,
    );
    const [count, read] = model.results;
    assert.equal(count, '40', output);
    assert.match(read ?? '', /Gatehouse: \.pgpass holds a credential/);
    const opened = await world.gate.line(
      (line) => line.kind === 'session.opened' && line.principal.agent === 'claude-code',
    );
    assert.ok(opened.kind === 'session.opened');
    await connect('claude-code', '--undo');
    assert.doesNotMatch(await world.run(claudeCode(), ['mcp', 'get', 'gatehouse'], env), /mcp --agent/);
  } finally {
    await model.stop();
  }
});
