import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type RunningGate, samplePolicies, startGate } from '../servers/gate.ts';
import { type RunningPostgres, startPostgres } from '../servers/postgres.ts';
import { createShop, shopRole } from '../servers/shop.ts';

const hook = fileURLToPath(new URL('../../daemon/src/cli/hook-main.ts', import.meta.url));

let server: RunningPostgres;
let gate: RunningGate;

before(async () => {
  server = await startPostgres();
  await createShop(server);
  gate = await startGate({
    resources: [{ name: 'shop-db', server, ...shopRole }],
    policies: samplePolicies('shop'),
  });
});
after(async () => {
  await gate?.stop();
  await server?.stop();
});

/** What the hook program answers, as its harness would read it. */
async function answer(
  said: Readonly<Record<string, unknown>>,
  env: NodeJS.ProcessEnv = {},
): Promise<unknown> {
  const child = spawn(process.execPath, [hook, 'claude-code'], {
    env: { ...process.env, GATEHOUSE_STATE: gate.stateRoot, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(said));
  const output = await text(child.stdout);
  return output === '' ? undefined : JSON.parse(output);
}

function bash(command: string, cwd = gate.folder): Readonly<Record<string, unknown>> {
  return {
    session_id: 'a-session',
    cwd,
    hook_event_name: 'PreToolUse',
    tool_name: 'Bash',
    tool_input: { command },
  };
}

function specific(value: unknown): Readonly<Record<string, unknown>> {
  return (value as { hookSpecificOutput: Readonly<Record<string, unknown>> }).hookSpecificOutput;
}

describe('the hook program', () => {
  it('gives a command the environment by which it is decided as that agent in that session', async () => {
    const said = specific(await answer(bash(`psql -Atc 'select count(*) from products'`)));
    assert.equal(said.permissionDecision, undefined);
    const { command } = said.updatedInput as { command: string };
    const { PATH, HOME } = process.env;
    const { stdout } = await promisify(execFile)('sh', ['-c', command], { env: { PATH, HOME } });
    assert.equal(stdout.trim(), '40');
    const opened = await gate.line(
      (line) => line.kind === 'session.opened' && line.principal.agent === 'claude-code',
    );
    assert.ok(opened.kind === 'session.opened');
    assert.equal(opened.principal.task, 'a-session');
    assert.equal(opened.resource, 'shop-db');
  });

  it('denies a direct connection with words, and lets other tools and folders be', async () => {
    const denied = specific(await answer(bash(`psql -h ${server.host} -p ${server.port} shop`)));
    assert.equal(denied.permissionDecision, 'deny');
    assert.match(String(denied.permissionDecisionReason), /connect to shop-db directly/);
    assert.equal(await answer(bash('ls')), undefined);
    assert.equal(await answer({ ...bash('x'), tool_name: 'WebFetch', tool_input: { url: 'x' } }), undefined);
    const elsewhere = mkdtempSync(path.join(os.tmpdir(), 'gh-hook-'));
    assert.equal(await answer(bash('psql', elsewhere)), undefined);
    rmSync(elsewhere, { recursive: true });
  });

  it('says nothing where no daemon runs, but for what would surely reach for a resource', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'gh-hook-'));
    mkdirSync(path.join(folder, '.gatehouse'));
    writeFileSync(
      path.join(folder, '.gatehouse/gatehouse.yaml'),
      'gatehouse: v1\nkind: Workspace\nresources:\n  - name: shop-db\n    protocol: postgres\n    host: db.internal\n    port: 6432\n    database: shop\n    user: x\n',
    );
    assert.equal(await answer(bash('npm test', folder)), undefined);
    const denied = specific(await answer(bash('psql', folder)));
    assert.match(String(denied.permissionDecisionReason), /does not run in this workspace.*Ask the person/);
    const direct = specific(await answer(bash('psql -h db.internal', folder)));
    assert.match(String(direct.permissionDecisionReason), /shop-db directly, at db\.internal:6432/);
    rmSync(folder, { recursive: true });
  });

  it('leaves an agent alone whose words it cannot read', async () => {
    for (const said of ['', 'not json', '[]', '{"tool_name":5}']) {
      const child = spawn(process.execPath, [hook, 'codex'], {
        stdio: ['pipe', 'pipe', 'inherit'],
        cwd: os.tmpdir(),
      });
      child.stdin.end(said);
      assert.equal(await text(child.stdout), '');
    }
  });
});
