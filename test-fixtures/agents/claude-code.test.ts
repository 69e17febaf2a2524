import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { type AgentWorld, startAgentWorld } from './agent-run.ts';
import { claudeCode } from './install.ts';
import { type ScriptedModel, startAnthropicModel } from './scripted-model.ts';

let world: AgentWorld;
let model: ScriptedModel;

before(async () => {
  world = await startAgentWorld();
  const { host, port } = world.server;
  const bash = (command: string) => ({ name: 'Bash', input: { command, description: 'look' } });
  model = await startAnthropicModel([
    bash(`psql -Atc 'select count(*) from products'`),
    bash(`psql -c 'drop table products'`),
    bash(`psql -h ${host} -p ${port} shop -c 'select 1'`),
    bash('gatehouse approve anything'),
    { name: 'Read', input: { file_path: `${world.gate.stateRoot}/bin/hook` } },
  ]);
});
after(async () => {
  await model?.stop();
  await world?.stop();
});

it('a real Claude Code works through the gate, with its name and session in the record', async () => {
  const output = await world.run(
    claudeCode(),
    ['-p', 'go', '--output-format', 'json', '--plugin-dir', world.plugin, '--allowedTools', 'Bash(psql:*)'],
    {
      CLAUDE_CONFIG_DIR: `${world.home}/.claude`,
      ANTHROPIC_BASE_URL: model.url,
      ANTHROPIC_API_KEY: 'scripted',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
    },
  );
  const [count, dropped, direct, approved, read] = model.results;
  assert.equal(count, '40', output);
  assert.match(dropped ?? '', /permission denied|Gatehouse: /);
  assert.match(direct ?? '', /Gatehouse: this would connect to shop-db directly/);
  assert.match(approved ?? '', /`gatehouse approve` is for a person/);
  assert.match(read ?? '', /Gatehouse's own state/);
  assert.match(model.told(), /reaches shop-db through Gatehouse/);

  const { session_id: session } = JSON.parse(output.slice(output.indexOf('{'))) as { session_id: string };
  const opened = await world.gate.line((line) => line.kind === 'session.opened');
  assert.ok(opened.kind === 'session.opened');
  assert.equal(opened.principal.agent, 'claude-code');
  assert.equal(opened.principal.task, session);
  const denied = await world.gate.line((line) => line.kind === 'request.decided' && line.effect === 'deny');
  assert.ok(denied.kind === 'request.decided');
  assert.equal(denied.text, 'drop table products');
});
