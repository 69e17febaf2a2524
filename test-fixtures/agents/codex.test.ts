import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, it } from 'node:test';
import { type AgentWorld, startAgentWorld } from './agent-run.ts';
import { codex } from './install.ts';
import { type ScriptedModel, startResponsesModel } from './scripted-model.ts';

let world: AgentWorld;
let model: ScriptedModel;

before(async () => {
  world = await startAgentWorld();
  const { host, port } = world.server;
  const exec = (cmd: string) => ({ name: 'exec_command', input: { cmd } });
  model = await startResponsesModel([
    exec(`psql -Atc 'select count(*) from products'`),
    exec(`psql -c 'drop table products'`),
    exec(`psql -h ${host} -p ${port} shop -c 'select 1'`),
  ]);
  const hooks = [{ hooks: [{ type: 'command', command: `${world.launcher} codex` }] }];
  const home = path.join(world.home, '.codex');
  mkdirSync(home);
  writeFileSync(
    path.join(home, 'hooks.json'),
    JSON.stringify({ hooks: { PreToolUse: hooks, SessionStart: hooks } }),
  );
  writeFileSync(
    path.join(home, 'config.toml'),
    `model = "scripted"
model_provider = "scripted"
[model_providers.scripted]
name = "Scripted"
base_url = "${model.url}/v1"
wire_api = "responses"
requires_openai_auth = false
[sandbox_workspace_write]
network_access = true
`,
  );
});
after(async () => {
  await model?.stop();
  await world?.stop();
});

it('a real Codex works through the gate, with its name and session in the record', async () => {
  const output = await world.run(
    process.execPath,
    [
      codex(),
      'exec',
      '--json',
      '--skip-git-repo-check',
      '--sandbox=workspace-write',
      '--dangerously-bypass-hook-trust',
      'go',
    ],
    { CODEX_HOME: path.join(world.home, '.codex') },
  );
  const [count, dropped, direct] = model.results;
  assert.match(count ?? '', /exited with code 0[\s\S]*\n40\b/, output);
  assert.match(dropped ?? '', /Gatehouse: /);
  assert.match(direct ?? '', /Gatehouse: this would connect to shop-db directly/);
  assert.match(model.told(), /reaches shop-db through Gatehouse/);

  const session = /"thread_id":"([^"]+)"/.exec(output)?.[1];
  const opened = await world.gate.line((line) => line.kind === 'session.opened');
  assert.ok(opened.kind === 'session.opened');
  assert.equal(opened.principal.agent, 'codex');
  assert.equal(opened.principal.task, session);
});
